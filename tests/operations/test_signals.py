"""The first signal asks the program to stop, the second one ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bot.operations.signals import SIGNALS, stop_signals

PROGRAM = """
import asyncio, sys
from bot.operations.signals import stop_signals
async def run():
    with stop_signals() as stop:
        print("there", flush=True)
        await stop.wait()
        print("stopping", flush=True)
        await asyncio.Event().wait()
asyncio.run(run())
"""


AS_FIRST_PROCESS = f"import os; os.getpid = lambda: 1\n{PROGRAM}"


@pytest.fixture
def program() -> Iterator[subprocess.Popen[str]]:
    """Return a program that never comes to the end of stopping."""
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True
    ) as started:
        yield started
        started.kill()


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_kills_the_program(
    program: subprocess.Popen[str], first: signal.Signals, second: signal.Signals
) -> None:
    """Whatever it is doing."""
    assert program.stdout is not None
    assert program.stdout.readline() == "there\n"
    program.send_signal(first)
    assert program.stdout.readline() == "stopping\n"
    program.send_signal(second)
    assert program.wait(20) == -second


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows sends no such signals")
@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_process_1_of_a_container_exits_by_itself(second: signal.Signals) -> None:
    """The kernel ignores the default effect of signals there."""
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", AS_FIRST_PROCESS], stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "there\n"
        started.send_signal(signal.SIGTERM)
        assert started.stdout.readline() == "stopping\n"
        started.send_signal(second)
        assert started.wait(20) == 128 + second


async def test_the_previous_signal_handlers_are_restored() -> None:
    """Without `add_signal_handler`, which Windows lacks."""

    def ours(*_: Any) -> None:
        raise AssertionError("it is not asked meanwhile")

    before = {number: signal.getsignal(number) for number in SIGNALS}
    signal.signal(signal.SIGTERM, ours)
    try:
        for sent in (False, True):
            with stop_signals() as stop:
                if sent:
                    os.kill(os.getpid(), signal.SIGTERM)
                    await asyncio.wait_for(stop.wait(), 20)
                assert stop.is_set() is sent
            assert signal.getsignal(signal.SIGTERM) is ours
            assert signal.getsignal(signal.SIGINT) is before[signal.SIGINT]
    finally:
        signal.signal(signal.SIGTERM, before[signal.SIGTERM])
