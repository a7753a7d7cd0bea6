"""Servers come and go; what has been kept for long enough is deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from simcord.backend.serializers import guild_create_payload
from structlog.testing import capture_logs

from bot.discord.app.upkeep import Upkeep
from bot.discord.kit.service import Service, seconds_since_boot
from bot.errors import Problem
from bot.models import Outcome
from bot.storage.connections import StorageError
from bot.storage.questions import AskedQuestion
from bot.storage.servers import ServerSettings
from tests.conftest import TODAY, World
from tests.discord.settled import settle

DAY = timedelta(days=1)


def move(service: Service, days: int) -> None:
    """Let so many days have passed since today."""
    service.now = lambda: TODAY + days * DAY
    began = seconds_since_boot()
    service.elapsed = lambda: began + days * DAY.total_seconds()


@pytest.fixture
async def left(world: World, service: Service) -> World:
    """Return the server after the bot was removed from it."""
    await settle(world, service, language="es")
    world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()
    return world


async def test_a_server_that_removed_the_bot_is_forgotten_after_the_grace_days(
    left: World, service: Service
) -> None:
    """Not before: it may have been a slip."""
    upkeep, server = Upkeep(service, tuple), left.guild.id
    assert await service.storage.servers.departed() == {server}
    move(service, service.grace_days)
    await upkeep.purge()
    assert service.servers.of(server).language == "es"
    move(service, service.grace_days + 1)
    await upkeep.purge()
    assert service.servers.of(server) == ServerSettings()
    assert await service.storage.servers.all() == {}
    assert await service.storage.servers.departed() == frozenset()


async def test_a_server_that_comes_back_has_its_settings_still(
    left: World, service: Service
) -> None:
    """And is not deleted later."""
    backend = left.env.backend
    backend.guilds[left.guild.id] = left.guild._guild
    left.guild._guild.channel_ids.clear()
    payload = dict(guild_create_payload(backend, left.guild._guild))
    payload.pop("unavailable", None)  # Discord says it only of servers that the bot was in already
    backend.emit("GUILD_CREATE", payload)
    await left.env.settle()
    assert await service.storage.servers.departed() == frozenset()
    move(service, 1_000)
    await Upkeep(service, tuple).purge()
    assert service.servers.of(left.guild.id).language == "es"


async def test_what_happened_while_the_bot_was_away_is_noticed(
    world: World, service: Service
) -> None:
    """It compares the servers that it knows with those it is in, before anything is deleted."""
    await settle(world, service, language="es")
    gone, back = world.guild.id + 1, world.guild.id
    await service.servers.change(gone, ServerSettings(language="es"), 1, "", TODAY)
    await service.storage.servers.left(back, TODAY - 1_000 * DAY)
    upkeep = Upkeep(service, lambda: [back])
    assert await upkeep.compare()
    await upkeep.purge()
    assert await service.storage.servers.departed() == {gone}
    assert service.servers.of(back).language == "es"


async def test_it_is_compared_when_the_bot_is_ready(world: World, service: Service) -> None:
    """At every start."""
    await settle(world, service, language="es")
    await service.storage.servers.left(world.guild.id, TODAY)
    await world.restart(service)
    await world.env.bot.on_ready()
    assert await service.storage.servers.departed() == frozenset()


async def test_old_questions_are_deleted_daily(world: World, service: Service) -> None:
    """A day at a time, for as long as the bot runs."""
    old = AskedQuestion(1, None, TODAY, "old?", Outcome.ANSWERED, 0.9)
    await service.storage.questions.keep(old, 7)
    await world.env.advance_time(86_400)
    assert await service.storage.questions.vote(1, 7, True) is not None
    move(service, 91)
    await world.env.advance_time(86_400)
    assert await service.storage.questions.vote(1, 7, True) is None


async def test_a_clock_that_is_set_forward_deletes_nothing(
    service: Service,
) -> None:
    """Until it has said the same for a day: then it is believed."""
    upkeep, young = (
        Upkeep(service, tuple),
        AskedQuestion(1, None, TODAY, "?", Outcome.ANSWERED, 0.9),
    )
    await service.storage.questions.keep(young, 7)
    service.now = lambda: TODAY + 3_650 * DAY
    with capture_logs() as log:
        await upkeep.purge()
        await upkeep.purge()
    assert ["clock was set forward" in line["event"] for line in log] == [True]
    assert await service.storage.questions.vote(1, 7, True) is not None
    service.now = lambda: TODAY + 3_651 * DAY
    service.elapsed = lambda: seconds_since_boot() + DAY.total_seconds()
    await upkeep.purge()
    assert await service.storage.questions.vote(1, 7, True) is None


async def test_a_storage_that_fails_is_asked_again_the_next_day(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop does not end, and no event fails."""

    async def fails(*_: object) -> Any:
        raise StorageError(Problem("verbatim.db", "is locked"))

    upkeep = Upkeep(service, tuple)
    with monkeypatch.context() as patched:
        for name in ("known", "left", "returned", "purge_departed"):
            patched.setattr(service.storage.servers, name, fails)
        await world.env.advance_time(86_400)
        assert not await upkeep.compare()
        await upkeep.left(1)
        await upkeep.returned(1)
    old = AskedQuestion(1, None, TODAY - 91 * DAY, "old?", Outcome.ANSWERED, 0.9)
    await service.storage.questions.keep(old, 7)
    await world.env.advance_time(86_400)
    assert await service.storage.questions.vote(1, 7, True) is None


async def test_nothing_is_deleted_before_it_is_known_who_is_back(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage that could not be asked at the start is asked the next day."""
    await service.storage.servers.left(world.guild.id, TODAY - 1_000 * DAY)
    await settle(world, service, language="es")

    async def fails(*_: object) -> Any:
        raise StorageError(Problem("verbatim.db", "is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(service.storage.servers, "known", fails)
        await world.restart(service)
    await world.env.advance_time(86_400)
    assert await service.storage.servers.departed() == frozenset()
    assert service.servers.of(world.guild.id).language == "es"


async def test_the_daily_work_ends_with_the_bot(world: World, service: Service) -> None:
    """Nothing runs on after it has left Discord."""
    bot = world.env.bot
    assert bot._upkeep.daily.is_running()
    await world.restart(service)
    assert not bot._upkeep.daily.is_running()
