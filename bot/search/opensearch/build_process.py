"""The process that builds an index, as it is written into the index: others can tell whether it still runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from bot.search.opensearch.errors import EngineError

SIGN_EVERY = 5.0
"""Seconds between two signs of life."""

_PROC = Path("/proc")


def this_process() -> str:
    """`MACHINE:PID:START`, which no other process has.

    A host name would not do: containers may share it, and in each the bot may be process 1. On Linux the machine is
    a boot and a namespace of process ids; elsewhere it is a random number, so others cannot tell.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        machine = f"{boot}/{(_PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        machine = uuid4().hex
    return f"{machine}:{os.getpid()}:{_started(os.getpid())}"


def has_exited(builder: str, own: str) -> bool:
    """Whether `builder` has ended, as seen by the process `own`. False where that cannot be told."""
    if builder == own:
        return True  # this process builds one index at a time, and is not building now
    machine, _, process = builder.partition(":")
    number, _, started = process.partition(":")
    if machine != own.partition(":")[0] or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    now = _started(int(number))
    return bool(now and started) and now != started


def _started(number: int) -> str:
    """When a process was started, in clock ticks since the boot; empty where that cannot be read."""
    try:
        stat = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


@contextmanager
def signs_of_life(give: Callable[[int], None]) -> Iterator[None]:
    """Call `give` with 1, 2, … every few seconds during the block, from a thread: no step of a build is too long for it."""
    ended = threading.Event()

    def work() -> None:
        count = 0
        while not ended.wait(SIGN_EVERY):
            count += 1
            with suppress(EngineError):  # the build itself notices that, if it matters
                give(count)

    thread = threading.Thread(target=work, name="engine build", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
