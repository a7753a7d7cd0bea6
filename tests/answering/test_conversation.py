"""What was asked before is remembered for a while, and boundedly."""

from __future__ import annotations

import pytest

from bot.answering import conversation
from bot.answering.conversation import MINUTES_REMEMBERED, Conversations
from bot.models import Turn
from tests.conftest import Clock


def test_turns_are_forgotten_after_a_while(clock: Clock) -> None:
    """A question of yesterday does not bend today's."""
    memory = Conversations(clock)
    memory.remember("a", Turn("first"))
    assert memory.last("a") == Turn("first")
    assert memory.last("b") is None
    clock.now += MINUTES_REMEMBERED * 60 + 1
    assert memory.last("a") is None


def test_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation untouched for longest goes first."""
    monkeypatch.setattr(conversation, "MAX_REMEMBERED", 2)
    memory = Conversations(clock)
    for name in ("a", "b", "a", "c"):
        memory.remember(name, Turn(name))
    assert [memory.last(name) is not None for name in "abc"] == [True, False, True]
