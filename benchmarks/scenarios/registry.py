"""Names the scenarios, and says what each must show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from benchmarks.scenarios.in_process import in_process
from benchmarks.scenarios.stage import Stage

StageT = TypeVar("StageT", bound=Stage)
Play = Callable[[StageT], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """A fault to play, and what the log must say about it."""

    name: str
    group: str
    summary: str
    play: Callable[[Any], Awaitable[None]]
    set_up: Callable[[], AbstractAsyncContextManager[Any]]
    says: str
    """A regular expression that one line of the log must match; empty: nothing has to be logged."""
    corrupts: bool
    """Whether the fault itself is a broken database, which the bot must then leave as it is."""
    quick: bool
    """Whether it takes about a second, and runs as a test too."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    group: str,
    *,
    says: str = "",
    set_up: Callable[[], AbstractAsyncContextManager[Any]] = in_process,
    corrupts: bool = False,
    quick: bool = True,
) -> Callable[[Play[StageT]], Play[StageT]]:
    """Register a function as a scenario under its name, described by its docstring."""

    def register(play: Play[StageT]) -> Play[StageT]:
        name = getattr(play, "__name__", "").replace("_", "-")
        summary = (play.__doc__ or "").strip().partition("\n")[0]
        SCENARIOS[name] = Scenario(name, group, summary, play, set_up, says, corrupts, quick)
        return play

    return register
