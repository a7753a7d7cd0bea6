"""The stage of a scenario: the stand-in, the bot at it in this process, and what came of both."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import structlog

from benchmarks.standin import payloads
from benchmarks.standin.bots import running
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.payloads import JSON
from benchmarks.standin.server import Standin
from bot.answering.answerer import Policy
from bot.config import DiscordSettings
from bot.discord.app.client import VerbatimClient
from bot.discord.app.network_faults import is_network_fault
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.operations.logging import configure
from bot.storage.database import Storage

P = ParamSpec("P")
Result = TypeVar("Result")

TEXT = """\
---
title: The Harbour Light
author: Ines Duarte
---
The harbour light was built in 1874 by the engineer Tomas Reyes. Its lamp burned whale oil until 1902.

The keeper's family lived on the second floor. They left when the light became automatic in 1968.

Visitors may climb the tower on Sundays. The stairs have 212 steps, and no lift was ever built.
"""
QUESTION = "Who was the engineer of the harbour light?"
ANSWER = "Tomas Reyes"

HASTE = 100
"""How much shorter the bot's pauses are on stage."""


class PausableExecutor(ThreadPoolExecutor):
    """Threads whose work can be held up, as on a machine that is very busy."""

    def __init__(self) -> None:
        super().__init__(2, "answering")
        self._open = threading.Event()
        self._open.set()

    def submit(
        self, work: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[Result]:
        """Do the work, once nothing holds it up."""

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


class Stage:
    """Everything that a scenario plays with."""

    def __init__(self, discord: Standin, folder: Path, log: StringIO) -> None:
        self.discord = discord
        self.folder = folder
        self.knowledge = folder / "knowledge"
        self.database = folder / "verbatim.db"
        self.log = log
        self.seconds = 0.0
        """How far the stand-in's clock is ahead."""
        self.server = discord.world.add_server()
        self.channel: JSON = self.server["channels"][0]
        self.member = payloads.user("member")
        self.manager = discord.world.add_manager()
        self.asked: list[Exchange] = []
        """Questions that must be answered once."""
        self.figures: dict[str, Any] = {}
        """What is worth telling in the table."""
        self.problems: list[str] = []
        """What is wrong beside lost and doubled answers."""
        self.ends = False
        """Whether the bot must have ended by itself."""
        self.executor = PausableExecutor()
        self.client: VerbatimClient
        self.service: Service
        self.task: asyncio.Task[None]

    async def mention(self, question: str = QUESTION) -> Exchange:
        """Ask by mention a question that must be answered once."""
        exchange = await self.discord.mention(self.member, self.channel, question)
        self.asked.append(exchange)
        return exchange

    async def ask(self, question: str = QUESTION) -> Exchange:
        """Ask by `/ask` a question that must be answered once."""
        exchange = await self.discord.slash(self.member, self.channel, "ask", question=question)
        self.asked.append(exchange)
        return exchange

    async def both(self) -> tuple[Exchange, Exchange]:
        """Ask by mention and by `/ask`."""
        return await self.mention(), await self.ask()

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a problem if something does not hold."""
        if not holds:
            self.problems.append(otherwise)

    def fail_message(self, act: Any, times: int = 1) -> None:
        """Let the next messages to the channel fail."""
        self.discord.fail("POST", r"/channels/\d+/messages", act, times)

    def fail_response(self, act: Any, times: int = 1) -> None:
        """Let the next responses to interactions fail."""
        self.discord.fail("POST", "/interactions/.+/callback", act, times)

    def fail_follow_up(self, act: Any, times: int = 1) -> None:
        """Let the next follow-ups fail."""
        self.discord.fail("POST", "/webhooks/[^/]+/[^/]+", act, times)

    async def settle(self) -> None:
        """Wait until everything that was asked is answered, and nothing is in flight."""
        for exchange in self.asked:
            await exchange.answer_text()
        while tasks := [t for t in asyncio.all_tasks() if t.get_name().startswith(IN_FLIGHT)]:
            await asyncio.wait(tasks)
        await self.service.question_log.settle()

    def database_problem(self) -> str | None:
        """What is wrong with the database, if anything."""
        with closing(sqlite3.connect(self.database)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            return None if found == "ok" else str(found)

    @property
    def lines(self) -> list[str]:
        """The log so far."""
        return self.log.getvalue().splitlines()


IN_FLIGHT = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")


async def hasten(seconds: float) -> None:
    """Sleep, but not for long."""
    await asyncio.sleep(seconds / HASTE)


@contextmanager
def logged() -> Iterator[StringIO]:
    """Log as `verbatim run` does, into a string."""
    root, written = logging.getLogger(), StringIO()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    with redirect_stderr(written):
        configure("info", "text", is_external=is_network_fault)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield written
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.configure(**before)


@asynccontextmanager
async def set_up(
    folder: Path | None = None, settings: DiscordSettings | None = None
) -> AsyncIterator[Stage]:
    """Set a stage in an empty folder."""
    if folder is None:
        with tempfile.TemporaryDirectory() as name:
            async with set_up(Path(name), settings) as stage:
                yield stage
        return
    with logged() as log:
        async with Standin.serve() as discord:
            stage = Stage(discord, folder, log)
            discord.interactions.clock = lambda: asyncio.get_running_loop().time() + stage.seconds
            stage.knowledge.mkdir()
            (stage.knowledge / "light.md").write_text(TEXT, encoding="utf-8")
            library = Library(stage.knowledge)
            library.load()
            url = f"sqlite+aiosqlite:///{stage.database}"
            storage = await Storage.open(url, folder / "verbatim.key", days=90)
            quiet = settings or DiscordSettings(member_questions=0, channel_questions=0)
            stage.service = await Service.of(library, Policy(), quiet, storage)
            stage.service.executor = stage.executor
            try:
                async with running(discord, stage.service, hasten) as (stage.client, stage.task):
                    yield stage
            finally:
                await stage.service.question_log.settle()
                await storage.close()
                stage.executor.shutdown()
