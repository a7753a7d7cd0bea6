"""The bot in shards, on a loopback Discord that divides its servers among connections."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from bot.config import Config
from bot.discord.app.running import BETWEEN_SESSIONS
from bot.discord.app.sharding import ShardedClient, make_client
from bot.discord.app.shared_settings import following_settings
from bot.discord.app.upkeep import Upkeep
from bot.discord.kit import permissions
from bot.discord.kit.preferences import PreferenceCache
from bot.discord.kit.servers import ServerSettingsCache
from bot.discord.kit.service import Service
from bot.settings.discord import ShardSettings
from bot.storage.database import Storage
from bot.storage.preferences import Preferences
from bot.storage.servers import ServerSettings
from tests.discord import loopback
from tests.discord.loopback import (
    BOT,
    JOINED,
    MEMBER,
    SOON,
    HandClock,
    Loopback,
    message,
    running,
    until,
)

NOW = datetime(2026, 3, 14, tzinfo=UTC)
QUESTION = "Who was too ill to attend the opening?"


def sharded(service: Service, shards: Literal["auto"] | ShardSettings) -> Service:
    """The service with this setting."""
    service.settings = service.settings.model_copy(update={"shards": shards})
    return service


async def answer_through(server: Loopback, shard: int, number: int) -> str:
    """Ask by mention through a shard's connection, and return the reply."""
    said = message(
        number, MEMBER, f"<@100> {QUESTION}", guild_id="500", mentions=[BOT], member=JOINED
    )
    await server.deliver_to_shard(shard, "MESSAGE_CREATE", said)
    reply: str = (await asyncio.wait_for(server.posted.get(), SOON))["content"]
    return reply


@pytest.mark.parametrize("shards", ["auto", ShardSettings(count=2)])
async def test_all_shards_are_kept_in_one_process(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    shards: Literal["auto"] | ShardSettings,
) -> None:
    """They begin as slowly as Discord demands; one that is lost comes back while the other answers."""
    clock = HandClock()
    async with (
        loopback.serve() as server,
        running(server, sharded(service, shards), monkeypatch, clock) as (bot, _),
    ):
        await asyncio.wait_for(bot.wait_until_ready(), SOON)
        await until(lambda: bot.gateway_problem is None)
        assert clock.slept == [BETWEEN_SESSIONS]
        assert await answer_through(server, 0, 8001)
        await server.drop(shard=1)
        await until(lambda: bot.gateway_problem is not None)
        assert (bot.gateway_problem or "").startswith("shard 1: not connected")
        await answer_through(server, 0, 8002)
        await until(lambda: bot.gateway_problem is None)
        assert server.connections.qsize() == 3


async def test_a_process_keeps_only_its_own_shards(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loopback's server belongs to shard 0, so that this process does not see it."""
    own = sharded(service, ShardSettings(count=4, ids=(1, 3)))
    async with loopback.serve() as server, running(server, own, monkeypatch) as (bot, _):
        await asyncio.wait_for(bot.wait_until_ready(), SOON)
        assert isinstance(bot, ShardedClient)
        assert [one.shard_id for one in bot.connections] == [1, 3]
        assert not bot.guilds
        assert [bot.serves(number << 22) for number in range(5)] == [
            False,
            True,
            False,
            True,
            False,
        ]


async def test_a_process_does_not_take_the_others_servers_for_left(service: Service) -> None:
    """Their data would be deleted after a month."""
    storage = service.storage
    for number in range(4):
        await storage.servers.set(number << 22, ServerSettings(language="es"))
    own = {1 << 22}
    upkeep = Upkeep(service, lambda: own, lambda server: (server >> 22) % 4 in {1, 3})
    assert await upkeep.compare()
    assert await storage.servers.departed() == {3 << 22}


async def test_with_shards_no_server_is_the_only_one(service: Service) -> None:
    """A process may see one server, and the bot be on many: the texts are everybody's."""
    interaction: Any = SimpleNamespace(client=SimpleNamespace(service=service, guilds=[object()]))
    assert permissions.may_write(interaction, 5)
    sharded(service, ShardSettings(count=2))
    assert not permissions.may_write(interaction, 5)


async def test_a_setting_that_another_process_changes_holds_within_a_moment(
    service: Service, storage: Storage
) -> None:
    """And is not undone by a later change here."""
    other = await ServerSettingsCache.read(storage)
    sharded(service, ShardSettings(count=2))

    async def change(cache: ServerSettingsCache, **changes: Any) -> None:
        await cache.update(5, lambda was: replace(was, **changes), 1, lambda *_: "changed", NOW)

    async with following_settings(service, every=0.001):
        await change(other, language="es")
        await until(lambda: service.servers.of(5).language == "es")
        await change(other, private=True)
        await change(service.servers, own_thread=True)
    expected = ServerSettings(language="es", private=True, own_thread=True)
    assert service.servers.of(5) == await storage.servers.get(5) == expected


async def test_what_a_member_prefers_holds_in_every_process(
    service: Service, storage: Storage
) -> None:
    """Chosen in a direct message, which one shard gets, it holds on servers of the others."""
    sharded(service, ShardSettings(count=2))
    other = PreferenceCache(storage)
    async with following_settings(service, every=0.001):
        await other.change(7, lambda _: Preferences("es"))
        await until(lambda: service.preferences.of(7).language == "es")


async def test_without_shards_the_storage_is_not_asked_again_and_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.servers, "refresh", None)
    async with following_settings(service, every=0.001):
        await asyncio.sleep(0)
    assert not isinstance(make_client(service), ShardedClient)


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ({"count": 2, "ids": [2]}, "must be below `count`, which is 2"),
        ({"count": 2, "ids": [0, 0]}, "each shard once"),
        ({"count": 2, "ids": []}, "at least one"),
        ({"count": 0}, "greater than or equal to 1"),
        ({"ids": [0]}, "count"),
    ],
)
def test_shards_that_cannot_be_are_refused(shards: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Config.model_validate({"discord": {"shards": shards}})
