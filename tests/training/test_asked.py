from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("tokenizers")

from training.asked import fold_of, read_answers, read_asked

if TYPE_CHECKING:
    from pathlib import Path


def test_right_sentences_are_found_in_the_text(tmp_path: Path) -> None:
    record = {
        "name": "one",
        "title": "Ferries: the night",
        "posts": ["The boat is old. It sank.", "Nobody was hurt."],
        "questions": [
            {"q": "Was anyone hurt?", "gold": ["Nobody was hurt."], "kind": "answerable"},
            {"q": "and then?", "gold": ["It sank."], "kind": "followup", "after": "How old?"},
            {"q": "Who sails?", "gold": [], "kind": "near"},
        ],
    }
    (tmp_path / "threads.jsonl").write_text(json.dumps(record), encoding="utf-8")
    first, second, third = read_asked(tmp_path)
    assert first.case.sentences == ("The boat is old.", "It sank.", "Nobody was hurt.")
    assert [a.case.gold for a in (first, second, third)] == [(2,), (1,), ()]
    assert second.case.before == "How old?"
    assert {a.group for a in (first, second, third)} == {"Ferries"}
    assert not third.answerable


def test_pieces_of_one_article_are_in_one_fold_and_every_fold_has_some() -> None:
    assert fold_of("Normans", 3) == fold_of("Normans", 3)
    assert {fold_of(f"article {i}", 3) for i in range(40)} == {0, 1, 2}


def test_marks_say_where_the_words_that_answer_stand(tmp_path: Path) -> None:
    gold = ["The boat is old.", "In 1912 it sank."]
    record = {"name": "one", "posts": gold, "questions": [
        {"q": "Who?", "gold": []}, {"q": "When did it sink?", "gold": gold},
    ]}  # fmt: skip
    (tmp_path / "threads.jsonl").write_text(json.dumps(record), encoding="utf-8")
    marks = tmp_path / "answers.jsonl"
    mark = {"file": "threads", "record": "one", "index": 1, "gold": 1, "start": 3, "end": 7}
    marks.write_text(json.dumps(mark) + "\n", encoding="utf-8")
    (answer,) = read_answers(marks, tmp_path)
    assert (answer.key, answer.words) == (("threads", "one", 1), "1912")
