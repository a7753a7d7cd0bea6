"""What curators are told of how much was asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.reports.stats import WIDTH, DailyCounts, sparkline, stats_page
from bot.models import Outcome
from bot.storage.reports import DayCount
from bot.wording import ENGLISH as wording
from bot.wording.catalogue import languages, wording_in
from tests.conftest import TODAY, World
from tests.discord.feedback.test_voting import break_storage
from tests.discord.quote.test_buttons import moderator
from tests.discord.reports.test_gaps import keep

LAST = TODAY.date()


def figures(days: int, *counts: DayCount) -> DailyCounts:
    return DailyCounts.of(counts, LAST - timedelta(days=days - 1), LAST)


async def test_what_was_asked_is_summed_and_listed_by_day(world: World, service: Service) -> None:
    """In private; a day without questions is there, too."""
    here = world.guild.id
    await keep(service, here, "one", "two", "three")
    right = await keep(service, here, "four", outcome=Outcome.ANSWERED, ago=2)
    await service.storage.questions.vote(right, 5, True)
    await service.storage.questions.vote(right, 6, False)
    await keep(service, here, "five", outcome=Outcome.CLOSEST, ago=3)
    await keep(service, 77, "elsewhere", ago=1)
    result = await world.manager.slash(world.channel, "stats", days=3)
    assert result.ephemeral
    assert result.response.content == "\n".join(
        [
            "**Questions since 2026-03-12** (UTC)",
            "```",
            "asked       4 ▃▁█",
            "answered    1 █▁▁",
            "closest     0 ▁▁▁",
            "not covered 3 ▁▁█",
            "right       1 █▁▁",
            "wrong       1 █▁▁",
            "",
            "  day ask ans near none votes",
            "03-14   3   0    0    3   0/0",
            "03-13   0   0    0    0   0/0",
            "03-12   1   1    0    0   1/1",
            "```",
        ]
    )


async def test_nobody_but_curators_sees_them(world: World) -> None:
    """Neither a member nor a moderator."""
    for actor in (world.member, moderator(world)):
        result = await actor.slash(world.channel, "stats")
        assert result.ephemeral
        assert result.response.content == wording.CURATORS_ONLY


async def test_a_failing_storage_is_reported_kindly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a line."""
    break_storage(monkeypatch, "counts_by_day")
    result = await world.manager.slash(world.channel, "stats")
    assert result.response.content == wording.STORAGE_FAILED


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("days", [1, 14, 31, 32, 365])
def test_it_fits_a_phone_and_a_message(days: int, language: str) -> None:
    """However much is asked; what there is no room for is in the sums, and that is said."""
    busy = [
        DayCount(LAST - timedelta(days=ago), 9_999, 999, 999, 999, 99, 99) for ago in range(days)
    ]
    content = stats_page(figures(days, *busy), wording_in(language))
    assert len(content) <= LIMIT
    block = content.split("```")[1].strip("\n").split("\n")
    assert max(map(len, block)) <= WIDTH
    assert str(9_999 * days) in block[0]
    assert (wording_in(language).EARLIER_DAYS in content) is (days > 31)


def test_a_day_that_is_not_counted_is_zero() -> None:
    """Also at both ends."""
    one = DayCount(LAST - timedelta(days=1), 1, 1, 0, 0, 0, 0)
    assert [day.asked for day in figures(3, one).days] == [0, 1, 0]
    assert figures(3, one).days[0].day == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("values", "most", "bars"),
    [
        ([0, 0], 9, "▁▁"),
        ([1, 1_000], 9, "▂█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], 9, "▁▂▃▄▅▆▇█"),
        ([1, 0, 0, 0, 3, 0], 3, "▃▁█"),
        ([5], 9, "█"),
    ],
)
def test_bars_are_in_proportion(values: list[int], most: int, bars: str) -> None:
    """Little is told from nothing, and of more days than bars each stands for some."""
    assert sparkline(values, most) == bars
