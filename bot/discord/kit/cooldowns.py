"""Rate limits of members and channels: token buckets in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

MAX_BUCKETS = 10_000
"""Buckets held in memory; the ones used least recently are dropped."""


_ROUNDING = 1e-6
"""Seconds that are lost in the arithmetic: after those that a member was told, they may ask."""


class Rates(NamedTuple):
    """Questions per minute; 0 means no limit."""

    member: int
    channel: int


class Cooldowns:
    """A token bucket for each channel and each member of a server, which fills up within a minute.

    A full bucket holds a minute's questions, all of which may be asked at once.
    """

    def __init__(self, clock: Callable[[], float], member: int, channel: int) -> None:
        """`member` and `channel` are the default questions a minute."""
        self._clock = clock
        self.rates = Rates(member, channel)
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._told: OrderedDict[Hashable, float] = OrderedDict()

    def wait(
        self, member: int, channel: int, server: int | None = None, rates: Rates | None = None
    ) -> int:
        """Take a token from both buckets and return 0; if one is empty, return the seconds to wait.

        `rates` are the server's, if they differ from the default ones.
        """
        now = self._clock()
        rates = rates or self.rates
        keys: tuple[Hashable, Hashable] = ((server, member), channel)
        rated = [(key, rate) for key, rate in zip(keys, rates, strict=True) if rate]
        filled = {key: self._filled(key, rate, now) for key, rate in rated}
        missing = [(1 - filled[key]) * 60 / rate for key, rate in rated]
        seconds = math.ceil(max(missing, default=0.0) - _ROUNDING)
        if seconds > 0:
            return seconds
        for key, tokens in filled.items():
            self._buckets[key] = (now, tokens - 1)
            self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        self._told.pop((server, member), None)
        return 0

    def is_told(self, member: int, server: int | None = None) -> bool:
        """Whether the member has been told to wait since their last question; marks them as told."""
        told = (server, member) in self._told
        self._told[server, member] = self._clock()
        self._told.move_to_end((server, member))
        while len(self._told) > MAX_BUCKETS:
            self._told.popitem(last=False)
        return told

    def forget_expired(self) -> None:
        """Drop who asked, or was told to wait, more than a minute ago: all their buckets are full again."""
        since = self._clock() - 60
        while self._buckets and next(iter(self._buckets.values()))[0] <= since:
            self._buckets.popitem(last=False)
        while self._told and next(iter(self._told.values())) <= since:
            self._told.popitem(last=False)

    def __len__(self) -> int:
        """How many buckets are in memory."""
        return len(self._buckets)

    def _filled(self, key: Hashable, rate: int, now: float) -> float:
        then, tokens = self._buckets.get(key, (now, float(rate)))
        return min(float(rate), tokens + (now - then) * rate / 60)
