"""Compares this computer's clock with Discord's, whose responses are dated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

TOLERATED = timedelta(minutes=5)
"""How wrong a clock may be before the log says so."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.clock")


class DiscordClock:
    """Knows how far this computer's clock is ahead of Discord's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.ahead = timedelta(0)
        """Negative if it is behind; zero until Discord has said anything."""
        self._now = now
        self._is_wrong = False

    def note(self, date: str) -> None:
        """Compare the date of a response that has just come; one that cannot be read changes nothing."""
        try:
            there = parsedate_to_datetime(date)
        except ValueError:
            return
        there = there if there.tzinfo else there.replace(tzinfo=UTC)
        self.ahead = self._now() - there
        was_wrong, self._is_wrong = self._is_wrong, abs(self.ahead) > TOLERATED
        if self._is_wrong and not was_wrong:
            minutes = round(abs(self.ahead).total_seconds() / 60)
            _log.warning(
                "this computer's clock is wrong: daily passages come at the wrong time; set it, by NTP for example",
                **{"minutes_ahead" if self.ahead > timedelta(0) else "minutes_behind": minutes},
            )
