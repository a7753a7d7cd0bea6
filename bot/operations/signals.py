"""SIGINT and SIGTERM: the first asks the program to stop, a second one ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""What asks a program to stop; SIGBREAK is Ctrl-Break on Windows."""


_FIRST_PROCESS = 1


def _end(number: int, _: object) -> None:
    """End the program as a shell reports one that a signal has ended."""
    os._exit(128 + number)


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """Give an event that the first signal sets. The second one has the system's default effect.

    As process 1, as which a container's program runs, the kernel lets that effect end nobody: there
    the second one ends the program by itself.

    To be entered in the main thread, where the event loop runs. It does without the loop's
    `add_signal_handler`, which Windows does not have.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def ask(*_: object) -> None:
        for number in SIGNALS:
            signal.signal(number, _end if os.getpid() == _FIRST_PROCESS else signal.SIG_DFL)
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
