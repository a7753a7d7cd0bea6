"""Tells the poster of daily passages when a schedule has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class ScheduleChanges:
    """`announce` is called when a curator has changed a schedule, so that the poster looks at once."""

    announce: Callable[[], None] = lambda: None
