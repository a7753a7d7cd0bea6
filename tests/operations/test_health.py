"""The health of the parts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.operations import health as health_module
from bot.operations.health import MAX_AGE, Check, Health
from tests.conftest import Clock

NOW = datetime(2026, 3, 14, tzinfo=UTC)


class Part:
    """A part whose state the test sets."""

    reason: str | None = None
    checks = 0

    async def __call__(self) -> str | None:
        self.checks += 1
        return self.reason


@pytest.fixture
def part() -> Part:
    return Part()


@pytest.fixture
def health(part: Part, clock: Clock) -> Health:
    return Health({"part": part}, lambda: NOW + timedelta(seconds=clock.now), clock)


async def test_it_is_known_since_when_a_part_is_in_its_state(
    health: Health, part: Part, clock: Clock
) -> None:
    """Another reason does not start it again."""
    seen = []
    for reason in (None, None, "down", "still down", None):
        part.reason = reason
        seen.append((await health.check())["part"])
        clock.now += 10
    assert [one.reason for one in seen] == [None, None, "down", "still down", None]
    began = [(one.since - NOW).total_seconds() - 1_000 for one in seen]
    assert began == [0, 0, 20, 20, 40]


async def test_many_requests_cause_one_check(health: Health, part: Part, clock: Clock) -> None:
    """Until it is too old."""
    await asyncio.gather(*(health.check() for _ in range(20)))
    assert part.checks == 1
    clock.now += MAX_AGE
    await health.check()
    assert part.checks == 2


async def test_a_check_that_hangs_or_fails_is_a_failure_of_its_part_alone(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """The others are checked."""

    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    async def fails() -> str | None:
        raise RuntimeError("secret")

    monkeypatch.setattr(health_module, "CHECK_LIMIT", 0.01)
    checks: dict[str, Check] = {"hangs": hangs, "fails": fails, "works": Part()}
    parts = await Health(checks, lambda: NOW, clock).check()
    assert parts["hangs"].reason == "no answer within 0.01 seconds"
    assert parts["fails"].reason == "cannot be checked: RuntimeError"
    assert parts["works"].ready
