"""/daily: what curators set, see, pause and remove."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.discord.daily.commands import MAX_SCHEDULES
from bot.discord.daily.wording import DailyWording
from bot.discord.kit.service import Service
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedule, DailySchedules, PauseReason, Plan
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.settled import settle

OWN = wording.lines_of(DailyWording)
BERLIN = {"time": "8:30", "zone": "berlin"}
DUE = datetime(2026, 3, 15, 7, 30, tzinfo=UTC)
"""The next half past eight in Berlin for the tests' clock."""


async def use(world: World, name: str, **options: Any) -> str:
    result = await world.manager.slash(world.channel, f"daily {name}", **options)
    assert result.ephemeral
    content: str = result.response.content
    return content


async def schedules(world: World, service: Service) -> list[DailySchedule]:
    return await service.storage.daily.of(world.guild.id)


async def test_what_is_set_is_kept_shown_and_recorded(world: World, service: Service) -> None:
    """With everything that can be set."""
    role = world.guild.create_role("Readers", mentionable=True)
    said = await use(
        world, "set", channel=world.channel, **BERLIN, source="tamar", order="in order", role=role
    )
    line = (
        f"<#{world.channel.id}>: 08:30 (Europe/Berlin), from “The bridge over the Tamar”, in order,"
        f" mentions <@&{role.id}>. Next: <t:{int(DUE.timestamp())}:f>"
    )
    assert said == OWN.is_set(line)
    assert await use(world, "status") == f"{OWN.HEADING}\n- {line}"
    (kept,) = await schedules(world, service)
    assert (kept.due_at, kept.plan.source, kept.plan.in_order) == (DUE, "bridge", True)
    (entry,) = await service.storage.audit.latest(world.guild.id, 9)
    assert (entry.member_id, entry.action, entry.detail) == (world.manager.id, "daily", line)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"time": "noonish"}, OWN.NOT_A_TIME),
        ({"zone": "*Atlantis*"}, OWN.not_a_zone(r"\*Atlantis\*")),
        ({"source": "nothing"}, wording.unknown_source("nothing")),
    ],
)
async def test_what_was_mistyped_is_said_in_one_line(
    world: World, service: Service, options: dict[str, str], line: str
) -> None:
    """What was set before stays."""
    await use(world, "set", channel=world.channel, **BERLIN)
    assert await use(world, "set", channel=world.channel, **{**BERLIN, **options}) == line
    (kept,) = await schedules(world, service)
    assert kept.plan.minute == 510


async def test_where_the_bot_may_not_post_it_names_what_is_missing(
    world: World, service: Service
) -> None:
    """Instead of failing at half past eight."""
    channel = world.env.bot.get_channel(world.channel.id)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    await world.env.settle()
    said = await use(world, "set", channel=world.channel, **BERLIN)
    assert said == OWN.lacking(f"<#{world.channel.id}>", ["Send Messages"])
    await channel.set_permissions(channel.guild.me, send_messages=True)
    await settle(world, service, silent=frozenset({world.channel.id}))
    assert await use(world, "set", channel=world.channel, **BERLIN) == OWN.SILENT
    assert await schedules(world, service) == []


async def test_a_curator_cannot_ping_by_the_bot_whom_they_may_not_ping(
    world: World, service: Service
) -> None:
    """Neither everybody nor a role that only others may mention."""
    role = world.guild.create_role("Officers")
    said = await use(world, "set", channel=world.channel, **BERLIN, role=role)
    assert said == OWN.CANNOT_MENTION
    said = await use(world, "set", channel=world.channel, **BERLIN, role=world.guild.default_role)
    assert said == OWN.NOT_EVERYBODY
    assert await schedules(world, service) == []


async def test_a_thread_can_be_set_and_other_channels_cannot(
    world: World, service: Service
) -> None:
    """Discord offers text channels and threads alone."""
    parent = world.env.bot.get_channel(world.channel.id)
    thread = await parent.create_thread(name="Readings", type=discord.ChannelType.public_thread)
    await world.env.settle()
    handle = next(one for one in world.channel.threads if one.id == thread.id)
    await use(world, "set", channel=handle, **BERLIN)
    assert [one.plan.channel for one in await schedules(world, service)] == [thread.id]


async def test_pause_resume_and_remove(world: World, service: Service) -> None:
    """By the channel's name as one types; the next one is never in the past."""
    await use(world, "set", channel=world.channel, **BERLIN)
    found = await world.manager.autocomplete(world.channel, "daily pause", "channel", "#as")
    assert [c["name"] for c in found] == ["#ask – 08:30 Europe/Berlin"]
    chosen = found[0]["value"]
    mention = f"<#{world.channel.id}>"
    assert await use(world, "pause", channel=chosen) == OWN.is_paused(mention)
    assert OWN.paused(PauseReason.CURATOR) in await use(world, "status")
    service.now = lambda: DUE + timedelta(days=2, minutes=1)
    assert (await use(world, "resume", channel=chosen)).startswith("Resumed.")
    (kept,) = await schedules(world, service)
    assert (kept.paused, kept.due_at) == (None, DUE + timedelta(days=3))
    assert await use(world, "remove", channel=chosen) == OWN.removed(mention)
    assert await use(world, "remove", channel=chosen) == OWN.NO_SUCH_SCHEDULE
    assert await use(world, "status") == OWN.NONE


async def test_why_it_is_paused_is_said_and_it_can_be_removed_without_its_channel(
    world: World, service: Service
) -> None:
    """The list still has it."""
    other = world.guild.create_text_channel("other")
    await use(world, "set", channel=other, **BERLIN)
    (kept,) = await schedules(world, service)
    world.env.backend.delete_channel(other.id)
    await service.storage.daily.pause(kept, PauseReason.CHANNEL)
    assert OWN.paused(PauseReason.CHANNEL) in await use(world, "status")
    assert await use(world, "resume", channel=str(other.id)) == OWN.NOT_A_CHANNEL
    found = await world.manager.autocomplete(world.channel, "daily remove", "channel", "")
    assert found[0]["value"] == str(other.id)
    await use(world, "remove", channel=found[0]["value"])
    assert await schedules(world, service) == []


async def test_zones_are_suggested_with_the_time_there(world: World) -> None:
    """So that one sees whether it is the right one."""
    found = await world.manager.autocomplete(
        world.channel, "daily set", "zone", "tok", channel=world.channel, time="8"
    )
    assert found[0] == {"name": "Asia/Tokyo (00:09)", "value": "Asia/Tokyo"}


async def test_there_is_a_limit_for_a_server(world: World, service: Service) -> None:
    """One more is refused; a change is not."""
    for number in range(MAX_SCHEDULES):
        channel = world.guild.create_text_channel(f"c{number}")
        await use(world, "set", channel=channel, **BERLIN)
    said = await use(world, "set", channel=world.channel, **BERLIN)
    assert said == OWN.too_many(MAX_SCHEDULES)
    assert (await use(world, "set", channel=channel, time="9", zone="UTC")).startswith("Set.")
    assert len(await schedules(world, service)) == MAX_SCHEDULES
    assert len(await use(world, "status")) < 2_000


async def test_all_schedules_are_listed_however_much_is_set(world: World, service: Service) -> None:
    """In several messages, which Discord takes only up to a length."""
    zone, role, source = "America/Argentina/Buenos_Aires", 10**18, "long-title-" * 9
    for number in range(MAX_SCHEDULES):
        plan = Plan(10**18 + number, 510, zone, source=source, in_order=True, role=role)
        await service.storage.daily.set(world.guild.id, plan, DUE, MAX_SCHEDULES)
    result = await world.manager.slash(world.channel, "daily status")
    contents = [message.content for message in (result.response, *result.followups)]
    assert len(contents) == 2
    assert all(len(content) <= 2_000 for content in contents)
    assert "\n".join(contents).count(f"from “{source}”") == MAX_SCHEDULES


async def test_a_storage_that_fails_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, and nothing is suggested."""

    async def failing(*_: object, **__: object) -> None:
        raise StorageError

    for name in ("set", "of"):
        monkeypatch.setattr(DailySchedules, name, failing)
    assert await use(world, "set", channel=world.channel, **BERLIN) == OWN.STORAGE_FAILED
    assert await use(world, "status") == OWN.STORAGE_FAILED
    assert await world.manager.autocomplete(world.channel, "daily pause", "channel", "") == []
