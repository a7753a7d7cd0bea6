"""Questions to an index of the cluster at a steady rate, and what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.search.bm25.index import Index
from bot.search.opensearch.errors import EngineUnavailableError

THREADS = 2
"""As many as answer on Discord."""


@dataclass
class Load:
    """Questions at a steady rate, and what became of them."""

    rate: float
    asked: list[dict[str, float]]
    expected: list[list[int]]
    index: Index
    answered: int = 0
    wrong: int = 0
    unavailable: int = 0
    slowest: float = 0.0
    gap: float = 0.0
    _last: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Ask during the block, from as many threads as answer on Discord."""
        self._last = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            due = iter(range(10**9))
            begun = time.monotonic()
            work = [pool.submit(self._ask, due, begun) for _ in range(THREADS)]
            try:
                yield
            finally:
                self._stop.set()
            for one in work:
                one.result()

    def _ask(self, due: Iterator[int], begun: float) -> None:
        while not self._stop.is_set():
            with self._lock:
                turn = next(due)
            self._stop.wait(max(begun + turn / self.rate - time.monotonic(), 0))
            number = turn % len(self.asked)
            start = time.monotonic()
            try:
                found = self.index.candidates(self.asked[number], 10).passages
            except EngineUnavailableError:
                with self._lock:
                    self.unavailable += 1
                continue
            now = time.monotonic()
            with self._lock:
                self.answered += 1
                self.wrong += found != self.expected[number]
                self.slowest = max(self.slowest, now - start)
                self.gap = max(self.gap, now - self._last)
                self._last = now

    def __str__(self) -> str:
        return (
            f"{self.answered} answered, {self.wrong} wrong, {self.unavailable} told it is unavailable;"
            f" slowest {self.slowest:.2f} s, longest gap {self.gap:.2f} s"
        )
