"""What the bot may do on each of its servers, as the command line shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord.app.server_check import ServerReport, check_servers, inspect
from bot.discord.kit.service import Service
from bot.errors import VerbatimError
from bot.storage.daily import Plan
from bot.storage.servers import ServerSettings
from tests.conftest import TODAY, World


async def look(world: World, *, listen: bool = False, **chosen: Any) -> ServerReport:
    settings = {world.guild.id: ServerSettings(**chosen)}
    return await inspect(world.env.bot, settings, {}, listen=listen)


async def deny(world: World, **permissions: bool) -> None:
    channel = world.env.bot.get_channel(world.channel.id)
    await channel.set_permissions(channel.guild.me, **permissions)
    await world.env.settle()


async def test_where_all_is_well_a_server_takes_one_line(world: World) -> None:
    report = await look(world)
    assert report.ok
    assert report.lines == (
        "message content: off",
        f"Lab ({world.guild.id}): {report.lines[1].split(': ')[1]}",
    )
    assert report.lines[1].endswith(" hidden from the bot")


async def test_a_channel_that_is_set_and_lacks_something_is_wrong(world: World) -> None:
    """By the permissions' names; one that is not set is only told."""
    await deny(world, send_messages=False)
    report = await look(world)
    assert report.ok
    assert "  #ask: without Send Messages" in report.lines
    report = await look(world, listens=frozenset({world.channel.id}))
    assert not report.ok
    assert "  wrong: #ask: without Send Messages" in report.lines


async def test_a_hidden_channel_is_counted_and_wrong_only_if_it_is_set(world: World) -> None:
    await deny(world, view_channel=False)
    report = await look(world)
    assert report.ok
    assert ", 1 hidden from the bot" in report.lines[1]
    report = await inspect(
        world.env.bot, {}, {world.guild.id: frozenset({world.channel.id})}, listen=False
    )
    assert "  wrong: #ask: without View Channel" in report.lines


async def test_what_is_set_and_gone_is_named(world: World) -> None:
    report = await look(world, forums=frozenset({77}))
    assert "  set, but not among its channels: 77" in report.lines
    assert report.lines[0].endswith(f"does not listen where it should: {world.guild.id}")


async def test_a_connection_that_breaks_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every error of the network is an OSError."""

    async def breaks(*_: Any) -> None:
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(discord.Client, "login", breaks)
    with pytest.raises(VerbatimError, match=r"cannot be asked: \w+: Server disconnected"):
        await check_servers("token", {}, {}, listen=False)


async def test_daily_channels_are_read_by_server(service: Service) -> None:
    """Those that are not paused."""
    for server, channel in ((1, 5), (1, 6), (2, 7)):
        await service.storage.daily.set(server, Plan(channel, 0, "UTC"), TODAY, 9)
    assert await service.storage.daily.channels() == {1: frozenset({5, 6}), 2: frozenset({7})}


@pytest.mark.parametrize(
    ("allowed", "listen", "line"),
    [
        (True, True, "message content: on"),
        (False, True, "wrong: discord.listen: Discord does not let the bot listen"),
        (True, False, "message content: off"),
    ],
)
async def test_it_says_whether_the_bot_may_listen(
    world: World, monkeypatch: pytest.MonkeyPatch, allowed: bool, listen: bool, line: str
) -> None:
    """By the application's flags: before Discord refuses the connection."""

    async def information() -> Any:
        flags = discord.ApplicationFlags(gateway_message_content_limited=allowed)
        return SimpleNamespace(flags=flags)

    monkeypatch.setattr(world.env.bot, "application_info", information)
    report = await look(world, listen=listen)
    assert report.lines[0].startswith(line)
    assert report.ok is not line.startswith("wrong")
