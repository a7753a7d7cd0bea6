"""Pauses grow, differ by chance, and start again after a connection that has lasted."""

from __future__ import annotations

import pytest

from bot.discord.app.backoff import LASTING, LONGEST, LONGEST_REFUSED, Backoff

SESSIONS_A_DAY = 1_000
"""What Discord allows before it resets a bot's token."""


@pytest.mark.parametrize(("lasted", "limit"), [(None, LONGEST), (0.0, LONGEST_REFUSED)])
def test_pauses_double_up_to_a_limit(lasted: float | None, limit: float) -> None:
    """And stay there, however long it takes."""
    backoff = Backoff(between=lambda _, longest: longest)
    found = [backoff.after(lasted) for _ in range(2_000)]
    assert found[:6] == [1, 2, 4, 8, 16, 32]
    assert found[9:] == [limit] * 1_991
    assert found == sorted(found)


def test_a_pause_is_anywhere_in_its_upper_half() -> None:
    """So that many bots do not come back together."""
    asked: list[tuple[float, float]] = []

    def between(least: float, longest: float) -> float:
        asked.append((least, longest))
        return least

    backoff = Backoff(between=between)
    assert [backoff.after(None) for _ in range(3)] == [0.5, 1, 2]
    assert asked == [(0.5, 1), (1, 2), (2, 4)]
    assert all(0.5 <= Backoff().after(None) <= 1 for _ in range(100))


def test_after_a_connection_that_lasted_pauses_are_short_again() -> None:
    """One that was short counts as an attempt that failed."""
    backoff = Backoff(between=lambda _, longest: longest)
    assert [backoff.after(0.0) for _ in range(4)] == [1, 2, 4, 8]
    assert backoff.after(LASTING - 1) == 16
    assert backoff.after(LASTING) == 1


def test_a_gateway_that_closes_each_session_at_once_costs_no_token() -> None:
    """The shortest pauses there may be leave room within what Discord allows a day."""
    backoff = Backoff(between=lambda least, _: least)
    passed, sessions = 0.0, 0
    while passed < 24 * 60 * 60:
        passed += backoff.after(0.0)
        sessions += 1
    assert sessions < SESSIONS_A_DAY * 0.9
