"""Who builds an index, and whether that process still runs."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from bot.search.opensearch import build_process
from bot.search.opensearch.build_process import has_exited, signs_of_life, this_process
from bot.search.opensearch.errors import EngineUnavailableError

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="/proc is needed")


def process(*, machine: str = "", number: int | str = "", started: str = "") -> str:
    """Name a process like this one, with something else in place of a part of it."""
    own = this_process().split(":")
    return ":".join((machine or own[0], str(number or own[1]), started or own[2]))


@needs_proc
def test_a_process_is_known_by_more_than_its_number() -> None:
    """Two containers may both have the host name `bot` and be process 1 in it; a number is used again."""
    assert this_process() == this_process()
    assert not has_exited(process(machine="another boot/4026531836"), this_process())
    assert has_exited(process(started="1"), this_process())


@needs_proc
def test_a_process_that_runs_has_not_exited() -> None:
    """Whoever it belongs to. This one is not building while it asks."""
    parent = process(number=os.getppid(), started=build_process._started(os.getppid()))
    assert not has_exited(parent, this_process())
    assert has_exited(process(number=2**22 + 1), this_process())  # above the largest number
    assert has_exited(this_process(), this_process())


@pytest.mark.parametrize("written", ["", "host:7", "host", "{own}", "{own}:x:1", "{own}:-1:1"])
def test_what_cannot_be_read_may_still_run(written: str) -> None:
    """As an index of an earlier version: then a sign of life is waited for."""
    own = this_process()
    assert not has_exited(written.format(own=own.partition(":")[0]), own)


def test_signs_of_life_are_given_during_a_long_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after one that the cluster did not take."""
    monkeypatch.setattr(build_process, "SIGN_EVERY", 0.0)
    given: list[int] = []
    enough = threading.Event()

    def give(count: int) -> None:
        given.append(count)
        if count == 3:
            enough.set()
        raise EngineUnavailableError("busy")

    with signs_of_life(give):
        assert enough.wait(10)
    assert given[:3] == [1, 2, 3]
    assert not any(one.name == "engine build" for one in threading.enumerate())
