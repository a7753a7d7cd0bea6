"""A stop that takes too long, and a start that comes too often."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.operations.lifecycle import (
    FIRST_PAUSE,
    FREE_STARTS,
    LONGEST_PAUSE,
    UNFINISHED,
    WINDOW,
    StartHistory,
    StopDeadline,
)
from tests.conftest import Clock


@pytest.mark.parametrize(("stored", "status"), [(False, UNFINISHED), (True, 0)])
def test_a_stop_that_takes_too_long_ends_the_process(stored: bool, status: int) -> None:
    """With the status that says whether anything may be lost."""
    ended: list[int] = []
    over = threading.Event()

    def end(status: int) -> None:
        ended.append(status)
        over.set()

    deadline = StopDeadline(0.01, end)
    if stored:
        deadline.all_is_stored()
    deadline.start()
    assert over.wait(20)
    assert ended == [status]


def test_a_bot_that_starts_again_and_again_waits_longer_each_time(
    tmp_path: Path, clock: Clock
) -> None:
    """Each time it is another process."""
    pauses = []
    for _ in range(FREE_STARTS + 7):
        pauses.append(StartHistory(tmp_path / "starts", clock).begin())
        clock.now += 1
    assert pauses[: FREE_STARTS + 3] == [0.0] * FREE_STARTS + [FIRST_PAUSE * n for n in (1, 2, 4)]
    assert pauses[-1] == LONGEST_PAUSE


def test_starts_are_forgotten_after_a_good_end_and_after_a_while(
    tmp_path: Path, clock: Clock
) -> None:
    history = StartHistory(tmp_path / "starts", clock)
    for forget in (history.ended_well, lambda: setattr(clock, "now", clock.now + WINDOW)):
        for _ in range(FREE_STARTS + 1):
            pause = history.begin()
        assert pause == FIRST_PAUSE
        forget()
        assert history.begin() == 0
        history.ended_well()


def test_the_log_says_that_the_last_run_was_killed(tmp_path: Path, clock: Clock) -> None:
    """At the next start, however late; not after a good end."""
    history = StartHistory(tmp_path / "starts", clock)
    with capture_logs() as log:
        history.begin()
        clock.now += WINDOW + 1
        history.begin()
        history.ended_well()
        history.begin()
    assert [line["event"] for line in log] == ["the last run was killed, or ended with an error"]


@pytest.mark.parametrize("content", ["", "{", "[null]", "3"])
def test_a_broken_history_is_none(tmp_path: Path, clock: Clock, content: str) -> None:
    """Nor does a folder that cannot be written keep the bot from starting."""
    (tmp_path / "starts").write_text(content, encoding="utf-8")
    assert StartHistory(tmp_path / "starts", clock).begin() == 0
    assert StartHistory(tmp_path / "none" / "starts", clock).begin() == 0
