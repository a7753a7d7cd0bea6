"""/stats: how many questions were asked, and their outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, send
from bot.discord.kit.service import service_of
from bot.discord.reports.report_access import MAX_DAYS, load_report, require_kept_questions
from bot.storage.reports import DayCount
from bot.wording import Wording

DAYS = 14
WIDTH = 30
"""Columns of a code block that fit on a phone."""
_MOST_ROWS = 31
_BARS = "▁▂▃▄▅▆▇█"


@app_commands.command(
    name="stats",
    description="How many questions were asked, and how they were answered (curators).",
    extras=for_audience(Audience.CURATOR),
)
@app_commands.describe(days="How many days, today among them; 14 unless you say otherwise")
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def stats_command(
    interaction: Interaction, days: app_commands.Range[int, 1, MAX_DAYS] = DAYS
) -> None:
    """Show the counts of the last days."""
    if not await require_kept_questions(interaction):
        return
    service = service_of(interaction)
    today = service.now().astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time(), UTC)
    work = service.storage.questions.counts_by_day(server_of(interaction), since)
    counts = await load_report(interaction, work)
    if counts is not None:
        figures = DailyCounts.of(counts, first, today)
        await send(
            interaction,
            OutgoingMessage(stats_page(figures, member_wording(interaction))),
            private=True,
        )


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """The counts of consecutive days, the earliest first."""

    days: tuple[DayCount, ...]

    @classmethod
    def of(cls, counts: Iterable[DayCount], first: date, last: date) -> DailyCounts:
        """Fill in the days without questions."""
        known = {count.day: count for count in counts}
        span = (last - first).days + 1
        days = (first + timedelta(days=passed) for passed in range(span))
        return cls(tuple(known.get(one, DayCount(one, 0, 0, 0, 0, 0, 0)) for one in days))


def stats_page(figures: DailyCounts, wording: Wording) -> str:
    """Lay out the sums with a sparkline each, and a row a day, the newest first, as many as fit."""
    # Not a time that Discord shows in the reader's zone: there it might be the day before.
    heading = f"**{wording.since(wording.FIGURES, wording.day(figures.days[0].day))}** (UTC)"
    sums = "\n".join(_sums(figures.days, wording))
    rows = _rows(figures.days, wording)
    note = markdown.small(wording.EARLIER_DAYS)
    room = LIMIT - sum(map(markdown.length, (heading, sums, note))) - 20
    shown: list[str] = []
    for row in rows[: _MOST_ROWS + 1]:
        room -= len(row) + 1
        if room < 0:
            break
        shown.append(row)
    table = "\n".join(shown)
    content = f"{heading}\n```\n{sums}\n\n{table}\n```"
    return content if len(shown) == len(rows) else f"{content}\n{note}"


def _sums(days: Sequence[DayCount], wording: Wording) -> list[str]:
    series = {
        wording.ASKED_COUNT: [one.asked for one in days],
        wording.ANSWERED_COUNT: [one.answered for one in days],
        wording.CLOSEST_COUNT: [one.closest for one in days],
        wording.NOT_COVERED_COUNT: [one.not_covered for one in days],
        wording.RIGHT_COUNT: [one.right for one in days],
        wording.WRONG_COUNT: [one.wrong for one in days],
    }
    label = max(map(len, series))
    number = max(len(str(sum(values))) for values in series.values())
    bars = max(1, WIDTH - label - number - 2)
    return [
        f"{name:<{label}} {sum(values):>{number}} {sparkline(values, bars)}"
        for name, values in series.items()
    ]


def sparkline(values: Sequence[int], most: int) -> str:
    """A bar for each value, scaled to the highest; more than `most` values are summed up in spans."""
    bars = min(len(values), most)
    edges = [len(values) * i // bars for i in range(bars + 1)]
    sums = [sum(values[a:b]) for a, b in pairwise(edges)]
    top = max(sums)
    steps = len(_BARS) - 1
    # What is not nothing is seen: at least the second bar.
    return "".join(_BARS[value and max(1, round(steps * value / top))] for value in sums)


def _rows(days: Sequence[DayCount], wording: Wording) -> list[str]:
    heads = (
        wording.ASKED_COLUMN,
        wording.ANSWERED_COLUMN,
        wording.CLOSEST_COLUMN,
        wording.NOT_COVERED_COLUMN,
        wording.VOTES_COLUMN,
    )
    rows: list[tuple[str, ...]] = [(wording.DAY_COLUMN, *heads)]
    for one in reversed(days):
        votes = f"{one.right}/{one.wrong}"
        counts = (one.asked, one.answered, one.closest, one.not_covered)
        rows.append((f"{one.day:%m-%d}", *map(str, counts), votes))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
