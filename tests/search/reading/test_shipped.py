"""The reader that comes with the project, on the text that comes with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.answering.answerer import Policy, answer
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Outcome, Question
from bot.search.ranking.rankers import RERANKED
from bot.search.reading.reader import DATA, TOKENIZER, WEIGHTS, Reader
from bot.search.resources import require_fitted_on, resources
from bot.texts.folder import read_folder

pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")
KNOWLEDGE = Path(__file__).parents[3] / "knowledge"


@cache
def snapshot() -> Snapshot:
    return build_snapshot(read_folder(KNOWLEDGE).sources).with_reader(Reader())


def asked(question: str, policy: Policy = Policy()) -> Answer:  # noqa: B008 - immutable
    return answer(snapshot(), Question(question), policy)


def test_it_is_small_enough_to_come_with_the_code() -> None:
    """Weights and tokenizer together."""
    assert sum((DATA / name).stat().st_size for name in (WEIGHTS, TOKENIZER)) <= 30_000_000


def test_every_second_stage_was_fitted_on_it() -> None:
    """By the hash that stands in its coefficients."""
    digest = Reader().digest
    assert {resources().rerankers[name].reader for name in RERANKED} == {digest}
    require_fitted_on(digest)


def test_the_clause_in_bold_holds_the_answer() -> None:
    """In words that the question does not have."""
    [hit, *_] = asked("was there a deadline for troops to leave?", Policy(closest=0)).hits
    assert hit.bold is not None
    assert "place a timetable" in hit.passage.text[hit.bold.start : hit.bold.end]


def test_a_condition_in_bold_comes_with_its_consequence() -> None:
    """Or the bold words say that something would happen, and not what."""
    [hit, *_] = asked("What did US officials tell Iraqi elites?").hits
    assert hit.bold is not None
    assert "the Dialogue would be canceled" in hit.passage.text[hit.bold.start : hit.bold.end]


@pytest.mark.parametrize(
    "question",
    ["should i buy bitcoin", "who won the world cup in 2014?", "how do I reset my router"],
)
def test_what_has_nothing_to_do_with_the_text_gets_no_quote(question: str) -> None:
    """Words alone would quote the nearest."""
    assert asked(question).outcome is Outcome.NOT_COVERED


def test_it_says_the_same_twice() -> None:
    """The second time from memory."""
    question = "When did the Dialogue first meet?"
    first = asked(question)
    assert first.outcome is Outcome.ANSWERED
    assert first.hits[0].read
    assert asked(question) == first
