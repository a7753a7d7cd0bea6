"""What was asked before is remembered for a while, and boundedly."""

from __future__ import annotations

import pytest

from bot.answering import conversation
from bot.answering.answerer import Policy, answer
from bot.answering.conversation import MINUTES_REMEMBERED, Conversations, text_of, turn_of
from bot.library.snapshots import Snapshot
from bot.models import Outcome, Question, Turn
from tests.conftest import Clock
from tests.samples import BREAD, BRIDGE


def test_turns_are_forgotten_after_a_while(clock: Clock) -> None:
    """A question of yesterday does not bend today's."""
    memory = Conversations(clock)
    memory.remember("a", Turn("first"))
    assert memory.last("a") == Turn("first")
    assert memory.last("b") is None
    clock.now += MINUTES_REMEMBERED * 60 + 1
    assert memory.last("a") is None


def test_no_question_stays_in_memory_for_longer(clock: Clock) -> None:
    """Though nobody asks in that conversation again: the privacy page promises it."""
    memory = Conversations(clock)
    memory.remember("a", Turn("first"))
    clock.now += MINUTES_REMEMBERED * 60
    memory.remember("b", Turn("second"))
    assert len(memory) == 2
    clock.now += 1
    memory.forget_expired()
    assert len(memory) == 1
    assert memory.last("b") is not None


def test_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation untouched for longest goes first."""
    monkeypatch.setattr(conversation, "MAX_REMEMBERED", 2)
    memory = Conversations(clock)
    for name in ("a", "b", "a", "c"):
        memory.remember(name, Turn(name))
    assert [memory.last(name) is not None for name in "abc"] == [True, False, True]


FIRST = "Who was too ill to attend the opening?"


def turns(snapshot: Snapshot, *messages: str) -> list[Turn | None]:
    """The turns after each message of a conversation."""
    found: list[Turn | None] = []
    before: Turn | None = None
    for message in messages:
        given = answer(snapshot, Question(message, before), Policy())
        before = turn_of(given, before) or before
        found.append(before)
    return found


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("who wrote The bridge over the Tamar?", Outcome.ABOUT_TEXTS),
        ("which texts do you have?", Outcome.ABOUT_TEXTS),
        ("how many posts are there?", Outcome.ABOUT_TEXTS),
        ("hello", Outcome.SMALL_TALK),
        ("post 44", Outcome.NO_SUCH_PLACE),
    ],
)
def test_what_is_no_question_to_the_texts_is_no_context(
    snapshot: Snapshot, message: str, outcome: Outcome
) -> None:
    """The next question is answered as it would be without it, alone or after another one."""
    first, second = turns(snapshot, FIRST, message)
    assert answer(snapshot, Question(message, first), Policy()).outcome is outcome
    assert first is not None
    assert second is not None
    assert (second.question, second.quoted) == (FIRST, first.quoted)
    for before, without in ((second, first), (*turns(snapshot, message), None)):
        after = answer(snapshot, Question("why was he absent?", before), Policy())
        assert after == answer(snapshot, Question("why was he absent?", without), Policy())


@pytest.mark.parametrize(
    "message", ["what is the text “The bridge over the Tamar” about?", "post 3"]
)
def test_what_was_shown_is_referred_to_without_the_words_that_asked_for_it(
    snapshot: Snapshot, message: str
) -> None:
    """An overview or a place is quoted from the text, so the next question may continue from it."""
    _, turn = turns(snapshot, FIRST, message)
    assert turn is not None
    assert (turn.question, turn.source_id) == ("", BRIDGE.id)
    quoted = snapshot.passage(turn.quoted or 0)
    assert quoted is not None
    assert quoted.source == BRIDGE


def test_it_is_the_text_that_was_spoken_of_last(snapshot: Snapshot) -> None:
    """Until a question is answered from another one."""
    [card] = turns(snapshot, "who wrote The bridge over the Tamar?")
    assert text_of(snapshot, card) == BRIDGE
    about = answer(snapshot, Question("when was it written?", card), Policy()).about
    assert about is not None
    assert about.sources == (BRIDGE,)
    *_, quoted = turns(
        snapshot, "who wrote The bridge over the Tamar?", "How hot is the oven for the loaf?"
    )
    assert text_of(snapshot, quoted) == BREAD
    assert text_of(snapshot, None) is None
