"""/check: what the bot may do here, and whether its parts work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import __version__
from bot.discord.check.wording import CheckWording
from bot.discord.kit.service import Service
from bot.settings.discord import DiscordSettings
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedules, PauseReason, Plan
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, World
from tests.discord.settled import listen, settle

OWN = wording.lines_of(CheckWording)


async def check(world: World, channel: Any = None) -> list[str]:
    result = await world.manager.slash(channel or world.channel, "check")
    assert result.ephemeral
    lines: list[str] = result.response.content.split("\n")
    return [line.removeprefix("- ") for line in lines if line]


async def deny(world: World, **permissions: bool) -> None:
    channel = world.env.bot.get_channel(world.channel.id)
    await channel.set_permissions(channel.guild.me, **permissions)
    await world.env.settle()


async def test_where_all_is_well_it_says_so(world: World) -> None:
    """Every permission by name, content, texts, storage, version."""
    assert await check(world) == [
        f"**{OWN.here(f'<#{world.channel.id}>')}**",
        "View Channel: yes",
        "Send Messages: yes",
        "Read Message History: yes",
        OWN.NOT_LISTENING_HERE,
        f"**{OWN.EVERYTHING_ELSE}**",
        OWN.CONTENT_OFF,
        OWN.WORDS_ONLY,
        OWN.READER_OFF,
        "Texts used here: 2 texts, 8 passages.",
        OWN.STORAGE_WORKS,
        OWN.version(__version__),
    ]


async def test_what_does_not_fit_into_a_message_follows_in_another(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in Spanish, if everything is missing and there are lines about files and the search engine, too."""
    monkeypatch.setattr("bot.discord.check.command.MAX_ELSEWHERE", 9)  # in place of those lines
    await service.preferences.change(world.manager.id, lambda now: replace(now, language="es"))
    denied = {"send_messages": False, "read_message_history": False, "create_public_threads": False}
    names = [world.guild.create_text_channel(f"channel-{number}") for number in range(9)]
    for one in (world.channel, *names):
        channel = world.env.bot.get_channel(one.id)
        await channel.set_permissions(channel.guild.me, send_messages_in_threads=False, **denied)
    listens = frozenset(one.id for one in names)
    await settle(world, service, listens=listens, own_thread=True)
    result = await world.manager.slash(world.channel, "check")
    said = [result.response.content, *(one.content for one in result.followups)]
    assert len(said) == 2
    assert all(one.mention in "\n".join(said) for one in names)


async def test_each_missing_permission_is_named_with_what_it_costs(
    world: World, service: Service
) -> None:
    """Those for threads only where the server wants threads."""
    await deny(world, send_messages=False, create_public_threads=False)
    said = await check(world)
    assert f"**Send Messages: no.** {OWN.cost('send_messages')}" in said
    assert not any("Threads" in line for line in said)
    await settle(world, service, own_thread=True)
    said = await check(world)
    assert f"**Create Public Threads: no.** {OWN.cost('create_public_threads')}" in said
    assert "Send Messages in Threads: yes" in said


async def test_it_says_whether_listening_works(world: World, service: Service) -> None:
    """Here and in other channels."""
    other = world.guild.create_text_channel("other")
    await settle(world, service, listens=frozenset({world.channel.id, other.id}))
    assert OWN.LISTENING_IN_VAIN in await check(world)
    await listen(world, service)
    said = await check(world)
    assert OWN.LISTENS_HERE in said
    assert OWN.CONTENT_ON in said
    assert OWN.LISTENING_IN_VAIN not in said
    await deny(world, view_channel=False)
    said = await check(world, other)
    assert OWN.elsewhere(f"<#{world.channel.id}>", ["View Channel"]) in said
    await settle(world, service, silent=frozenset({other.id}))
    assert OWN.SILENT_HERE in await check(world, other)


async def test_daily_passages_that_are_paused_are_counted(world: World, service: Service) -> None:
    """Where they are listed is said."""
    for channel in (1, 2):
        plan = Plan(channel, 510, "UTC")
        await service.storage.daily.set(world.guild.id, plan, TODAY, 9)
    schedule = (await service.storage.daily.of(world.guild.id))[0]
    await service.storage.daily.pause(schedule, PauseReason.PERMISSION)
    assert OWN.daily(2, 1) in await check(world)


async def test_a_storage_out_of_reach_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else still is."""

    async def failing(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(DailySchedules, "of", failing)
    said = await check(world)
    assert OWN.STORAGE_FAILS in said
    assert OWN.version(__version__) in said


async def test_broken_files_concern_only_servers_that_may_change_them(
    world: World, service: Service
) -> None:
    """A file whose earlier version stays, and one that is left out."""
    bridge = service.library.folder / "bridge.md"
    bridge.write_text(bridge.read_text(encoding="utf-8")[:30], encoding="utf-8")
    (service.library.folder / "new.md").write_text("---\ntitle: New\n", encoding="utf-8")
    await service.reload(skip_broken=True)
    said = await check(world)
    assert f"{OWN.stale(1)} {OWN.SEE_RELOAD}" in said
    assert f"{OWN.left_out(1)} {OWN.SEE_RELOAD}" in said
    service.settings = DiscordSettings(writing_servers=())
    assert not any("cannot be read" in line for line in await check(world))
