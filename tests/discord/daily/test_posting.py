"""Daily passages when they are due: once each, late after an outage, never twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.discord.app.client import VerbatimClient
from bot.discord.daily.changes import ScheduleChanges
from bot.discord.daily.posting import AGAIN, LONGEST_PAUSE, DailyPoster
from bot.discord.daily.wording import DailyWording
from bot.discord.kit.service import Service
from bot.library.picking import MIN_LENGTH
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedule, DailySchedules, PauseReason, Plan
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from bot.wording.catalogue import wording_in
from tests.conftest import World
from tests.discord.settled import said_in, settle
from tests.samples import BREAD

START = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
SLOT = datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
"""Half past eight in Berlin."""
DAY = timedelta(days=1)


@dataclass
class Days:
    """A server with a schedule, and a clock that the test sets."""

    world: World
    service: Service
    poster: DailyPoster
    now: datetime = START

    async def begin(self, **changes: Any) -> DailySchedule:
        """Set a schedule for the channel."""
        plan = Plan(self.world.channel.id, 510, "Europe/Berlin")
        plan = Plan(**{name: getattr(plan, name) for name in Plan.__slots__} | changes)
        schedule = await self.service.storage.daily.set(self.world.guild.id, plan, SLOT, 10)
        assert schedule is not None
        return schedule

    async def at(self, now: datetime) -> list[str]:
        """Set the clock, let it post, and return all that was said, the oldest first."""
        self.now = now
        await self.poster.post_due()
        await self.world.env.settle()
        return [m.content for m in said_in(self.world, self.world.channel)]

    async def paused(self) -> PauseReason | None:
        (schedule,) = await self.service.storage.daily.of(self.world.guild.id)
        return schedule.paused


@pytest.fixture
def days(world: World, service: Service) -> Days:
    client: VerbatimClient = world.env.bot
    poster = next(one for one in client._event_listeners if isinstance(one, DailyPoster))
    made = Days(world, service, poster)
    service.now = lambda: made.now
    return made


async def test_a_passage_comes_every_day_at_its_time(days: Days) -> None:
    """With who says it, and the way to its context and on."""
    await days.begin()
    assert await days.at(SLOT - timedelta(minutes=1)) == []
    said = await days.at(SLOT + timedelta(seconds=15))
    assert len(said) == 1
    assert said[0].startswith(f"**{DailyWording.TODAY}**\n> ")
    assert "\n-# — " in said[0]
    (row,) = days.world.channel.last_message.components
    assert [one.label for one in row.children] == [wording.IN_CONTEXT, wording.FOLLOW_UP]
    assert len(await days.at(SLOT + timedelta(hours=5))) == 1
    assert len(await days.at(SLOT + DAY)) == 2


async def test_in_order_it_goes_through_the_text_also_after_a_reload(
    days: Days, world: World, service: Service
) -> None:
    """Each passage once."""
    await days.begin(source="bridge", in_order=True)
    passages = [p for p in service.snapshot.passages if p.source.id == "bridge"]
    for day in range(3):
        said = await days.at(SLOT + day * DAY)
        write_source(replace(BREAD, id=f"a{day}"), service.library.folder)
        await world.manager.slash(world.channel, "reload")
    for passage, content in zip(passages, said, strict=False):
        assert passage.text[:40] in content


async def test_at_random_none_comes_again_before_all_have(days: Days, service: Service) -> None:
    """Not even after a restart."""
    await days.begin()
    answers = [p for p in service.snapshot.passages if len(p.text) >= MIN_LENGTH]
    for day in range(len(answers)):
        await days.at(SLOT + day * DAY)
        if day == 2:
            await days.world.restart(service)
            client: VerbatimClient = days.world.env.bot
            days.poster = next(
                one for one in client._event_listeners if isinstance(one, DailyPoster)
            )
    said = await days.at(SLOT + timedelta(days=len(answers)))
    assert len({*said[:-1]}) == len(answers)
    assert len(said) == len(answers) + 1


@pytest.mark.parametrize(
    ("back_after", "count"),
    [
        (timedelta(hours=5), 1),
        (timedelta(days=3, hours=5), 1),
        (timedelta(hours=23, minutes=30), 0),
    ],
)
async def test_after_an_outage_one_comes_late_at_most(
    days: Days, back_after: timedelta, count: int
) -> None:
    """None if the next one comes within the hour; that one comes in time in any case."""
    await days.begin()
    assert len(await days.at(SLOT + back_after)) == count
    assert len(await days.at(SLOT + back_after + timedelta(minutes=1))) == count
    next_day = SLOT + timedelta(days=back_after.days + 1)
    assert len(await days.at(next_day)) == count + 1


async def test_two_processes_post_once(days: Days, world: World, service: Service) -> None:
    """Both see the slot before one of them claims it."""
    await days.begin()
    other = DailyPoster(service, False)
    other._client = world.env.bot
    days.now = SLOT
    await asyncio.gather(days.poster.post_due(), other.post_due())
    assert len(await days.at(SLOT)) == 1


async def test_what_is_claimed_and_lost_is_not_posted_again(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between the two leaves that day without a passage."""
    await days.begin()

    async def dying(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(discord.TextChannel, "send", dying)
        with pytest.raises(asyncio.CancelledError):
            await days.at(SLOT)
    assert await days.at(SLOT + timedelta(minutes=1)) == []
    assert len(await days.at(SLOT + DAY)) == 1


async def test_a_fault_of_discords_is_tried_again_with_the_same_passage(
    days: Days, world: World
) -> None:
    """Under the same nonce, for as long as Discord knows it; later that would risk two."""
    await days.begin()
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=503, times=1)
    assert await days.at(SLOT) == []
    assert len(await days.at(SLOT + timedelta(seconds=20))) == 1
    sent = [r.json for r in world.env.http_requests if r.method == "POST" and r.path.endswith(path)]
    assert sent[0]["nonce"] == sent[1]["nonce"]
    assert sent[0]["content"] == sent[1]["content"]
    world.env.inject_error("POST", path, status=503, times=1)
    late = SLOT + DAY + timedelta(minutes=10)
    assert len(await days.at(late)) == 1
    assert len(await days.at(late + timedelta(seconds=20))) == 1


async def test_it_is_paused_in_a_thread_whose_channel_is_hidden(
    days: Days, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then Discord's library cannot tell what the bot may do there, and raises an error."""
    await days.begin()

    def unknown(*_: object) -> None:
        raise discord.ClientException("Parent channel not found")

    channel = world.env.bot.get_channel(world.channel.id)
    monkeypatch.setattr(type(channel), "permissions_for", unknown)
    days.now = SLOT
    await days.poster.post_due()
    assert await days.paused() == "permission"


@pytest.mark.parametrize("reason", ["channel", "permission", "silent", "text", "sending"])
async def test_it_is_paused_when_it_cannot_go_on(
    days: Days, world: World, service: Service, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a line in the log, and until a curator resumes it."""
    await days.begin(source="bridge")
    if reason == "channel":
        world.env.backend.delete_channel(world.channel.id)
    elif reason == "permission":
        me = world.env.bot.get_guild(world.guild.id).me
        await world.env.bot.get_channel(world.channel.id).set_permissions(me, send_messages=False)
    elif reason == "silent":
        await settle(world, service, silent=frozenset({world.channel.id}))
    elif reason == "text":
        await settle(world, service, sources=frozenset({"baking/bread"}))
    else:
        path = f"/channels/{world.channel.id}/messages"
        world.env.inject_error("POST", path, status=403, code=50013)
    await world.env.settle()
    days.now = SLOT
    await days.poster.post_due()
    assert await days.paused() == ("permission" if reason == "sending" else reason)
    assert "a daily passage is paused" in capsys.readouterr().out
    days.now = SLOT + DAY
    await days.poster.post_due()
    tried = [r for r in world.env.http_requests if r.path.endswith("/messages")]
    assert len(tried) == (reason == "sending")


async def test_it_wakes_when_the_next_one_is_due(days: Days) -> None:
    """Or when a curator changes something; soon again where something failed."""
    assert await days.poster.post_due() == LONGEST_PAUSE
    await days.begin()
    days.now = SLOT - timedelta(seconds=90)
    assert await days.poster.post_due() == 90
    days.now = SLOT
    path = f"/channels/{days.world.channel.id}/messages"
    days.world.env.inject_error("POST", path, status=503)
    assert await days.poster.post_due() == AGAIN
    assert await days.poster.post_due() == LONGEST_PAUSE


async def test_only_the_role_that_was_set_is_mentioned(days: Days, world: World) -> None:
    """Nothing in a text can ping anybody."""
    role = world.guild.create_role("Readers")
    await days.begin(role=role.id)
    said = await days.at(SLOT)
    assert said[0].startswith(f"**{DailyWording.TODAY}** <@&{role.id}>\n")
    (sent,) = [r.json for r in world.env.http_requests if r.path.endswith("/messages")]
    assert sent["allowed_mentions"] == {
        "parse": [], "roles": [role.id],
    }  # fmt: skip


async def test_it_speaks_the_servers_language(days: Days, service: Service) -> None:
    """The passage stays as it is."""
    await settle(days.world, service, language="es")
    await days.begin()
    said = await days.at(SLOT)
    assert said[0].startswith(f"**{wording_in('es').lines_of(DailyWording).TODAY}**")


async def test_a_storage_that_fails_costs_nothing_but_time(
    days: Days, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said once, and the passage comes when the storage is back."""
    await days.begin()

    async def failing(*_: object) -> None:
        raise StorageError

    with monkeypatch.context() as patched:
        patched.setattr(DailySchedules, "due", failing)
        for _ in range(3):
            assert await days.at(SLOT) == []
    assert capsys.readouterr().out.count("wait for the storage") == 1
    assert len(await days.at(SLOT + timedelta(minutes=1))) == 1


async def test_servers_that_this_process_does_not_serve_are_left_to_others(
    days: Days, service: Service
) -> None:
    """Their slots stay unclaimed."""
    await days.begin()
    await service.storage.daily.set(99, Plan(5, 510, "UTC"), SLOT, 10)
    assert len(await days.at(SLOT)) == 1
    assert [one.server for one in await service.storage.daily.due(SLOT)] == [99]


async def test_a_change_while_it_looks_is_seen_at_once(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look may have read the schedules already: another one follows it, not in ten minutes."""
    changes = days.service.state(ScheduleChanges)
    looks = 0

    async def post_due() -> float:
        nonlocal looks
        looks += 1
        if looks == 1:
            changes.announce()
        return LONGEST_PAUSE

    monkeypatch.setattr(days.poster, "post_due", post_due)
    changes.announce()
    await days.world.env.advance_time(1)
    assert looks == 2
