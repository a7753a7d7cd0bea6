"""Names the scenarios, and says what each must show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.scenarios.stage import Stage

Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """A fault to play, and what the log must say about it."""

    name: str
    group: str
    summary: str
    play: Play
    says: str
    """A regular expression that one line of the log must contain; empty: nothing need be said."""
    traceback: bool
    """Whether the fault is of the bot's own making, so that a traceback is right."""
    quick: bool
    """Whether it takes less than a second or so, and runs as a test too."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    group: str, *, says: str = "", traceback: bool = False, quick: bool = True
) -> Callable[[Play], Play]:
    """Register a function as a scenario under its name, described by its docstring."""

    def register(play: Play) -> Play:
        name = getattr(play, "__name__", "").replace("_", "-")
        summary = (play.__doc__ or "").strip().partition("\n")[0]
        SCENARIOS[name] = Scenario(name, group, summary, play, says, traceback, quick)
        return play

    return register
