"""Stages on which the bot runs in this process, so that its parts can be delayed or broken."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog

from benchmarks.scenarios.postgres import Postgres, serving
from benchmarks.scenarios.stage import Stage
from benchmarks.standin.bots import running
from benchmarks.standin.server import Standin
from bot.answering.answerer import Policy
from bot.discord.app.client import VerbatimClient
from bot.discord.app.network_faults import is_external
from bot.discord.kit.service import Service
from bot.errors import VerbatimError
from bot.library.library import Library
from bot.operations.logging import configure
from bot.search.embedding.embedder import Embedder
from bot.search.embedding.question_embedder import TimeLimit
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage

P = ParamSpec("P")
Result = TypeVar("Result")

HASTE = 100
"""The factor by which the bot's pauses are shorter on stage."""

MODEL_WAIT = 0.5
"""Seconds that a question waits for its model."""

IN_FLIGHT = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")
"""How the names of discord.py's tasks begin."""


class PausableExecutor(ThreadPoolExecutor):
    """Threads whose work can be delayed, as on a very busy machine."""

    def __init__(self) -> None:
        super().__init__(2, "answering")
        self._open = threading.Event()
        self._open.set()

    def submit(
        self, work: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[Result]:
        """Do the work as soon as it is not held up."""

        def when_open() -> Result:
            self._open.wait()
            return work(*args, **kwargs)

        return super().submit(when_open)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold all work up."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


class InProcess(Stage):
    """A stage with the bot in this process."""

    client: VerbatimClient
    service: Service
    task: asyncio.Task[None]

    def __init__(self, discord: Standin, folder: Path, log: StringIO) -> None:
        super().__init__(discord, folder)
        self.log = log
        self.executor = PausableExecutor()
        self.embedder: Embedder | None = None
        self.postgres: Postgres | None = None

    async def settle(self) -> None:
        """Wait until every question is answered, and nothing is in flight."""
        await super().settle()
        while tasks := [t for t in asyncio.all_tasks() if t.get_name().startswith(IN_FLIGHT)]:
            await asyncio.wait(tasks)
        await self.service.question_log.settle()

    @property
    def lines(self) -> list[str]:
        """The log so far."""
        return self.log.getvalue().splitlines()

    @property
    def ended(self) -> bool:
        """Whether the bot has ended."""
        return self.task.done()

    async def last_words(self) -> str:
        """Wait for the bot to end by itself, and return its last words."""
        async with asyncio.timeout(30):
            await asyncio.wait({self.task})
        error = self.task.exception()
        self.expect(isinstance(error, VerbatimError), f"ended by {error!r}")
        return str(error)


async def hasten(seconds: float) -> None:
    """Sleep, but only briefly."""
    await asyncio.sleep(seconds / HASTE)


@contextmanager
def logged() -> Iterator[StringIO]:
    """Log as `verbatim run` does, into a string."""
    root, written = logging.getLogger(), StringIO()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    with redirect_stderr(written):
        configure("info", "text", is_external=is_external)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield written
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.configure(**before)


@asynccontextmanager
async def in_process(
    embedder: Callable[[], Embedder] | None = None,
    *,
    on_postgres: bool = False,
    settings: DiscordSettings | None = None,
) -> AsyncIterator[InProcess]:
    """Set a stage in an empty folder, with the model that `embedder` makes.

    Without `settings`, members may ask as much as they want.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = stack.enter_context(logged())
        discord = await stack.enter_async_context(Standin.serve())
        stage = InProcess(discord, folder, log)
        clock = asyncio.get_running_loop().time
        discord.interactions.clock = lambda: clock() + stage.seconds
        stage.embedder = embedder() if embedder else None
        limit = TimeLimit(MODEL_WAIT)
        library = Library(stage.knowledge, embedder=stage.embedder, time_limit=limit)
        library.load()
        library.embed_passages()
        url = f"sqlite+aiosqlite:///{stage.database}"
        if on_postgres:
            stage.postgres = stack.enter_context(serving(folder))
            url = stage.postgres.url
        storage = await Storage.open(url, folder / "verbatim.key", days=90)
        stack.push_async_callback(storage.close)
        settings = settings or DiscordSettings(member_questions=0, channel_questions=0)
        stage.service = await Service.of(library, Policy(), settings, storage)
        stage.service.executor = stage.executor
        stack.callback(stage.executor.shutdown)
        stack.push_async_callback(stage.service.question_log.settle)
        stage.client, stage.task = await stack.enter_async_context(
            running(discord, stage.service, hasten)
        )
        yield stage
