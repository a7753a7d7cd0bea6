"""Ends a program that takes too long to stop, and slows down one that starts again and again."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import time

import structlog

STOP_LIMIT = 25.0
"""Seconds from the signal to stop until the process ends, whatever it is still doing."""

UNFINISHED = 75
"""Exit status of a stop that was cut off before everything was stored (EX_TEMPFAIL)."""

WINDOW = 3_600.0
"""Seconds for which a start that did not end in good order is remembered."""

FREE_STARTS = 3
"""Starts within the window that need not wait."""

FIRST_PAUSE, LONGEST_PAUSE = 10.0, 300.0
"""Seconds before the next start; they double. Discord allows 1,000 sessions a day."""

wait = asyncio.sleep
"""Waits for that long; tests replace it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.run")


class StopDeadline:
    """Ends the process some seconds after `start`, even if threads are still working."""

    def __init__(
        self, seconds: float = STOP_LIMIT, end: Callable[[int], object] = os._exit
    ) -> None:
        self._seconds = seconds
        self._end = end
        self._status = UNFINISHED

    def start(self) -> None:
        """Start the countdown, in a thread that does not keep the process alive."""
        timer = threading.Timer(self._seconds, self._overdue)
        timer.daemon = True
        timer.start()

    def all_is_stored(self) -> None:
        """Note that nothing would be lost any more."""
        self._status = 0

    def _overdue(self) -> None:
        _log.warning("stopping took too long: ended", limit=f"{self._seconds:g} s")
        self._end(self._status)


def _shown(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class StartHistory:
    """The last starts that did not end in good order, in a file; it may be lost."""

    def __init__(self, file: Path, clock: Callable[[], float] = time) -> None:
        self._file = file
        self._clock = clock

    def begin(self) -> float:
        """Note a start, and return the seconds that it should wait."""
        now, noted = self._clock(), self._read()
        recent = [then for then in noted if now - WINDOW < then <= now]
        with suppress(OSError):
            self._file.write_text(json.dumps([*recent, now]), encoding="utf-8")
        if len(recent) < FREE_STARTS:
            if noted:
                _log.warning(
                    "the last run was killed, or ended with an error", started=_shown(noted[-1])
                )
            return 0.0
        pause: float = min(FIRST_PAUSE * 2.0 ** min(len(recent) - FREE_STARTS, 16), LONGEST_PAUSE)
        _log.warning(
            "started again and again: waiting before the next attempt",
            starts=len(recent) + 1,
            within=f"{WINDOW / 60:g} min",
            again_in=f"{pause:g} s",
        )
        return pause

    def ended_well(self) -> None:
        """Forget all starts: the bot was told to stop, and did."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _read(self) -> list[float]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return [float(one) for one in found]
        except (OSError, ValueError, TypeError):
            return []
