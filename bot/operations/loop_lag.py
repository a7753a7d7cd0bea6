"""Measures the lag of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY = 0.5
"""Seconds between two measurements."""


async def measure_lag(observe: Callable[[float], object], every: float = EVERY) -> None:
    """Report again and again how many seconds too late a task is woken; never returns."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        observe(max(0.0, loop.time() - due))
