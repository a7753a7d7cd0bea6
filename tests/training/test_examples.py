from __future__ import annotations

import json
import lzma
import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("tokenizers")

from training.examples import (
    Examples,
    Record,
    chatter_lines,
    is_held_out,
    names_in,
    read_records,
    with_pronoun,
    without_gold,
)
from training.windows import Case

if TYPE_CHECKING:
    from pathlib import Path

CHATTER = ["thanks", "lol", "good night"]


def record(topic: str, number: int, *, before: str | None = None) -> Record:
    sentences = tuple(f"{topic} has fact {i} of passage {number}." for i in range(6))
    question = f"What is fact {number % 6} of Lake {topic}?"
    case = Case(question, sentences, (number % 6,), before, f"fact {number % 6}")
    return Record("set", f"{topic}-{number // 3}", case)


RECORDS = [record(topic, n) for topic in ("Orrin", "Tarsk", "Imbra") for n in range(9)]
FOLLOW_UPS = [record("Varn", n, before="What is Varn?") for n in range(9)]


def cases(records: list[Record], count: int = 3000, emptied: float = 0.28) -> list[Case]:
    stream = Examples(records, CHATTER, random.Random(4), {}, emptied)
    return list(islice(stream, count))


def test_what_is_right_is_a_sentence_of_the_record_that_was_asked() -> None:
    for case in cases(RECORDS):
        for gold in case.gold:
            assert case.answer is not None
            assert case.answer in case.sentences[gold]


def test_chatter_is_never_answered_whatever_was_asked_before() -> None:
    turns = [c for c in cases(RECORDS + FOLLOW_UPS) if c.question.rstrip(".? ") in CHATTER]
    assert any(c.before for c in turns)
    assert any(c.before is None for c in turns)
    assert not any(c.gold for c in turns)


def test_an_unrelated_question_after_one_that_the_text_answers_is_not_answered() -> None:
    found = 0
    for case in cases(RECORDS, emptied=0.0):
        topic = case.sentences[0].split()[0].lower()
        if case.before and case.before not in CHATTER and topic in case.before.lower():
            others = {"orrin", "tarsk", "imbra"} - {topic}
            if any(other in case.question.lower() for other in others):
                found += 1
                assert not case.gold
    assert found


def test_a_question_that_stands_alone_keeps_its_answer_after_any_turn() -> None:
    after = [c for c in cases(RECORDS, emptied=0.0) if c.before and c.gold]
    assert any(c.before in CHATTER for c in after)
    assert any(c.before not in CHATTER for c in after)


def test_a_real_follow_up_keeps_the_turn_before_it() -> None:
    kept = [c for c in cases(FOLLOW_UPS) if c.gold]
    assert kept
    assert all(c.before and c.before not in CHATTER and len(c.before) < 16 for c in kept)


def test_a_passage_without_its_answer_has_lost_nothing_else() -> None:
    case = Case("?", ("a", "b", "c", "d"), (1, 3), answer="b")
    assert without_gold(case) == Case("?", ("a", "c"), ())


def test_every_record_is_drawn_before_any_is_drawn_again() -> None:
    drawn = cases(RECORDS, len(RECORDS), emptied=0.0)
    assert len({c.sentences for c in drawn}) >= len(RECORDS) // 2


def test_names_begin_within_the_question() -> None:
    assert names_in("Why did Ines Tavora leave Setubal?") == ["Ines Tavora", "Setubal"]
    assert names_in("Who was it?") == []


def test_a_pronoun_stands_for_the_name() -> None:
    passage = "She left for Bergen. Her boat was small."
    assert with_pronoun("Why did Ines leave?", "Ines", passage) == "Why did she leave?"
    assert with_pronoun("What was Ines's boat?", "Ines", passage) == "What was her boat?"


def test_records_are_read_plain_and_compressed_and_split_by_document(tmp_path: Path) -> None:
    raw = {"set": "s", "q": "Q?", "context_sentences": ["A.", "B."], "gold": [1], "doc": "d"}
    line = json.dumps(raw) + "\n" + json.dumps({**raw, "context_sentences": []})
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(line.encode()))
    plain = list(read_records(tmp_path / "a.jsonl"))
    assert plain == [Record("s", "s:d", Case("Q?", ("A.", "B."), (1,)))]
    assert plain == list(read_records(tmp_path / "a.jsonl.xz"))
    assert is_held_out(plain[0], 1)


def test_one_document_is_never_on_both_sides_of_the_split() -> None:
    held = [r.document for r in RECORDS if is_held_out(r, 3)]
    assert held
    assert not {r.document for r in RECORDS if not is_held_out(r, 3)} & set(held)


def test_the_chatter_that_is_measured_with_is_not_trained_with() -> None:
    from training.examples import CHATTER as PATH

    trained = {line.lower() for line in chatter_lines()}
    measured = {line.lower() for line in chatter_lines(PATH.with_name("chatter-measured.txt"))}
    assert len(trained) >= 400
    assert len(measured) >= 200
    assert not trained & measured
