"""Times of stages."""

from __future__ import annotations

import pytest

from bot import timing
from bot.timing import StageTimes, stage
from tests.conftest import Clock


@pytest.fixture
def times(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> StageTimes:
    monkeypatch.setattr(timing, "perf_counter", clock)
    return StageTimes()


def test_a_stage_within_another_counts_for_itself_alone(times: StageTimes, clock: Clock) -> None:
    """So the stages add up to the whole."""
    with times.measure("search"):
        clock.now += 1
        with stage("read"):
            clock.now += 4
        clock.now += 2
    assert times.seconds == {"search": 3, "read": 4}


def test_a_stage_that_takes_place_twice_adds_up(times: StageTimes, clock: Clock) -> None:
    for seconds in (1, 2):
        with times.measure("search"):
            clock.now += seconds
    assert times.seconds == {"search": 3}


def test_outside_of_measured_work_nothing_is_measured(times: StageTimes) -> None:
    """And after an error nothing more."""
    with pytest.raises(ValueError, match="x"), times.measure("search"):
        raise ValueError("x")
    with stage("read"):
        pass
    assert times.seconds.keys() == {"search"}
