"""Keeps the garbage collector from stopping all threads while a large snapshot is made."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_running = 0
_was_enabled = False


@contextmanager
def no_collections() -> Iterator[None]:
    """Make objects that will live long; the collector waits meanwhile, and leaves them out from then on.

    A full collection stops all threads, for longer the more objects it looks through. A snapshot has hundreds of
    thousands and no cycles: it is freed without the collector. What is garbage in cycles at that moment stays, about a
    hundred small objects for each reload.
    """
    global _running, _was_enabled  # noqa: PLW0603 - the collector is one for the process
    with _lock:
        if not _running:
            _was_enabled = gc.isenabled()
            gc.disable()
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if not _running and _was_enabled:
                gc.freeze()
                gc.enable()
