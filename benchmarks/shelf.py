"""What many texts cost the event loop: the longest time that it is blocked, by interaction.

    python -m benchmarks.shelf [--texts 10000] [--chosen 2000]

It measures every keystroke in the name of a text, /sources and its pages, /read, and /settings with
`--chosen` texts. What counts is the longest single step of the loop, in processor time of its own
thread, so without other threads and programs. simcord stands in for Discord, and its steps count.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import simcord
from discord import Permissions

from bot.answering.answerer import Policy
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.models import Post, Source
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.storage.servers import ServerSettings
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording

WORDS = (
    "river bridge marsh heron kiln carter ledger market naïve Ångström Über salt orchard parapet mill"
    " harbour winter letters history of the and from"
).split()


def invented(count: int) -> list[Source]:
    """Return `count` texts of a sentence each, with titles of a few words."""
    pick = random.Random(3)  # noqa: S311 - no secret
    found = []
    for number in range(count):
        title, author = (" ".join(pick.choices(WORDS, k=some)) for some in (5, 2))
        posts = (Post(1, f"The {title} was written down in year {number}."),)
        found.append(
            Source(f"shelf/{number}", f"{title} {number}", author, posts, f"https://x.org/{number}")
        )
    return found


class Steps:
    """The longest step of the event loop since the last call."""

    def __init__(self) -> None:
        self._longest = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch every step."""
        handle_class: Any = asyncio.Handle
        run = handle_class._run

        def timed(handle: Any) -> None:
            begun = time.thread_time()
            run(handle)
            self._longest = max(self._longest, time.thread_time() - begun)

        handle_class._run = timed
        try:
            yield
        finally:
            handle_class._run = run

    def take(self) -> float:
        """Return its seconds."""
        longest, self._longest = self._longest, 0.0
        return longest


class Stage:
    """A new simulated server: simcord's own steps grow with what has happened on one."""

    def __init__(self, env: Any, service: Service, found: dict[str, list[float]]) -> None:
        self.service = service
        self.guild = env.create_guild("Benchmark")
        self.channel = self.guild.create_text_channel("ask")
        permissions = Permissions(manage_guild=True)
        curators = self.guild.create_role("Curators", permissions=permissions)
        self.curator = self.guild.add_member(env.create_user("curator"), roles=[curators])
        self.steps = Steps()
        self._found = found

    async def offer(self, ids: frozenset[str]) -> None:
        """Let the server offer only these texts."""
        settings, now = ServerSettings(sources=ids), self.service.now()
        await self.service.servers.change(self.guild.id, settings, self.curator.id, "", now)
        await self.service.listing_in(self.guild.id)

    def note(self, what: str) -> None:
        """Record the longest step since the last record."""
        self._found.setdefault(what, []).append(self.steps.take())


async def measure(
    service: Service, listed: Sequence[Source], chosen: int
) -> dict[str, list[float]]:
    """The seconds of each interaction, by kind."""
    found: dict[str, list[float]] = {}
    ids = frozenset(source.id for source in listed[:: max(1, len(listed) // chosen)])
    gc.freeze()
    gc.disable()  # a garbage collection is not the interaction's own cost
    for name, offered in (("all texts", None), (f"{len(ids):,} chosen", ids)):
        for source in listed[:: max(1, len(listed) // 20)]:
            async with simcord.run(VerbatimClient(service)) as env:
                stage = Stage(env, service, found)
                if offered is not None:
                    await stage.offer(offered)
                with stage.steps.watched():
                    await _read(stage, source, name)
                    await _list(stage, name)
                    if offered is not None:
                        await _set(stage, name)
    return found


async def _read(stage: Stage, source: Source, of: str) -> None:
    stage.steps.take()
    for end in range(1, len(source.title), 3):
        typed = source.title[:end]
        await stage.curator.autocomplete(stage.channel, "read", "source", typed)
        stage.note(f"a keystroke, {of}")
    await stage.curator.slash(stage.channel, "read", source=source.title)
    stage.note(f"/read, {of}")


async def _list(stage: Stage, of: str) -> None:
    shown = await stage.curator.slash(stage.channel, "sources")
    stage.note(f"/sources, {of}")
    await stage.curator.click(shown.response, label=wording.NEXT)
    stage.note(f"/sources, next page, {of}")


async def _set(stage: Stage, of: str) -> None:
    shown = await stage.curator.slash(stage.channel, "settings")
    stage.note(f"/settings, {of}")
    await stage.curator.select(shown.response, ["sources"], custom_id="settings:which")
    stage.note(f"/settings, the menu of texts, {of}")
    await stage.curator.click(shown.response, label=wording.NEXT)
    stage.note(f"/settings, its next page, {of}")
    choice = next(iter(stage.service.snapshot.listing.in_order[30:])).digest
    await stage.curator.select(shown.response, [choice], custom_id="settings:set:sources:1")
    stage.note(f"/settings, a choice, {of}")


async def main() -> None:
    """Print p50, p99 and the greatest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--chosen", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "knowledge"
        listed = invented(options.texts)
        for source in listed:
            write_source(source, folder)
        library = Library(folder)
        library.load()
        storage = await Storage.open(
            f"sqlite+aiosqlite:///{name}/verbatim.db", Path(name) / "verbatim.key", days=90
        )
        settings = DiscordSettings(member_questions=0, channel_questions=0)
        service = await Service.of(library, Policy(), settings, storage)
        found = await measure(service, listed, options.chosen)
        await storage.close()
    for what, seconds in found.items():
        p50, p99 = (1000 * float(np.percentile(seconds, p)) for p in (50, 99))
        print(f"{what:45} p50 {p50:5.2f} ms   p99 {p99:5.2f} ms   n {len(seconds):,}")


if __name__ == "__main__":
    asyncio.run(main())
