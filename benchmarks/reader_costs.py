"""What the reader costs: a reader that records the time of its steps, and what it reads."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from bot.search.reading.layout import Layout
from bot.search.reading.reader import Floats, Reader

Part = Literal["tokens", "network", "reading", "answer"]


@dataclass(slots=True)
class Costs:
    """What the questions so far have cost."""

    seconds: dict[Part, float] = field(
        default_factory=lambda: {"tokens": 0.0, "network": 0.0, "reading": 0.0, "answer": 0.0}
    )
    """`reading` includes tokenising and the network, `answer` everything."""
    windows: list[list[int]] = field(default_factory=list)
    """The tokens of each window of each question that was read."""

    @contextmanager
    def of(self, part: Part) -> Iterator[None]:
        """Add the time of the block to `part`."""
        begun = time.perf_counter()
        yield
        self.seconds[part] += time.perf_counter() - begun


class WatchedReader(Reader):
    """A reader that records what it costs; it must be used in one thread while that matters."""

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, threads)
        self.costs = Costs()

    def read(self, *args: Any, **named: Any) -> Any:
        """Read as a reader does."""
        self.costs.windows.append([])
        with self.costs.of("reading"):
            return super().read(*args, **named)

    def _tokens(self, text: str) -> Sequence[int]:
        with self.costs.of("tokens"):
            return super()._tokens(text)

    def _run(self, layout: Layout) -> tuple[Floats, Floats]:
        self.costs.windows[-1].append(len(layout.ids))
        with self.costs.of("network"):
            return super()._run(layout)


def breakdown(costs: Costs) -> str:
    """What the reader reads for a question, and where the time goes, as a line."""
    tokens = [sum(windows) for windows in costs.windows] or [0]
    windows = [len(windows) for windows in costs.windows] or [0]
    spent = costs.seconds
    parts = {
        "tokenising": spent["tokens"],
        "network": spent["network"],
        "the rest of reading": spent["reading"] - spent["tokens"] - spent["network"],
        "before and after": spent["answer"] - spent["reading"],
    }
    shares = ", ".join(f"{part} {value / spent['answer']:.1%}" for part, value in parts.items())
    return (
        f"\n  {len(costs.windows)} questions read: tokens {np.mean(tokens):.0f} ({max(tokens)} at most),"
        f" windows {np.mean(windows):.2f} ({max(windows)}); of the time {shares}"
    )
