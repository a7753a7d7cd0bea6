"""Exponential backoff with jitter, for connecting to Discord."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

LASTING = 60.0
"""Seconds after which a connection counts as stable, and the next pause is short again."""

LONGEST = 60.0
"""Longest pause in seconds while Discord cannot be reached."""

LONGEST_REFUSED = 300.0
"""Longest pause in seconds while Discord accepts connections and closes them.

Each may cost one of the 1,000 sessions a day after which Discord resets a bot's token.
"""


@dataclass(slots=True)
class Backoff:
    """Pauses that double with every failure up to a limit, each drawn from the upper half."""

    clock: Callable[[], float] = monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    between: Callable[[float, float], float] = random.uniform
    failures: int = 0
    """Failed attempts in a row."""

    def after(self, lasted: float | None) -> float:
        """The seconds to wait after a connection that `lasted` so many seconds; None: it failed."""
        if lasted is not None and lasted >= LASTING:
            self.failures = 0
        limit = LONGEST if lasted is None else LONGEST_REFUSED
        longest = min(limit, 2.0 ** min(self.failures, 16))
        self.failures += 1
        return self.between(longest / 2, longest)
