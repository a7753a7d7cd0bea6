"""Remembers the last turn of each conversation, for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from bot.models import Turn

MINUTES_REMEMBERED = 10
MAX_REMEMBERED = 10_000


class Conversations:
    """The last turn of each conversation: in memory, for a few minutes, and limited in number."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: OrderedDict[Hashable, tuple[float, Turn]] = OrderedDict()

    def remember(self, key: Hashable, turn: Turn) -> None:
        """Make `turn` the last one of the conversation `key`."""
        self._turns[key] = (self._clock(), turn)
        self._turns.move_to_end(key)
        while len(self._turns) > MAX_REMEMBERED:
            self._turns.popitem(last=False)

    def last(self, key: Hashable) -> Turn | None:
        """The last turn of the conversation `key`, unless it was too long ago."""
        when, turn = self._turns.get(key, (0.0, None))
        if turn is None or self._clock() - when > MINUTES_REMEMBERED * 60:
            return None
        return turn
