from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("tokenizers")

from training.texts import read_documents, read_texts

if TYPE_CHECKING:
    from pathlib import Path


def test_each_answer_is_in_one_sentence_of_its_text() -> None:
    texts = list(read_texts())
    assert len(texts) >= 40
    for text in texts:
        assert len(text.cases) >= 14, text.title
        assert sum(not c.gold for c in text.cases) >= 4, text.title


def test_the_previous_turn_is_distinguished_from_the_question(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "# T\nIt is ten. It rains.\n? when >> is it wet? | It rains.\n! why\n", encoding="utf-8"
    )
    (text,) = read_texts(tmp_path)
    follow_up, near = text.cases
    assert (follow_up.before, follow_up.question) == ("when", "is it wet?")
    assert follow_up.sentences == ("It is ten.", "It rains.")
    assert follow_up.gold == (1,)
    assert near.gold == ()


def test_an_answer_that_is_in_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# T\nIt is ten.\n? when | nine\n", encoding="utf-8")
    with pytest.raises(ValueError, match="0 sentences"):
        list(read_texts(tmp_path))


def test_a_documents_sentences_come_with_their_headings_and_leads(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "# Pool\nIt opens at nine.\n\n## Lockers\n\nBring:\n\n- a coin\n- a lock\n\n"
        "? what do I pay with | a coin\n! who swims\n",
        encoding="utf-8",
    )
    (text,) = read_documents(tmp_path)
    asked, near = text.cases
    (right,) = asked.gold
    assert asked.sentences[right] == "Lockers\nBring:\na coin"
    assert text.sentences[right] == "a coin"
    assert "Pool\nIt opens at nine." in asked.sentences
    assert near.gold == ()


def test_a_heading_answers_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "# Pool\n\n## It is open at nine\n\nAlways.\n\n? when | open at nine\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="0 sentences"):
        list(read_documents(tmp_path))


def test_each_answer_is_in_one_passage_of_its_document() -> None:
    documents = list(read_documents())
    assert len(documents) >= 100
    for document in documents:
        assert len(document.cases) >= 12, document.title
        assert sum(not c.gold for c in document.cases) >= 3, document.title
