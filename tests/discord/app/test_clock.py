"""A clock that is wrong already when the bot starts is noticed by the dates of Discord's responses."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from bot.discord.app.clock import DiscordClock
from bot.discord.app.upkeep import Upkeep
from bot.discord.kit.service import Service
from bot.models import Outcome
from bot.storage.questions import AskedQuestion
from tests.conftest import TODAY

HOUR = timedelta(hours=1)


def clock_ahead(by: timedelta) -> DiscordClock:
    clock = DiscordClock(lambda: TODAY + by)
    clock.note(format_datetime(TODAY, usegmt=True))
    return clock


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (timedelta(minutes=4), []),
        (timedelta(minutes=-4), []),
        (3 * HOUR, [("minutes_ahead", 180)]),
        (-2 * HOUR, [("minutes_behind", 120)]),
    ],
)
def test_a_wrong_clock_is_said_once(by: timedelta, said: list[tuple[str, int]]) -> None:
    """By how much, and again only after it was right."""
    now = TODAY + by
    clock = DiscordClock(lambda: now)
    date = format_datetime(TODAY, usegmt=True)
    with capture_logs() as log:
        clock.note(date)
        clock.note(date)
    told = [(k, v) for line in log for k, v in line.items() if k.startswith("minutes_")]
    assert told == said
    assert clock.ahead == by


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 20:00:00 GMT"])
def test_a_date_that_cannot_be_read_changes_nothing(date: str) -> None:
    """A proxy may send anything."""
    clock = clock_ahead(HOUR)
    clock.note(date)
    assert clock.ahead == HOUR


async def test_nothing_is_deleted_while_the_clock_is_ahead_of_discords(service: Service) -> None:
    """Although the bot has known no other time since it started."""
    young = AskedQuestion(1, None, TODAY, "?", Outcome.ANSWERED, 0.9)
    await service.storage.questions.keep(young, 7)

    def wrong() -> datetime:
        return TODAY + timedelta(days=3_650)

    service.now = wrong
    clock = DiscordClock(wrong)
    upkeep = Upkeep(service, tuple, clock=clock)
    clock.note(format_datetime(TODAY, usegmt=True))
    await upkeep.purge()
    assert await service.storage.questions.vote(1, 7, True) is not None
    clock.note(format_datetime(wrong(), usegmt=True))
    await upkeep.purge()
    assert await service.storage.questions.vote(1, 7, True) is None
