"""Times of day, time zones, and when the next one comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.daily.slots import (
    find_zone,
    last_slot,
    matching_zones,
    next_slot,
    parse_time,
    zone_names,
)

HALF_PAST_TWO = 150


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("8:30", 510), ("08.30", 510), ("8h30", 510), (" 20:05 ", 1205), ("8", 480), ("0:00", 0),
        ("8:30 pm", 1230), ("8 PM", 1200), ("12 am", 0), ("12:15 p.m.", 735), ("٨:٣٠", 510),
        ("24:00", None), ("8:60", None), ("13 pm", None), ("0 am", None), ("noon", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(typed: str, minute: int | None) -> None:
    assert parse_time(typed) == minute


def test_a_zone_is_found_by_its_name_or_its_city() -> None:
    """Whatever the case; not by what several have in common."""
    assert find_zone("europe/berlin") == "Europe/Berlin"
    assert find_zone("new york") == "America/New_York"
    assert find_zone("utc") == "UTC"
    assert find_zone("Europe") is None
    assert find_zone("Atlantis") is None


def test_zones_are_suggested_by_a_part_of_their_names() -> None:
    """Cities that start with it come first."""
    assert matching_zones("lima", 3)[0] == "America/Lima"
    assert "Africa/Cairo" in matching_zones("cai", 25)
    assert len(matching_zones("", 25)) == 25


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30)),  # skipped: 3:30 on that day
        (utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)),
        (utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30)),  # twice: the first one counts
        (utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)),  # and the second one does not
    ],
)
def test_when_clocks_change_there_is_one_a_day(after: datetime, due: datetime) -> None:
    """In Berlin the hour from 2 to 3 is skipped on 29 March 2026, and comes twice on 25 October."""
    assert next_slot(HALF_PAST_TWO, "Europe/Berlin", after) == due


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)),
    st.integers(0, 1439),
    st.sampled_from(zone_names()),
)
def test_slots_are_one_a_day_and_in_order(when: datetime, minute: int, zone: str) -> None:
    """Whatever the zone's clock does."""
    now = when.replace(tzinfo=UTC)
    coming = next_slot(minute, zone, now)
    assert now < coming <= now + timedelta(hours=50)  # Samoa left out a whole day
    before = last_slot(minute, zone, now)
    assert before <= now
    assert next_slot(minute, zone, before) == coming
