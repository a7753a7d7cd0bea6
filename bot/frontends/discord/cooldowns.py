"""How often a member, and a channel, may ask: token buckets in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable

MAX_BUCKETS = 10_000
"""Members and channels that are remembered: who asked longest ago is forgotten first."""


class Cooldowns:
    """A bucket for each member and channel, filled anew over a minute.

    A full one holds as many questions as may be asked at once; each question takes one.
    """

    def __init__(self, clock: Callable[[], float], member: int, channel: int) -> None:
        """`member`, `channel`: questions a minute; 0: as many as they like."""
        self._clock = clock
        self._rates = {"member": member, "channel": channel}
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._told: OrderedDict[int, None] = OrderedDict()

    def wait(self, member: int, channel: int) -> int:
        """Take a question from both buckets and return 0.

        If one of them is empty, take none and return after how many seconds it is not.
        """
        now = self._clock()
        rated = [
            ((kind, id_), rate)
            for (kind, rate), id_ in zip(self._rates.items(), (member, channel), strict=True)
            if rate
        ]
        filled = {key: self._filled(key, rate, now) for key, rate in rated}
        missing = [(1 - filled[key]) * 60 / rate for key, rate in rated if filled[key] < 1]
        if missing:
            return math.ceil(max(missing))
        for key, tokens in filled.items():
            self._buckets[key] = (now, tokens - 1)
            self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        self._told.pop(member, None)
        return 0

    def is_told(self, member: int) -> bool:
        """Return whether the member was told to wait since the last question; now they are."""
        told = member in self._told
        self._told[member] = None
        while len(self._told) > MAX_BUCKETS:
            self._told.popitem(last=False)
        return told

    def _filled(self, key: Hashable, rate: int, now: float) -> float:
        then, tokens = self._buckets.get(key, (now, float(rate)))
        return min(float(rate), tokens + (now - then) * rate / 60)
