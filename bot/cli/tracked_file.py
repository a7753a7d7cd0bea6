"""A file that shows a progress bar while it is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

SHOW_PROGRESS_FROM = 16 * 1024 * 1024
"""Reading a file shows a progress bar from this many bytes on."""


class TrackedFile(io.BufferedReader):
    """A file that reports how far it has been read."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(str(path)))
        self._report: Callable[[int], None] | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and report the position."""
        data = super().read(size)
        if self._report is not None:
            self._report(self.tell())
        return data

    @contextmanager
    def progress_shown(self, what: str) -> Iterator[None]:
        """Show a progress bar during the block, if the file is large and standard error is a terminal."""
        size = self.seek(0, 2)
        self.seek(0)
        console = Console(stderr=True)
        if size < SHOW_PROGRESS_FROM or not console.is_terminal:
            yield
            return
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"reading {what}", total=size)
            furthest = 0

            def report(position: int) -> None:
                nonlocal furthest
                furthest = max(furthest, position)
                progress.update(task, completed=furthest)

            self._report = report
            try:
                yield
            finally:
                self._report = None
