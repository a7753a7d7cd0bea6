"""The bot's own time on Discord: from an interaction's arrival to what it sends first and last.

    python -m benchmarks.discord TEXT [--passages 100000] [--questions 300]

TEXT is repeated up to that many passages. simcord stands in for Discord; only the time between the
arrival of an interaction and the bot's requests counts, not what simcord does before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import simcord
from discord.app_commands import CommandTree

from benchmarks.corpus import posts_in
from benchmarks.meaning import grown, questions
from bot.answering.answerer import Policy
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.texts.folder import write_source

KEYSTROKES = 8
"""Keystrokes in `/quote` for each question."""


class Watch(list[Any]):
    """simcord's log of requests, which also notes how long after an interaction's arrival each was made."""

    arrived = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def append(self, entry: Any) -> None:
        """Keep what was requested and when."""
        self.seconds.append(time.perf_counter() - self.arrived)
        super().append(entry)


@contextmanager
def watched(env: Any) -> Iterator[Watch]:
    """Make a stopwatch that starts again when an interaction arrives at the bot."""
    watch = env.backend.http_requests = Watch()
    arrive = CommandTree._from_interaction

    def on_arrival(self: Any, interaction: Any) -> None:
        watch.arrived, watch.seconds = time.perf_counter(), []
        arrive(self, interaction)

    CommandTree._from_interaction = on_arrival  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        CommandTree._from_interaction = arrive  # type: ignore[method-assign]


async def measure(service: Service, asked: list[str]) -> dict[str, list[float]]:
    """The seconds of each question, by kind of request."""
    found: dict[str, list[float]] = {"acknowledged": [], "answered": [], "suggested": []}
    async with simcord.run(VerbatimClient(service)) as env:
        guild = env.create_guild("Benchmark")
        channel = guild.create_text_channel("ask")
        member = guild.add_member(env.create_user("member"))
        with watched(env) as watch:
            for question in asked:
                await member.slash(channel, "ask", question=question)
                found["acknowledged"].append(watch.seconds[0])
                found["answered"].append(watch.seconds[-1])
                step = max(1, len(question) // KEYSTROKES)
                for end in range(step, len(question) + 1, step):
                    await member.autocomplete(channel, "quote", "text", question[:end])
                    found["suggested"].append(watch.seconds[-1])
    return found


async def main() -> None:
    """Print p50 and p99."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "knowledge"
        folder.mkdir()
        for source in grown(list(posts_in(options.text)), options.passages):
            write_source(source, folder)
        library = Library(folder)
        library.load()
        url = f"sqlite+aiosqlite:///{name}/verbatim.db"
        storage = await Storage.open(url, Path(name) / "verbatim.key", days=90)
        settings = DiscordSettings(member_questions=0, channel_questions=0)
        service = await Service.of(library, Policy(), settings, storage)
        asked = list(questions(library.snapshot, options.questions, seed=1))
        await measure(service, asked[:20])  # the first ones load what the rest share
        found = await measure(service, asked)
        await service.question_log.settle()
        await storage.close()
        print(f"{len(library.snapshot.passages):,} passages, {len(asked)} questions")
    for what, seconds in found.items():
        p50, p99 = (1000 * float(np.percentile(seconds, p)) for p in (50, 99))
        print(f"{what:13} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   n {len(seconds):,}")


if __name__ == "__main__":
    asyncio.run(main())
