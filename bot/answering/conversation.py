"""What was asked before: told from a follow-up, and remembered for a while."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable

from bot.models import Turn

MINUTES_REMEMBERED = 10
MAX_REMEMBERED = 10_000

_OPENING = re.compile(r"\W*(?:and|but|so|then|also|what about|how about|why not|which one)\b", re.I)
_POINTER = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|this|these|those|that|there|then|else"
    r"|one|ones|same|such)\b",
    re.I,
)
_BARE = re.compile(r"\W*(?:who|whom|what|when|where|why|how|which)\b(?:\W+\w+){0,1}\W*", re.I)
_WORD = re.compile(r"\w+")
_LONGEST = 10


def is_follow_up(text: str) -> bool:
    """Return whether `text` seems to lean on the question before it."""
    if len(_WORD.findall(text)) > _LONGEST:
        return False
    return bool(_OPENING.match(text) or _POINTER.search(text) or _BARE.fullmatch(text))


class Conversations:
    """The last turn of each conversation: in memory only, for a while, and boundedly many."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: OrderedDict[Hashable, tuple[float, Turn]] = OrderedDict()

    def remember(self, key: Hashable, turn: Turn) -> None:
        """Keep `turn` as the last one of the conversation `key`."""
        self._turns[key] = (self._clock(), turn)
        self._turns.move_to_end(key)
        while len(self._turns) > MAX_REMEMBERED:
            self._turns.popitem(last=False)

    def last(self, key: Hashable) -> Turn | None:
        """Return the last turn of the conversation `key`, unless it was too long ago."""
        when, turn = self._turns.get(key, (0.0, None))
        if turn is None or self._clock() - when > MINUTES_REMEMBERED * 60:
            return None
        return turn
