"""Two bots with the same texts in one cluster: `python -m benchmarks.engine_processes [URL…]`.

Each is `verbatim run` in a process of its own, at a stand-in for Discord. Without URL, a cluster of one node is started.
There is no fallback, so whatever is answered was found in the cluster. The test fails if a question is not
answered, or wrongly, if an index is built twice or left over, or if a button stops working.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from benchmarks.cluster import TestCluster
from benchmarks.scenarios.stage import ANSWER, QUESTION
from benchmarks.scenarios.subprocesses import Subprocess
from benchmarks.standin.payloads import JSON
from benchmarks.standin.server import Standin
from bot.search.opensearch.index_status import IndexStatus
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes

PREFIX = "processes"
SOON = 120.0
"""Seconds within which everything must happen; an old index is kept for one minute."""

SENTENCES = 12_000
"""Sentences of a text that takes a while to index; more are used if that was too fast."""

ATTEMPTS = 4
"""Attempts to kill a bot before its build is complete, each with twice as many sentences."""

MILL = """\
---
title: The Mill
author: Ines Duarte
---
The windmill on the hill was restored by the carpenter Olga Brandt.
"""
MILL_QUESTION, MILL_ANSWER = "Who restored the windmill on the hill?", "Olga Brandt"
LAMP_QUESTION, LAMP_ANSWER = "How long does lamp 77 of the pier burn?", "539"


class Pair:
    """Two bots, and the cluster that they share."""

    def __init__(self, one: Subprocess, other: Subprocess, indexes: Indexes) -> None:
        self.one = one
        self.other = other
        self.indexes = indexes
        self.asked = 0
        self.slowest = 0.0

    @property
    def knowledge(self) -> Path:
        """The folder of both."""
        return self.one.knowledge

    async def statuses(self) -> list[IndexStatus]:
        """The indexes there are."""
        return await asyncio.to_thread(self.indexes.statuses)

    async def until(self, done: Callable[[list[IndexStatus]], bool]) -> list[IndexStatus]:
        """Wait until the indexes are as they should be."""
        async with asyncio.timeout(SOON):
            while not done(found := await self.statuses()):  # noqa: ASYNC110 - a cluster tells nobody
                await asyncio.sleep(0.05)
        return found

    async def until_gone(self, name: str) -> None:
        """Wait until an index is deleted."""
        await self.until(lambda found: name not in {one.name for one in found})

    async def until_answered(self, bot: Subprocess, question: str, words: str) -> None:
        """Ask until the answer has these words, which it has once the new texts are live."""
        async with asyncio.timeout(SOON):
            while words not in await (await bot.ask(question)).answer_text():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def questions(self) -> AsyncIterator[None]:
        """Ask both bots, during the block, questions whose texts do not change; every answer must be right."""
        stop = asyncio.Event()

        async def ask(bot: Subprocess) -> None:
            while not stop.is_set():
                begun = time.monotonic()
                answer = await (await bot.mention()).answer_text()
                expect(ANSWER in answer, f"a wrong answer: {answer!r}")
                self.asked += 1
                self.slowest = max(self.slowest, time.monotonic() - begun)
                await asyncio.sleep(0.05)

        asking = [asyncio.create_task(ask(bot)) for bot in (self.one, self.other)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*asking)


def expect(holds: object, otherwise: str) -> None:
    """Fail unless it holds."""
    if not holds:
        raise AssertionError(otherwise)


@asynccontextmanager
async def pair(urls: Sequence[str]) -> AsyncIterator[Pair]:
    """Two bots that are ready and answer, with an index of their own in the cluster."""
    nodes = Nodes(ClusterAddress(tuple(urls), timeout=10))
    indexes = Indexes(nodes, IndexLayout(PREFIX))
    search = (
        f", engine: opensearch, engine_fallback: none,"
        f" opensearch: {{url: [{', '.join(urls)}], index: {PREFIX}, timeout: 10}}"
    )
    async with AsyncExitStack() as stack:
        stack.callback(nodes.close)
        stack.callback(_drop_all, indexes)
        bots = []
        for _ in range(2):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            discord = await stack.enter_async_context(Standin.serve())
            bots.append(Subprocess(discord, folder, search))
            stack.push_async_callback(bots[-1].kill)
        one, other = bots
        other.knowledge = one.knowledge
        await asyncio.gather(one.start(), other.start())
        found = Pair(one, other, indexes)
        for bot in bots:
            await found.until_answered(bot, QUESTION, ANSWER)
        try:
            yield found
        except (AssertionError, TimeoutError) as error:
            for bot in bots:
                error.add_note("\n".join(["the end of a bot's log:", *bot.lines[-5:]]))
            raise


def _drop_all(indexes: Indexes) -> None:
    for one in indexes.statuses():
        indexes.drop(one.name)


async def a_reload_is_seen_by_both(both: Pair, *, patient: bool) -> None:
    """One builds and swaps, both answer throughout, and buttons of old answers work; `patient`: also afterwards."""
    (old,) = await both.statuses()
    before = [await bot.mention() for bot in (both.one, both.other)]
    for exchange in before:
        await exchange.answer_text()
    async with both.questions():
        (both.knowledge / "mill.md").write_text(MILL, encoding="utf-8")
        both.one.signal(signal.SIGHUP)
        for bot in (both.one, both.other):
            await both.until_answered(bot, MILL_QUESTION, MILL_ANSWER)
        names = [one.name for one in await both.statuses()]
        expect(len(names) == 2 and old.name in names, f"these are not the old and the new: {names}")
        for bot, exchange in zip((both.one, both.other), before, strict=True):
            await _open_context(bot, exchange.answers[0])
        if patient:
            await both.until_gone(old.name)
    for bot, exchange in zip((both.one, both.other), before, strict=True):
        await _open_context(bot, exchange.answers[0])


async def _open_context(bot: Subprocess, answer: JSON) -> None:
    """Press the button under an answer that shows the quote's context."""
    rows = answer["components"]
    ids = [button["custom_id"] for row in rows for button in row["components"]]
    (context,) = [one for one in ids if one.startswith("context:")]
    clicked = await bot.discord.click(bot.member, bot.channel, answer, context)
    shown = await clicked.answer_text()
    expect("whale oil" in str(clicked.answers[0]), f"no context: {shown!r}")


async def a_build_that_dies_leaves_nothing(both: Pair, *, patient: bool) -> None:
    """A bot is killed while it builds. Its next start builds again; if `patient`, a start with other texts deletes the half."""
    await both.other.kill()
    for keeps_text in (True, False) if patient else (True,):
        half = await _killed_while_building(both, keeps_text)
        expect(not half.current, "half an index is current")
        if not keeps_text:
            (both.knowledge / "pier.md").unlink()
        await both.one.start()
        if keeps_text:
            await both.until_answered(both.one, LAMP_QUESTION, LAMP_ANSWER)
        else:
            await both.until_gone(half.name)
        await both.until(lambda found: all(one.complete for one in found))
    await both.other.start()
    await both.until_answered(both.other, QUESTION, ANSWER)


async def _killed_while_building(both: Pair, more: int) -> IndexStatus:
    """Have the first bot index a long text, and kill it before it is done; returns what it leaves.

    The build may be complete before the kill; then the bot starts again, with a text that takes longer.
    """
    for attempt in range(ATTEMPTS):
        known = {one.name for one in await both.statuses()}
        text = _long(SENTENCES * 2**attempt + more)
        (both.knowledge / "pier.md").write_text(text, encoding="utf-8")
        both.one.signal(signal.SIGHUP)
        await both.until(partial(_has_other_than, known))
        await both.one.kill()
        half = next((one for one in await both.statuses() if not one.complete), None)
        if half is not None:
            return half
        await both.one.start()
    raise AssertionError(f"{ATTEMPTS} builds were complete before the bot could be killed")


def _has_other_than(known: set[str], found: list[IndexStatus]) -> bool:
    return any(one.name not in known for one in found)


def _long(sentences: int) -> str:
    lines = (f"Lamp number {n} of the pier burns {n * 7} hours a year." for n in range(sentences))
    return "---\ntitle: The Pier\nauthor: Ines Duarte\n---\n" + "\n\n".join(lines)


async def play(urls: Sequence[str], *, patient: bool) -> str:
    """Run everything, with what takes minutes if `patient`. Returns the figures.

    Raises:
        AssertionError: something is not as it should be.
        TimeoutError: something did not happen.

    """
    async with pair(urls) as both:
        await a_reload_is_seen_by_both(both, patient=patient)
        await a_build_that_dies_leaves_nothing(both, patient=patient)
        for bot in (both.one, both.other):
            wrong = [line for line in bot.lines if "Traceback" in line or "ERROR" in line]
            expect(not wrong, f"the log has errors: {wrong[:3]}")
        return f"{both.asked} answers during the reload, all right; slowest {both.slowest:.2f} s"


def main() -> int:
    """Run everything on the given cluster, or on one of our own; 0 if all is well."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine_processes", description=__doc__
    )
    parser.add_argument("urls", nargs="*", metavar="URL")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    given = parser.parse_args()
    cluster = TestCluster(0 if given.urls else 1)
    cluster.stop()
    try:
        if not given.urls:
            cluster.start(wait=180)
        print("ok    ", asyncio.run(play(given.urls or cluster.urls, patient=not given.quick)))
    except (AssertionError, TimeoutError, RuntimeError) as error:
        said = str(error) or "something did not happen in time"
        print("\n".join([f"FAILED two processes: {said}", *getattr(error, "__notes__", ())]))
        return 1
    finally:
        cluster.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
