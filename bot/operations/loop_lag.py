"""Measures the lag of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

EVERY = 0.5
"""Seconds between two measurements."""

LONG = 1.0
"""Seconds of lag that are logged: everybody has waited that long."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.health")


async def measure_lag(observe: Callable[[float], object], every: float = EVERY) -> None:
    """Report periodically how many seconds late a task is woken; never returns."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        lag = max(0.0, loop.time() - due)
        observe(lag)
        if lag >= LONG:
            _log.warning(
                "nothing was handled for a while: too little processor time", seconds=round(lag, 1)
            )
