"""Questions to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.answerer import Policy
from bot.answering.asking import Request, ask
from bot.answering.starters import MAX_LENGTH, starters
from bot.library.snapshots import build_snapshot
from bot.models import Outcome, Post, Source
from bot.texts.folder import read_folder
from tests.samples import BREAD, BRIDGE

FAQ = Source(
    "faq",
    "Parcels",
    "Office",
    tuple(
        Post(number, text)
        for number, text in enumerate(
            (
                "# Questions",
                "**Do I need a printer?**\n\nNo, the counter prints your label for free.",
                "2. How long is my parcel kept?\n\nWe keep it for two weeks, then it goes back.",
                "**Who pays the customs duty?**\n\nThe recipient pays the duty at the counter.",
            ),
            start=1,
        )
    ),
)
DOCUMENTS = read_folder(Path(__file__).parents[1] / "quality" / "documents").sources


def test_the_questions_of_an_faq_come_without_their_marks() -> None:
    assert starters(build_snapshot([FAQ]), Policy()) == (
        "Do I need a printer?",
        "How long is my parcel kept?",
        "Who pays the customs duty?",
    )


@pytest.mark.parametrize("source", DOCUMENTS, ids=lambda source: source.id)
def test_each_is_answered_when_it_is_asked(source: Source) -> None:
    """Of every kind of document, alone; each is short and different, and always the same."""
    snapshot = build_snapshot([source])
    found = starters(snapshot, Policy())
    assert len(found) == len({*found}) <= 3
    for question in found:
        result = ask(snapshot, Request(question), Policy())
        assert result is not None
        assert result.answer.outcome is Outcome.ANSWERED
        assert len(question) <= MAX_LENGTH
    assert starters(build_snapshot([source]), Policy()) == found


def test_most_documents_with_headings_have_some() -> None:
    """So that the tests above say something."""
    assert sum(bool(starters(build_snapshot([one]), Policy())) for one in DOCUMENTS) >= 7


def test_what_is_not_surely_answered_is_left_out() -> None:
    """However many headings there are."""
    assert starters(build_snapshot([FAQ]), Policy(answered=1.0)) == ()


def test_texts_without_headings_have_none() -> None:
    """None is made up."""
    assert starters(build_snapshot([BRIDGE, BREAD]), Policy()) == ()
    assert starters(build_snapshot([]), Policy()) == ()


def test_of_several_texts_each_has_its_turn() -> None:
    """The question of one does not wait for all of another's."""
    other = Source("other", "Pool", "Office", (Post(1, "## Opening hours"),
        Post(2, "**When does the pool open?**\n\nThe pool opens at seven every morning.")))  # fmt: skip
    found = starters(build_snapshot([FAQ, other]), Policy())
    assert "When does the pool open?" in found
    assert "Do I need a printer?" in found
