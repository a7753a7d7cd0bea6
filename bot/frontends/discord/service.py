"""What members and curators ask for, worked out off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

import discord

from bot.answering.answerer import Policy, answer, find_source
from bot.answering.conversation import Conversations
from bot.answering.overheard import Overheard, overheard
from bot.config import Discord
from bot.frontends.discord.cooldowns import Cooldowns, Rates
from bot.frontends.discord.curating.additions import Additions
from bot.frontends.discord.records import Records
from bot.frontends.discord.servers import ServerBook
from bot.library import Library, Reload
from bot.models import Answer, Question, Source, Turn
from bot.operations.storage.database import Storage
from bot.snapshots import Snapshot

Result = TypeVar("Result")

WORKERS = 2


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """The library and the conversations, behind methods that do not block."""

    library: Library
    policy: Policy
    settings: Discord
    conversations: Conversations
    executor: Executor
    cooldowns: Cooldowns
    storage: Storage
    servers: ServerBook
    records: Records
    now: Callable[[], datetime] = utc_now
    grace_days: int = 30
    """Days after which the data of a server that the bot has left are deleted."""
    selecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    additions: Additions = field(default_factory=lambda: Additions(monotonic))
    sharing: set[int] = field(default_factory=set)
    """Private answers that are being shared: a second click meanwhile counts for nothing."""
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the folder is read or changed: who waits for that holds up no thread."""

    @classmethod
    async def of(
        cls,
        library: Library,
        policy: Policy,
        settings: Discord,
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
        found = selections.at_hand(whole, chosen)
        if found is not None:
            return found
        async with self.selecting:  # one at a time: the other thread goes on answering
            return await self.work(lambda: selections.of(whole, chosen))

    def sources_in(self, server: int | None) -> Mapping[str, Source]:
        """Return the texts that a server offers, by id; None: all."""
        every, chosen = self.snapshot.sources, self.servers.of(server).sources
        if chosen is None:
            return every
        return {id_: source for id_, source in every.items() if id_ in chosen}

    def source_in(self, server: int | None, digest: str) -> Source | None:
        """Return the text with this digest, if it is still the same and the server offers it."""
        offered = self.sources_in(server).values()
        return next((source for source in offered if source.digest == digest), None)

    def wait(self, member: int, channel: int, server: int | None) -> int:
        """Return after how many seconds a member may ask; 0: now, and it counts."""
        own, usual = self.servers.of(server), self.cooldowns.rates
        rates = Rates(
            usual.member if own.member_questions is None else own.member_questions,
            usual.channel if own.channel_questions is None else own.channel_questions,
        )
        return self.cooldowns.wait(member, channel, server, rates)

    async def answer(
        self, text: str, before: Turn | None, snapshot: Snapshot, source_id: str | None = None
    ) -> Answer:
        """Return the answer to `text`, asked after the turn `before`."""
        question = Question(text, before)
        return await self.work(lambda: answer(snapshot, question, self.policy, source_id))

    async def overhear(
        self, text: str, before: Turn | None, snapshot: Snapshot, *, with_bot: bool
    ) -> Overheard | None:
        """Return how `text`, which nobody asked the bot, would be answered (`overheard`)."""
        return await self.work(
            lambda: overheard(snapshot, text, self.policy, before, with_bot=with_bot)
        )

    async def find_source(self, message: str, snapshot: Snapshot) -> Answer:
        """Return the passages that `message` repeats."""
        return await self.work(lambda: find_source(snapshot, message, self.policy))

    async def warm_up(self) -> None:
        """Answer a question of nobody's: what is loaded at the first one is there for members."""
        titles = " ".join(source.title for source in islice(self.snapshot.sources.values(), 3))
        await self.answer(titles, None, self.snapshot)

    async def reload(self, *, skip_broken: bool) -> Reload:
        """Read the knowledge folder again."""
        async with self.changing:
            return await self.work(lambda: self.library.reload(skip_broken=skip_broken))

    async def change(self, act: Callable[[], Callable[[], None]]) -> Reload:
        """Change the knowledge folder by `act`, which returns what undoes it, and read it again."""
        async with self.changing:
            return await self.work(lambda: self.library.change(act))

    async def work(self, job: Callable[[], Result]) -> Result:
        """Return what `job` returns, run in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, job)

    def before(self, *keys: Hashable) -> Turn | None:
        """Return the turn before, from the first of the conversations `keys` that has one."""
        return next((turn for key in keys if (turn := self.conversations.last(key))), None)

    def remember(self, given: Answer, *keys: Hashable | None) -> None:
        """Keep what was asked and quoted, for follow-ups in the conversations `keys`."""
        if given.hits:
            for key in filter(None, keys):
                self.conversations.remember(key, given.turn)


def service_of(interaction: discord.Interaction[Any]) -> Service:
    """Return the service of the client that an interaction came to."""
    service: Service = interaction.client.service
    return service
