"""How often a member, and a channel, may ask: token buckets in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

MAX_BUCKETS = 10_000
"""Members and channels that are remembered: who asked longest ago is forgotten first."""


class Rates(NamedTuple):
    """Questions a minute; 0: as many as they like."""

    member: int
    channel: int


class Cooldowns:
    """A bucket for each channel, and each member of a server, filled anew over a minute.

    A full one holds as many questions as may be asked at once; each question takes one.
    """

    def __init__(self, clock: Callable[[], float], member: int, channel: int) -> None:
        """`member`, `channel`: questions a minute where nothing else is set."""
        self._clock = clock
        self.rates = Rates(member, channel)
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._told: OrderedDict[Hashable, None] = OrderedDict()

    def wait(
        self, member: int, channel: int, server: int | None = None, rates: Rates | None = None
    ) -> int:
        """Take a question from both buckets and return 0.

        If one of them is empty, take none and return after how many seconds it is not. `rates`:
        those of the server, where they are not the usual ones.
        """
        now = self._clock()
        rates = rates or self.rates
        keys: tuple[Hashable, Hashable] = ((server, member), channel)
        rated = [(key, rate) for key, rate in zip(keys, rates, strict=True) if rate]
        filled = {key: self._filled(key, rate, now) for key, rate in rated}
        missing = [(1 - filled[key]) * 60 / rate for key, rate in rated if filled[key] < 1]
        if missing:
            return math.ceil(max(missing))
        for key, tokens in filled.items():
            self._buckets[key] = (now, tokens - 1)
            self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        self._told.pop((server, member), None)
        return 0

    def is_told(self, member: int, server: int | None = None) -> bool:
        """Return whether the member was told to wait since the last question; now they are."""
        told = (server, member) in self._told
        self._told[server, member] = None
        while len(self._told) > MAX_BUCKETS:
            self._told.popitem(last=False)
        return told

    def _filled(self, key: Hashable, rate: int, now: float) -> float:
        then, tokens = self._buckets.get(key, (now, float(rate)))
        return min(float(rate), tokens + (now - then) * rate / 60)
