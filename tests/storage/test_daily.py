"""Schedules of daily passages, and their slots."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.storage.daily import DailySchedule, PauseReason, Plan, ReadingPlace
from bot.storage.database import Storage
from tests.conftest import TODAY

PLAN = Plan(7, 510, "Europe/Berlin", "bridge", True, 8)
PLACE = ReadingPlace("bridge", 2, 40)
DAY = timedelta(days=1)


async def begun(storage: Storage, plan: Plan = PLAN, server: int = 1) -> DailySchedule:
    schedule = await storage.daily.set(server, plan, TODAY, 10)
    assert schedule is not None
    return schedule


async def test_a_plan_is_read_as_it_was_set(storage: Storage) -> None:
    """Each server has its own."""
    schedule = await begun(storage)
    await begun(storage, Plan(7, 0, "UTC"), server=2)
    assert await storage.daily.of(1) == [schedule]
    assert schedule.plan == PLAN
    assert schedule.due_at == TODAY


async def test_a_slot_is_claimed_once(storage: Storage, url: str, key_file: Path) -> None:
    """By one of two processes with the same database, though both have seen it due."""
    await begun(storage)
    other = await Storage.open(url, key_file, days=30)
    try:
        seen = [(await each.daily.due(TODAY))[0] for each in (storage, other)]
        claims = await asyncio.gather(
            *(
                each.daily.claim(schedule, TODAY + DAY, PLACE, 99)
                for each, schedule in zip((storage, other), seen, strict=True)
            )
        )
    finally:
        await other.close()
    assert sorted(claims) == [False, True]
    assert await storage.daily.due(TODAY) == []
    (after,) = await storage.daily.due(TODAY + DAY)
    assert after.last == PLACE
    assert await storage.daily.shown(after) == {99}


async def test_a_released_slot_is_as_it_was(storage: Storage) -> None:
    """What was not posted was not shown."""
    schedule = await begun(storage)
    await storage.daily.claim(schedule, TODAY + DAY, PLACE, 99)
    await storage.daily.release(schedule, TODAY + DAY, 99)
    assert await storage.daily.due(TODAY) == [schedule]
    assert await storage.daily.shown(schedule) == frozenset()


async def test_a_new_round_forgets_what_was_shown(storage: Storage) -> None:
    """Apart from what begins it."""
    schedule = await begun(storage)
    for day, key in enumerate((11, 12)):
        schedule = replace(schedule, due_at=TODAY + day * DAY)
        await storage.daily.claim(schedule, TODAY + (day + 1) * DAY, PLACE, key)
    assert await storage.daily.shown(schedule) == {11, 12}
    schedule = replace(schedule, due_at=TODAY + 2 * DAY)
    await storage.daily.claim(schedule, TODAY + 3 * DAY, PLACE, 13, new_round=True)
    assert await storage.daily.shown(schedule) == {13}


async def test_what_is_paused_is_not_due_and_cannot_be_claimed(storage: Storage) -> None:
    """Not even by who has seen it due before; it goes on when it is resumed or set again."""
    schedule = await begun(storage)
    assert await storage.daily.pause(schedule, PauseReason.PERMISSION)
    assert not await storage.daily.pause(schedule, PauseReason.CHANNEL)
    assert (await storage.daily.of(1))[0].paused is PauseReason.PERMISSION
    assert await storage.daily.due(TODAY) == []
    assert not await storage.daily.claim(schedule, TODAY + DAY, PLACE, 99)
    assert await storage.daily.resume(schedule, TODAY + DAY)
    assert (await storage.daily.due(TODAY + DAY))[0].id == schedule.id
    await storage.daily.pause(schedule, PauseReason.CURATOR)
    assert (await begun(storage)).paused is None


async def test_setting_a_channel_again_keeps_what_was_shown(storage: Storage) -> None:
    """There is one schedule a channel, and a limit for a server."""
    schedule = await begun(storage)
    await storage.daily.claim(schedule, TODAY + DAY, PLACE, 99)
    changed = await begun(storage, replace(PLAN, minute=0))
    assert changed.id == schedule.id
    assert changed.last == PLACE
    assert await storage.daily.shown(changed) == {99}
    assert await storage.daily.set(1, replace(PLAN, channel=8), TODAY, 1) is None
    assert await storage.daily.set(1, PLAN, TODAY, 1) is not None


async def test_it_is_deleted_when_removed_and_with_its_server(storage: Storage) -> None:
    """With the record of what was shown."""
    schedule = await begun(storage)
    await storage.daily.claim(schedule, TODAY + DAY, PLACE, 99)
    assert await storage.daily.remove(schedule)
    assert not await storage.daily.remove(schedule)
    assert await storage.daily.shown(schedule) == frozenset()
    schedule = await begun(storage)
    await storage.daily.claim(schedule, TODAY + DAY, PLACE, 99)
    assert 1 in await storage.servers.known()
    await storage.servers.left(1, TODAY)
    await storage.servers.purge_departed(TODAY + DAY)
    assert await storage.daily.of(1) == []
