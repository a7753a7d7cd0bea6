"""What features use to answer: the library, settings, storage and threads, behind async methods."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import time
from collections.abc import Callable, Container, Hashable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bot.answering.answerer import Policy, find_source
from bot.answering.asking import Asking, AskResult, Request
from bot.answering.conversation import Conversations
from bot.discord.kit.cooldowns import Cooldowns, Rates
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.preferences import PreferenceCache
from bot.discord.kit.question_log import QuestionLog, new_id
from bot.discord.kit.question_metrics import record_question
from bot.discord.kit.servers import ServerSettingsCache
from bot.library.library import Library
from bot.library.listing import Listing, ListingCache
from bot.library.results import ReloadResult
from bot.library.snapshots import Snapshot
from bot.models import Answer, Source, Turn
from bot.operations.metrics import Metrics
from bot.search.language.detection import spoken_language
from bot.search.opensearch.errors import EngineUnavailableError
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.wording import ENGLISH, catalogue

Result = TypeVar("Result")
StateT = TypeVar("StateT")

QUICK_THREADS = 2
"""Threads for work of milliseconds: answers and pages."""

WAITING_THREADS = 64
"""Threads in which questions wait for the embedding model, and do nothing else."""

SLOW_THREADS = 3
"""Threads for slow work: one reads the folder, one indexes what a server offers, one reads a text
that is being added. None of these waits for another, and no answer waits for any."""


def utc_now() -> datetime:
    """The current time, with its zone."""
    return datetime.now(UTC)


def seconds_since_boot() -> float:
    """Seconds that no change of the clock affects; sleep counts, where the system tells."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@runtime_checkable
class Expiring(Protocol):
    """Something that holds in memory what members wrote or did, for a limited time."""

    def forget_expired(self) -> None:
        """Drop what is too old."""


@dataclass(slots=True, eq=False)
class Service:
    """Everything that features share; one for each bot.

    It owns what changes while the bot runs: locks, caches, and the state of the features.
    """

    library: Library
    policy: Policy
    settings: DiscordSettings
    conversations: Conversations
    executor: Executor
    cooldowns: Cooldowns
    storage: Storage
    servers: ServerSettingsCache
    question_log: QuestionLog
    preferences: PreferenceCache = field(init=False)
    now: Callable[[], datetime] = utc_now
    elapsed: Callable[[], float] = seconds_since_boot
    """Seconds since some moment in the past, whatever becomes of the clock."""
    grace_days: int = 30
    """Days after which the data of a server that removed the bot are deleted."""
    waiters: Executor = field(
        default_factory=lambda: ThreadPoolExecutor(WAITING_THREADS, "waiting")
    )
    builders: Executor = field(default_factory=lambda: ThreadPoolExecutor(SLOW_THREADS, "building"))
    selecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a server's selection is indexed: others that want one hold up no thread."""
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the knowledge folder is read or changed."""
    listings: ListingCache = field(default_factory=ListingCache)
    """The lists of texts of servers that do not offer all."""
    metrics: Metrics = field(default_factory=Metrics)
    states: dict[type[Any], Any] = field(default_factory=dict)
    """What features remember in memory; see `state`."""

    def __post_init__(self) -> None:
        self.preferences = PreferenceCache(self.storage)

    @classmethod
    async def of(
        cls,
        library: Library,
        policy: Policy,
        settings: DiscordSettings,
        storage: Storage,
        grace_days: int = 30,
    ) -> Service:
        """Make a service with threads of its own.

        Raises StorageError if settings or preferences cannot be read.
        """
        executor = ThreadPoolExecutor(QUICK_THREADS, thread_name_prefix="answering")
        metrics = Metrics()
        cooldowns = Cooldowns(monotonic, settings.member_questions, settings.channel_questions)
        made = cls(
            library,
            policy,
            settings,
            Conversations(monotonic),
            executor,
            cooldowns,
            storage,
            await ServerSettingsCache.read(storage),
            QuestionLog(storage, utc_now, metrics.questions_not_stored.inc),
            metrics=metrics,
            grace_days=grace_days,
        )
        await made.preferences.load()
        return made

    def state(self, kind: type[StateT]) -> StateT:
        """The one instance of a feature's own class, made without arguments when first asked for.

        So a feature keeps something in memory for as long as the bot runs, without a global.
        """
        if kind not in self.states:
            self.states[kind] = kind()
        found: StateT = self.states[kind]
        return found

    def forget_expired(self) -> None:
        """Drop what was to be held in memory for a while only, though nobody asks for it any more."""
        for held in (self.conversations, self.cooldowns, *self.states.values()):
            if isinstance(held, Expiring):
                held.forget_expired()

    @property
    def snapshot(self) -> Snapshot:
        """All texts as they are now. For those that a server offers, see `snapshot_in`."""
        return self.library.snapshot

    async def snapshot_in(self, server: int | None) -> Snapshot:
        """The texts that a server offers as they are now, indexed if need be; None: all texts."""
        whole, chosen = self.snapshot, self.servers.of(server).sources
        selections = self.library.selections
        found = selections.get_cached(whole, chosen)
        if found is not None:
            return found
        async with self.selecting:
            return await self.run_slow(lambda: selections.get(whole, chosen))

    def offered_in(self, server: int | None) -> tuple[Snapshot, NDArray[np.bool_] | None]:
        """All texts, and a mask of the passages that a server offers; None: it offers all.

        For what finds passages by their words alone, and needs no index of the selection.
        """
        whole = self.snapshot
        return whole, self.library.selections.passages(whole, self.servers.of(server).sources)

    async def listing_in(self, server: int | None) -> Listing:
        """The list of the texts that a server offers; None: of all texts."""
        whole, chosen = self.snapshot.listing, self.servers.of(server).sources
        found = self.listings.get_cached(whole, chosen)
        if found is not None:
            return found
        return await self.run_quick(lambda: self.listings.get(whole, chosen))

    async def source_in(self, server: int | None, digest: str) -> Source | None:
        """Find a text by its digest, if it is unchanged and the server offers it."""
        return (await self.listing_in(server)).by_digest.get(digest)

    def seconds_to_wait(self, member: int, channel: int, server: int | None) -> int:
        """Count a question against the rate limits; return the seconds to wait if it exceeds them."""
        own, defaults = self.servers.of(server), self.cooldowns.rates
        rates = Rates(
            defaults.member if own.member_questions is None else own.member_questions,
            defaults.channel if own.channel_questions is None else own.channel_questions,
        )
        return self.cooldowns.wait(member, channel, server, rates)

    async def ask(
        self,
        request: Request,
        snapshot: Snapshot,
        way: str = "command",
        member_id: int | None = None,
    ) -> AskResult | None:
        """Answer a request without blocking the event loop; None if it asks nothing.

        Requests that wait for the embedding model take none of the threads that answer others.
        `way` says in log and metrics how the question came; `member_id` asks, and may prefer another number of quotes.
        """
        began = monotonic()
        asking = Asking(snapshot, _with_id(request), self.policy_for(member_id))
        try:
            result = await self._answer(asking)
        except Exception:
            self.metrics.questions.labels(way=way, outcome="failed").inc()
            raise
        if result is not None:
            record_question(self.metrics, asking, result, way, monotonic() - began)
        return result

    async def _answer(self, asking: Asking) -> AskResult | None:
        def begin() -> tuple[bool, AskResult | None]:
            """Begin, and also finish where there is nothing to wait for: each way to a thread costs."""
            asks = asking.begin()
            return asks, asking.finish() if asks and not asking.is_embedding else None

        asks, result = await self.run_quick(begin)
        if not asks or result is not None:
            return result
        await asyncio.get_running_loop().run_in_executor(self.waiters, asking.wait)
        return await self.run_quick(asking.finish)

    def keep(self, result: AskResult, server: int | None, member_id: int) -> int | None:
        """Keep a question for curators; return the id that votes refer to, None if it is not kept."""
        if not result.is_question or not self.preferences.of(member_id).keep:
            return None
        return self.question_log.keep(result.answer, server, member_id)

    def policy_for(self, member_id: int | None) -> Policy:
        """The policy, with as many quotes at once as the member prefers."""
        quotes = None if member_id is None else self.preferences.of(member_id).quotes
        return self.policy if quotes is None else dataclasses.replace(self.policy, quotes=quotes)

    def previous_turn(self, *keys: Hashable) -> Turn | None:
        """The last turn of the first of the conversations `keys` that has one."""
        return next((turn for key in keys if (turn := self.conversations.last(key))), None)

    def remember(self, result: AskResult, *keys: Hashable | None) -> None:
        """Make `result` the last turn of the conversations `keys`, if something was found."""
        if result.turn is not None:
            for key in filter(None, keys):
                self.conversations.remember(key, result.turn)

    async def find_source(self, message: str, snapshot: Snapshot) -> Answer:
        """Find the passages that `message` repeats."""
        return await self.run_quick(lambda: find_source(snapshot, message, self.policy))

    async def warm_up(self) -> None:
        """Answer a made-up question and load all languages, so that no member waits for that.

        What is in memory then mostly stays until the end. The garbage collector leaves it out from now on:
        a full collection stops all threads, for longer the more objects it looks through.
        """
        await self.run_quick(_load_languages)
        titles = " ".join(source.title for source in islice(self.snapshot.sources.values(), 3))
        with suppress(EngineUnavailableError):  # members are told so when they ask
            await self._answer(Asking(self.snapshot, Request(titles), self.policy))
        gc.collect()
        gc.freeze()

    async def reload(
        self, *, skip_broken: bool = False, strict: bool = False, unfinished: Container[str] = ()
    ) -> ReloadResult:
        """Read what has changed in the knowledge folder; see `Library.reload`."""

        def work() -> ReloadResult:
            return self.library.reload(
                skip_broken=skip_broken, strict=strict, unfinished=unfinished
            )

        async with self.changing:
            return await self._counted(work)

    async def apply_change(self, change: Callable[[], Callable[[], None]]) -> ReloadResult:
        """Apply a change to the knowledge folder and read it again; `change` returns its undo."""
        async with self.changing:
            return await self._counted(lambda: self.library.apply_change(change))

    async def _counted(self, reload: Callable[[], ReloadResult]) -> ReloadResult:
        result = "failed"
        try:
            reloaded = await self.run_slow(reload)
            result = "refused" if not reloaded.swapped else "replaced"
            if reloaded.swapped and not reloaded.changes:
                result = "unchanged"
        finally:
            self.metrics.reloads.labels(result=result).inc()
        return reloaded

    async def run_quick(self, job: Callable[[], Result]) -> Result:
        """Run a job of milliseconds in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, job)

    async def run_slow(self, job: Callable[[], Result]) -> Result:
        """Run a job that may take seconds in a thread that no answer needs."""
        return await asyncio.get_running_loop().run_in_executor(self.builders, job)


def _with_id(request: Request) -> Request:
    return request if request.id else dataclasses.replace(request, id=new_id())


def _load_languages() -> None:
    catalogue.load_all()
    spoken_language("", ENGLISH.locale)


def service_of(interaction: Interaction) -> Service:
    """The service of the client that an interaction came to."""
    service: Service = interaction.client.service
    return service
