"""Dates as programs print them for people, `3/5/24`: which number is the day is told by all of them together, or not at all."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise


class DateOrder(Enum):
    """In which order the numbers of a date stand."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"
    YEAR_FIRST = "year/month/day"


_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")


def date_order(dates: Sequence[str]) -> DateOrder | None:
    """Return the order in which all `dates`, given as they follow each other, are days; None if that could be several.

    Of several orders, that one is taken in which alone time never goes back.
    """
    distinct = list(dict.fromkeys(dates))
    if all("." in date for date in distinct):
        possible = [DateOrder.DAY_FIRST, DateOrder.YEAR_FIRST]  # nobody writes 5.31.24
    else:
        possible = list(DateOrder)
    found: dict[DateOrder, list[datetime.date]] = {}
    for order in possible:
        days = [day for date in distinct if (day := _day(date, order))]
        if days and len(days) == len(distinct):
            found[order] = days
    if len(found) > 1:
        found = {
            order: days for order, days in found.items() if all(a <= b for a, b in pairwise(days))
        }
    return next(iter(found)) if len(found) == 1 else None


def iso_time(date: str, time: str, half: str, order: DateOrder | None) -> str:
    """Return a date and a time of day, such as `10:02`, in ISO 8601; empty if the date is not known.

    `half` says a.m. or p.m. where the time has 12 hours.
    """
    day = _day(date, order) if order else None
    hours, minutes = (int(number) for number in re.split(r"[:.]", time)[:2])
    if half:
        hours = hours % 12 + 12 * (half[0] in "pPم")
    if day is None or hours > 23 or minutes > 59:
        return ""
    return f"{day.isoformat()}T{hours:02}:{minutes:02}"


def _day(date: str, order: DateOrder) -> datetime.date | None:
    found = _NUMBERS.fullmatch(date)
    if found is None:
        return None
    first, second, third = (int(number) for number in found.groups())
    year, month, day = {
        DateOrder.DAY_FIRST: (third, second, first),
        DateOrder.MONTH_FIRST: (third, first, second),
        DateOrder.YEAR_FIRST: (first, second, third),
    }[order]
    digits = len(found[1] if order is DateOrder.YEAR_FIRST else found[3])
    if digits not in (2, 4) or (order is DateOrder.YEAR_FIRST and digits == 2):
        return None
    try:
        return datetime.date(year + 2000 if digits == 2 else year, month, day)
    except ValueError:
        return None
