"""What a reload costs: the time until a changed text is live, and how it affects questions.

    python -m benchmarks.reload TEXT [--passages 1000000] [--edits 10] [--rate 50] [--folder FOLDER]

The corpus is grown from TEXT (a knowledge file, a folder of them, or a question file) into FOLDER, or a
temporary one; texts of 300 passages. Questions come at a fixed rate, whether or not earlier ones are
answered, while one text after the other is changed, added, and removed. An answer is mixed if it
contains a passage that its snapshot does not have, or if its snapshot gives another answer afterwards.
A stall is how much too late a task that sleeps 2 ms wakes up.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from benchmarks.corpus import analysed, grow, posts_in, questions, write_corpus
from bot.answering.answerer import Policy
from bot.answering.asking import Request
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.library.snapshots import Snapshot
from bot.models import Answer, Post
from bot.operations.logging import configure
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.texts.folder import write_source

WAITING = 100
"""Questions that may wait for their answers; if more do, the machine is too slow for the rate, and no
more are asked."""

NAP = 0.002
"""Seconds of sleep of the task whose lateness is measured."""


@dataclass
class Load:
    """Questions asked at a fixed rate, and their results."""

    service: Service
    asked: Sequence[str]
    rate: float
    seconds: list[float] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)
    failed: int = 0
    mixed: int = 0
    left_out: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ask during the block; then wait for the last answers."""
        tasks = [asyncio.create_task(self._ask_all()), asyncio.create_task(self._nap())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*self._tasks)

    async def _ask_all(self) -> None:
        due = time.perf_counter()
        while True:
            due += 1 / self.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if len(self._tasks) >= WAITING:
                self.left_out += 1
                continue
            task = asyncio.create_task(self._ask(len(self.seconds)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, number: int) -> None:
        snapshot = self.service.snapshot
        request = Request(self.asked[number % len(self.asked)])
        began = time.perf_counter()
        try:
            result = await self.service.ask(request, snapshot)
        except Exception:  # whatever it is, a member would get no answer
            self.failed += 1
            return
        self.seconds.append(time.perf_counter() - began)
        if result is None:
            self.failed += 1
            return
        self.mixed += _is_foreign(result.answer, snapshot)
        if number % 20 == 0:
            again = await self.service.ask(request, snapshot)
            self.mixed += again is None or again.answer.hits != result.answer.hits

    async def _nap(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(NAP)
            self.lateness.append(time.perf_counter() - began - NAP)

    def report(self, what: str) -> None:
        """Print the results of the questions so far, and forget them."""
        print(
            f"{what:24} {len(self.seconds):6} questions: {_spread(self.seconds)}, failed {self.failed},"
            f" mixed {self.mixed}, not asked {self.left_out}; stalls of the loop: {_spread(self.lateness)}",
            flush=True,
        )
        self.seconds, self.lateness, self.failed, self.mixed, self.left_out = [], [], 0, 0, 0


def _is_foreign(answer: Answer, snapshot: Snapshot) -> bool:
    known = snapshot.sources
    return any(
        hit.passage.source is not known.get(hit.passage.source.id)
        or hit.passage.text not in hit.passage.post.text
        for hit in answer.hits
    )


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    p50, p99 = (1000 * float(np.percentile(seconds, p)) for p in (50, 99))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {1000 * max(seconds):.1f} ms"


def edits(library: Library, count: int) -> list[tuple[str, Callable[[], object]]]:
    """As many changes of the folder as asked for, with their names: a text changed, added, removed, and nothing."""
    pick = random.Random(5)  # noqa: S311 - no secret
    found: list[tuple[str, Callable[[], object]]] = []
    for number in range(count):
        source = pick.choice(library.snapshot.listing.in_order)
        new = Post(2, f"What was found in year {number} was quite new. Nobody had expected it.")
        changed = replace(source, posts=(*source.posts[:1], new, *source.posts[2:]))
        added = replace(changed, id=f"new{number}", title=f"New text {number}")
        path = library.folder / f"{added.id}.md"
        found += [
            ("changed", lambda s=changed: write_source(s, library.folder, replace=True)),  # type: ignore[misc]
            ("added", lambda s=added: write_source(s, library.folder, replace=True)),  # type: ignore[misc]
            ("removed", path.unlink),
            ("unchanged", lambda: None),
        ]
    return found


async def measure(library: Library, storage: Storage, options: argparse.Namespace) -> None:
    """Print the figures before the reloads, and during them."""
    settings = DiscordSettings(member_questions=0, channel_questions=0)
    service = await Service.of(library, Policy(), settings, storage)
    await service.warm_up()
    corpus = analysed(posts_in(options.text))
    asked = [f"what about {' '.join(terms)}?" for terms in questions(corpus, 500)]
    load = Load(service, asked, options.rate)
    async with load.running():
        await asyncio.sleep(5)
    load.report("without a reload")
    live: dict[str, list[float]] = {}
    async with load.running():
        for what, change in edits(library, options.edits):
            await asyncio.to_thread(change)
            began = time.perf_counter()
            result = await service.reload()
            live.setdefault(what, []).append(time.perf_counter() - began)
            if not result.swapped:
                raise RuntimeError(result.problems)
            await asyncio.sleep(options.pause)
    load.report("during reloads")
    for what, seconds in live.items():
        print(f"live after one text was {what}: {_spread(seconds)}")


async def main() -> None:
    """Grow the corpus, load it, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?", default=Path("knowledge"))
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two reloads")
    parser.add_argument("--folder", type=Path, help="where the corpus and its saved index are kept")
    options = parser.parse_args()
    configure("warning", "text", (), lambda _: False)  # not a line for each question
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "knowledge"
        if not folder.exists():
            write_corpus(grow(analysed(posts_in(options.text)), options.passages), folder)
        began = time.perf_counter()
        library = Library(folder, save_after=options.pause / 2)
        snapshot = library.load()
        print(f"{len(snapshot.passages):,} passages of {len(snapshot.sources):,} texts,"
              f" loaded in {time.perf_counter() - began:.1f} s")  # fmt: skip
        url = f"sqlite+aiosqlite:///{temporary}/verbatim.db"
        storage = await Storage.open(url, Path(temporary) / "verbatim.key", days=90)
        await measure(library, storage, options)
        await storage.close()


if __name__ == "__main__":
    asyncio.run(main())
