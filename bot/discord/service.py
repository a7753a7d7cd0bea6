"""What members and curators ask for, worked out off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

import discord
import numpy as np
from numpy.typing import NDArray

from bot.answering.answerer import Policy, answer, begin_vectors, find_source
from bot.answering.conversation import Conversations
from bot.answering.overheard import Overheard, judged, question_in
from bot.config import DiscordSettings
from bot.discord.cooldowns import Cooldowns, Rates
from bot.discord.curating.additions import Additions
from bot.discord.records import Records, new_id
from bot.discord.servers import ServerBook
from bot.library.library import Library, ReloadResult
from bot.library.listing import Listing, ListingCache
from bot.library.snapshots import Snapshot
from bot.models import Answer, Question, Source, Turn
from bot.search.language.detection import spoken_language
from bot.storage.database import Storage
from bot.wording import ENGLISH, catalogue

Result = TypeVar("Result")

RELOADS = 6
"""How often a minute the folder is read again by hand, all servers together."""

WORKERS = 2
"""Threads that answer."""

WAITERS = 64
"""Threads in which questions wait for the model of meaning, and do nothing else."""

BUILDERS = 3
"""Threads for what may take long: one reads the folder, one makes what a server offers, one reads
what is being added. None of these waits for another, and no answer for any."""


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """The library and the conversations, behind methods that do not block."""

    library: Library
    policy: Policy
    settings: DiscordSettings
    conversations: Conversations
    executor: Executor
    cooldowns: Cooldowns
    storage: Storage
    servers: ServerBook
    records: Records
    now: Callable[[], datetime] = utc_now
    grace_days: int = 30
    """Days after which the data of a server that the bot has left are deleted."""
    waiters: Executor = field(default_factory=lambda: ThreadPoolExecutor(WAITERS, "waiting"))
    builders: Executor = field(default_factory=lambda: ThreadPoolExecutor(BUILDERS, "building"))
    selecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    listings: ListingCache = field(default_factory=ListingCache)
    """Lists of the texts that servers offer, where that is not all."""
    additions: Additions = field(default_factory=lambda: Additions(monotonic))
    sharing: set[int] = field(default_factory=set)
    """Private answers that are being shared: a second click meanwhile counts for nothing."""
    reloads: Cooldowns = field(default_factory=lambda: Cooldowns(monotonic, RELOADS, 0))
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the folder is read or changed: who waits for that holds up no thread."""

    @classmethod
    async def of(
        cls,
        library: Library,
        policy: Policy,
        settings: DiscordSettings,
        storage: Storage,
        grace_days: int = 30,
    ) -> Service:
        """Return a service with threads and a memory of its own.

        Raises StorageError if the settings of the servers cannot be read.
        """
        executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="answering")
        cooldowns = Cooldowns(monotonic, settings.member_questions, settings.channel_questions)
        return cls(
            library,
            policy,
            settings,
            Conversations(monotonic),
            executor,
            cooldowns,
            storage,
            await ServerBook.read(storage),
            Records(storage, utc_now),
            grace_days=grace_days,
        )

    @property
    def snapshot(self) -> Snapshot:
        """Return what is known now, of all texts. In a server, `snapshot_in` says what is offered."""
        return self.library.snapshot

    async def snapshot_in(self, server: int | None) -> Snapshot:
        """Return what is known now of the texts that a server offers; None: of all."""
        whole, chosen = self.snapshot, self.servers.of(server).sources
        selections = self.library.selections
        found = selections.get_cached(whole, chosen)
        if found is not None:
            return found
        async with self.selecting:  # who wants the same meanwhile holds up no thread
            return await self.build(lambda: selections.get(whole, chosen))

    def offered_in(self, server: int | None) -> tuple[Snapshot, NDArray[np.bool_] | None]:
        """Return what is known now of all texts, and which passages a server offers; None: all.

        For what finds passages by their words alone: it needs no index of its own.
        """
        whole = self.snapshot
        return whole, self.library.selections.passages(whole, self.servers.of(server).sources)

    async def listing_in(self, server: int | None) -> Listing:
        """Return the texts that a server offers; None: all."""
        whole, chosen = self.snapshot.listing, self.servers.of(server).sources
        found = self.listings.get_cached(whole, chosen)
        if found is not None:
            return found
        return await self.work(lambda: self.listings.get(whole, chosen))

    async def source_in(self, server: int | None, digest: str) -> Source | None:
        """Return the text with this digest, if it is still the same and the server offers it."""
        return (await self.listing_in(server)).by_digest.get(digest)

    def wait(self, member: int, channel: int, server: int | None) -> int:
        """Return after how many seconds a member may ask; 0: now, and it counts."""
        own, usual = self.servers.of(server), self.cooldowns.rates
        rates = Rates(
            usual.member if own.member_questions is None else own.member_questions,
            usual.channel if own.channel_questions is None else own.channel_questions,
        )
        return self.cooldowns.wait(member, channel, server, rates)

    def wait_for_reload(self) -> int:
        """Return after how many seconds the folder may be read again; 0: now, and it counts."""
        return self.reloads.wait(0, 0)

    async def answer(
        self, text: str, before: Turn | None, snapshot: Snapshot, source_id: str | None = None
    ) -> Answer:
        """Return the answer to `text`, asked after the turn `before`.

        Questions that wait for the model of meaning hold up no thread that others are answered in.
        """
        question = Question(text, before, new_id())
        vectors = None
        if snapshot.searcher.meaning is not None:
            vectors = await self.work(lambda: begin_vectors(snapshot, question, self.policy))
        understood = None
        if vectors is not None:
            loop = asyncio.get_running_loop()
            understood = await loop.run_in_executor(self.waiters, vectors)
        return await self.work(
            lambda: answer(snapshot, question, self.policy, source_id, lambda: understood)
        )

    async def overhear(
        self,
        text: str,
        before: Turn | None,
        snapshot: Snapshot,
        *,
        with_bot: bool,
        spoken_to: bool,
    ) -> Overheard | None:
        """Return how `text`, which nobody asked the bot, would be answered; None: it asks nothing."""
        question = await self.work(lambda: question_in(text, with_bot=with_bot))
        if question is None:
            return None
        given = await self.answer(question, before, snapshot)
        return await self.work(
            lambda: judged(snapshot, text, given, with_bot=with_bot, spoken_to=spoken_to)
        )

    async def find_source(self, message: str, snapshot: Snapshot) -> Answer:
        """Return the passages that `message` repeats."""
        return await self.work(lambda: find_source(snapshot, message, self.policy))

    async def warm_up(self) -> None:
        """Answer a question of nobody's: what is loaded at the first one is there for members.

        So are the lines in every language.
        """
        await self.work(_load_languages)
        titles = " ".join(source.title for source in islice(self.snapshot.sources.values(), 3))
        await self.answer(titles, None, self.snapshot)

    async def reload(self, *, skip_broken: bool) -> ReloadResult:
        """Read the knowledge folder again."""
        async with self.changing:
            return await self.build(lambda: self.library.reload(skip_broken=skip_broken))

    async def change(self, act: Callable[[], Callable[[], None]]) -> ReloadResult:
        """Change the knowledge folder by `act`, which returns what undoes it, and read it again."""
        async with self.changing:
            return await self.build(lambda: self.library.apply_change(act))

    async def work(self, job: Callable[[], Result]) -> Result:
        """Return what `job` returns, run in a thread that answers: it takes milliseconds."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, job)

    async def build(self, job: Callable[[], Result]) -> Result:
        """Return what `job` returns, run in a thread for what may take long."""
        return await asyncio.get_running_loop().run_in_executor(self.builders, job)

    def before(self, *keys: Hashable) -> Turn | None:
        """Return the turn before, from the first of the conversations `keys` that has one."""
        return next((turn for key in keys if (turn := self.conversations.last(key))), None)

    def remember(self, given: Answer, *keys: Hashable | None) -> None:
        """Keep what was asked and quoted, for follow-ups in the conversations `keys`."""
        if given.hits:
            for key in filter(None, keys):
                self.conversations.remember(key, given.turn)


def _load_languages() -> None:
    catalogue.load_all()
    spoken_language("", ENGLISH.locale)


def service_of(interaction: discord.Interaction[Any]) -> Service:
    """Return the service of the client that an interaction came to."""
    service: Service = interaction.client.service
    return service
