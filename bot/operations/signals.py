"""Signals: the first SIGINT or SIGTERM asks the program to stop, the second one kills it; SIGHUP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""Signals that ask a program to stop; SIGBREAK is Ctrl-Break on Windows."""


_FIRST_PROCESS = 1


def _end(number: int, _: object) -> None:
    """Exit with the status that a shell gives to a program killed by a signal."""
    os._exit(128 + number)


@contextmanager
def stop_signals(on_signal: Callable[[], object] = bool) -> Iterator[asyncio.Event]:
    """Provide an event that the first signal sets, besides calling `on_signal`.

    The second signal has its default effect.

    For process 1, such as a container's main program, the kernel ignores that default; there the
    second signal exits explicitly.

    Must be entered in the main thread, where the event loop runs. Does not use the loop's
    `add_signal_handler`, which Windows lacks.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def ask(*_: object) -> None:
        for number in SIGNALS:
            signal.signal(number, _end if os.getpid() == _FIRST_PROCESS else signal.SIG_DFL)
        loop.call_soon_threadsafe(stop.set)
        on_signal()

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


@contextmanager
def hangup_signals(callback: Callable[[], object]) -> Iterator[None]:
    """Call `callback` on the event loop whenever SIGHUP comes, during the block.

    On a terminal SIGHUP keeps its effect: it says that the terminal is gone. Windows has no SIGHUP.
    Must be entered in the main thread, where the event loop runs.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None or _on_terminal():
        yield
        return
    loop = asyncio.get_running_loop()
    before = signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL if before is None else before)


def _on_terminal() -> bool:
    return sys.stderr.isatty()
