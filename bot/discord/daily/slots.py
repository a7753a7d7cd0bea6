"""When a daily passage is due: a time of day in a time zone, also across its changes of the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_TIME = re.compile(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


def parse_time(typed: str) -> int | None:
    """Read a time of day such as 8:30, 08.30, 8 or 8:30 pm: minutes from midnight; None if that is not a time of day."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "p")
    return 60 * hour + minute if hour < 24 and minute < 60 else None


@cache
def zone_names() -> tuple[str, ...]:
    """The names of all time zones that people use, sorted; the first call reads the disk."""
    named = (
        n for n in available_timezones() if "/" in n and not n.startswith(("Etc/", "SystemV/"))
    )
    return "UTC", *sorted(named)


def find_zone(typed: str) -> str | None:
    """Find the time zone that was typed: by its name, or by that of its city if no other has it."""
    wanted = _plain(typed)
    by_name = [name for name in zone_names() if _plain(name) == wanted]
    by_city = [name for name in zone_names() if _plain(name).rpartition("/")[2] == wanted]
    found = by_name or by_city
    return found[0] if len(found) == 1 else None


def matching_zones(typed: str, most: int) -> list[str]:
    """The names of time zones that contain what was typed, those whose city starts with it first."""
    wanted = _plain(typed)
    found = [name for name in zone_names() if wanted in _plain(name)]
    found.sort(key=lambda name: not _plain(name).rpartition("/")[2].startswith(wanted))
    return found[:most]


def next_slot(minute: int, zone: str, after: datetime) -> datetime:
    """The first time after `after` when it is `minute` in `zone`, in UTC.

    Where the clock skips that time it comes as much later by the wall as is skipped; where the time
    comes twice, the first one counts.
    """
    here = ZoneInfo(zone)
    day = after.astimezone(here).date() - timedelta(days=1)
    while True:
        at = datetime.combine(day, time(minute // 60, minute % 60), here).astimezone(UTC)
        if at > after:
            return at
        day += timedelta(days=1)


def last_slot(minute: int, zone: str, before: datetime) -> datetime:
    """The last time up to `before` when it was `minute` in `zone`, in UTC."""
    found = next_slot(minute, zone, before - timedelta(days=2))
    while (following := next_slot(minute, zone, found)) <= before:
        found = following
    return found


def _plain(name: str) -> str:
    return "_".join(name.casefold().split())
