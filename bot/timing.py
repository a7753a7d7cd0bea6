"""How long the stages of a piece of work take, measured where they happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

_current: ContextVar[StageTimes | None] = ContextVar("stage times", default=None)


class StageTimes:
    """Seconds by stage. A stage within another one counts for itself alone."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._within: list[str] = []

    @property
    def seconds(self) -> dict[str, float]:
        """The stages that have taken place, in the order in which they ended."""
        return dict(self._seconds)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Measure the block as a stage, and collect the stages within it."""
        token = _current.set(self)
        began = perf_counter()
        inner_before = sum(self._seconds.values())
        try:
            yield
        finally:
            _current.reset(token)
            inner = sum(self._seconds.values()) - inner_before
            self._seconds[name] += perf_counter() - began - inner


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure the block as a stage of the work that goes on, if that is measured."""
    times = _current.get()
    if times is None:
        yield
        return
    with times.measure(name):
        yield
