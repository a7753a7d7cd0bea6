"""Question files are read and judged by the rule that they state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answering.answerer import Policy
from bot.answering.evaluation import Item, Record, evaluate, figures, is_right, read_records
from bot.errors import VerbatimError
from bot.library.snapshots import Snapshot
from bot.models import Hit, Outcome
from tests.samples import BRIDGE

POSTS = [post.text for post in BRIDGE.posts]
QUESTIONS = [
    {"q": "When did the bridge open?", "gold": ["The bridge over the Tamar"], "kind": "literal"},
    {"q": "Who painted the Mona Lisa?", "gold": [], "kind": "far"},
    {"q": "Why was he absent?", "after": "Who designed it?", "gold": ["It was designed"],
     "kind": "followup"},
]  # fmt: skip


def test_records_are_read_from_yaml_and_json_lines(tmp_path: Path) -> None:
    """One record, or one a line."""
    record = {"name": "r", "posts": POSTS, "questions": QUESTIONS}
    (tmp_path / "a.yaml").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(f"{json.dumps(record)}\n\n{json.dumps(record)}\n", "utf-8")
    assert len(read_records(tmp_path / "a.yaml")) == 1
    assert [r.name for r in read_records(tmp_path / "b.jsonl")] == ["r", "r"]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\x1d", "\x0c"])
def test_a_string_may_hold_any_line_break_but_the_one_between_records(
    tmp_path: Path, mark: str
) -> None:
    """A separator of Unicode, as in texts from the web, is no end of a line of JSON."""
    record = {"name": "r", "posts": [f"One{mark}two."], "questions": QUESTIONS}
    line = json.dumps(record, ensure_ascii=False)
    path = tmp_path / "marks.jsonl"
    path.write_text(f"{line}\n{line}\n", "utf-8")
    assert [r.posts for r in read_records(path)] == [[f"One{mark}two."]] * 2


@pytest.mark.parametrize("line", ["{", '{"name": 1}', "[]"])
def test_a_bad_record_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    """And nothing is half evaluated."""
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"name": "r", "questions": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(VerbatimError, match="line 2"):
        read_records(path)


def test_each_question_is_asked_and_judged(snapshot: Snapshot) -> None:
    """Alone, and of one knowledge base of all records."""
    record = Record.model_validate({"name": "r", "posts": POSTS, "questions": QUESTIONS})
    for whole in (False, True):
        found = list(evaluate([record, record], lambda: snapshot, Policy(), whole=whole))[:3]
        assert [judged_answer.rank for judged_answer in found] == [1, None, 1]
        assert found[1].answer.outcome is Outcome.NOT_COVERED


def test_a_sentence_that_two_texts_have_is_right_for_the_questions_of_both(
    snapshot: Snapshot,
) -> None:
    """It is one quote of both, whichever comes first."""
    questions = [{"q": "When does the bell ring?", "gold": ["The bell rings"]}]
    records = [
        Record.model_validate(
            {"name": name, "questions": questions, "posts": [f"We are {name}.", "The bell rings at nine."]}
        )
        for name in ("alpha", "beta")
    ]  # fmt: skip
    judged = evaluate(records, lambda: snapshot, Policy(), whole=True)
    assert [judged_answer.rank for judged_answer in judged] == [1, 1]


def test_records_without_posts_are_asked_of_what_is_loaded(snapshot: Snapshot) -> None:
    """So a community evaluates its own knowledge."""
    record = Record.model_validate({"name": "r", "questions": QUESTIONS})
    assert [o.rank for o in evaluate([record], lambda: snapshot, Policy())] == [1, None, 1]


def test_a_quote_is_right_when_it_overlaps_gold_by_more_than_half_of_either(
    snapshot: Snapshot,
) -> None:
    """The opening words are enough, a few words of another sentence are not."""
    passages = [p for p in snapshot.passages if p.post.number == 2 and p.source.id == "bridge"]
    first, second = (Hit(passage, 1.0, 1.0) for passage in passages)
    opening = Item(q="", gold=["It was designed by"])
    assert is_right(first, opening, None)
    assert not is_right(second, opening, None)
    across = Item(q="", gold=[passages[0].post.text[60:-4]])
    assert not is_right(first, Item(q="", gold=["Two iron spans"]), None)
    assert is_right(second, across, None)


def test_figures_are_shares_of_what_can_be_answered_and_of_what_cannot(
    snapshot: Snapshot,
) -> None:
    """Nothing is divided by nothing."""
    record = Record.model_validate({"name": "r", "questions": QUESTIONS})
    judged = list(evaluate([record], lambda: snapshot, Policy(answered=1.0, closest=1.0)))
    found = figures(judged)
    assert (found.questions, found.p_at_1, found.wrongly_declined) == (3, 1.0, 1.0)
    assert (found.wrongly_answered, found.precision) == (0.0, None)
    assert figures([]).p_at_1 is None
