"""A small knowledge folder, and a simulated Discord with the real bot in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
import structlog
from hypothesis import settings

from bot.answering.answerer import Policy
from bot.answering.conversation import Conversations
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.cooldowns import Cooldowns
from bot.discord.kit.question_log import QuestionLog
from bot.discord.kit.servers import ServerSettingsCache
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.library.snapshots import Snapshot, build_snapshot
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.texts.folder import write_source
from tests.samples import BREAD, BRIDGE

# No deadline: machines differ, and tests run side by side. The same examples each time, so that a change is
# not blamed for an old fault; `make explore` looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

CURATOR_ROLE = "Keepers"


PATIENCE = 60.0
"""Seconds after which a test takes the bot to be stuck; a busy machine is slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every simulated Discord that timeout."""
    for item in items:
        if item.get_closest_marker("simcord") is None:
            item.add_marker(pytest.mark.simcord(settle_timeout=PATIENCE))


@pytest.fixture(autouse=True)
def nothing_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no work to be slow just because the machine is; see `slowness.hold`."""
    for module in ("kit.sending", "ask.message_handler"):
        monkeypatch.setattr(f"bot.discord.{module}.ACKNOWLEDGE_AFTER", 3_600)


@pytest.fixture(autouse=True)
def plain_tracebacks() -> None:
    """Log plain tracebacks, as `operations.logging` does; rich's take seconds."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


@pytest.fixture
def snapshot() -> Snapshot:
    """The snapshot of the tests' two texts."""
    return build_snapshot([BRIDGE, BREAD])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with the tests' two texts."""
    path = tmp_path / "knowledge"
    (path / "baking").mkdir(parents=True)
    for source in (BRIDGE, BREAD):
        write_source(source, path)
    return path


class Clock:
    """A clock that the test sets."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the conversations."""
    return Clock()


TODAY = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """An empty storage."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'verbatim.db'}"
    storage = await Storage.open(url, tmp_path / "verbatim.key", days=90)
    yield storage
    await storage.close()


@pytest.fixture
async def service(folder: Path, clock: Clock, storage: Storage) -> AsyncIterator[Service]:
    """The service of the simulated bot."""
    library = Library(folder)
    library.load()
    with ThreadPoolExecutor(2) as executor:
        service = Service(
            library,
            Policy(),
            DiscordSettings(),
            Conversations(clock),
            executor,
            Cooldowns(clock, member=12, channel=60),
            storage,
            await ServerSettingsCache.read(storage),
            QuestionLog(storage, lambda: TODAY, pause=0),  # simcord would wait for the timer
            now=lambda: TODAY,
        )
        yield service
        await service.question_log.settle()


@pytest.fixture
def simcord_bot(service: Service) -> VerbatimClient:
    """The bot in the simulation."""
    return VerbatimClient(service)


@dataclass
class World:
    """A server with a channel, a member without rights, and one who may Manage Server."""

    env: Any
    guild: Any
    channel: Any
    member: Any
    manager: Any

    @property
    def mention(self) -> str:
        """The mention of the bot."""
        return f"<@{self.env.bot.user.id}>"

    async def restart(self, service: Service) -> None:
        """Replace the running bot by a new one."""
        await self.env.restart_bot(VerbatimClient(service))


@pytest.fixture
def world(simcord_env: Any) -> World:
    """The simulated server."""
    guild = simcord_env.create_guild("Lab")
    channel = guild.create_text_channel("ask")
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(simcord_env.create_user("member"))
    manager = guild.add_member(simcord_env.create_user("manager"), roles=[managers])
    return World(simcord_env, guild, channel, member, manager)
