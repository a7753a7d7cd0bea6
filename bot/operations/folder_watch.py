"""Watches a folder, and reports a change once its files have stopped being written to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from time import monotonic

import structlog
from watchfiles import Change, awatch

QUIET = 0.5
"""Seconds without a change after which a file counts as written."""

LONGEST = 10.0
"""Seconds after which changed files no longer wait for one that keeps changing."""

LOOK = 5.0
"""Seconds between two checks whether the folder was replaced, or is back."""

RESCAN = 60.0
"""Seconds after which the folder is read anyway: some network drives report no changes."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.watch")


class PendingChanges:
    """Collects the names of changed files until they are written."""

    def __init__(self, quiet: float = QUIET, longest: float = LONGEST) -> None:
        self._quiet = quiet
        self._longest = longest
        self._changed: dict[str, float] = {}
        """When each file last changed."""
        self._since: float | None = None

    def note(self, names: Iterable[str], now: float) -> None:
        """Note that these files have changed."""
        for name in names:
            self._changed[name] = now
            self._since = now if self._since is None else self._since

    def seconds_left(self, now: float) -> float | None:
        """How long to wait before `take`, if nothing else changes; None: nothing has changed."""
        if self._since is None:
            return None
        written = max(self._changed.values()) + self._quiet
        return max(0.0, min(written, self._since + self._longest) - now)

    def take(self, now: float) -> frozenset[str]:
        """Forget the changes; return the files that are probably still being written, which stay noted."""
        writing = {name: at for name, at in self._changed.items() if now - at < self._quiet}
        self._changed = writing
        self._since = now if writing else None
        return frozenset(writing)


async def settled_changes(
    folder: Path, *, quiet: float = QUIET, look: float = LOOK, rescan: float = RESCAN
) -> AsyncGenerator[frozenset[str], None]:
    """Yield whenever the folder should be read again: the names of the files that are still being written.

    A folder that goes away and comes back is watched again. Where the system cannot watch, the folder is polled.
    """
    pending = PendingChanges(quiet)
    read = monotonic()
    async with _Watcher(folder) as watcher:
        while True:
            left = pending.seconds_left(monotonic())
            changed = await watcher.changes(look if left is None else left)
            now = monotonic()
            pending.note(changed, now)
            if await watcher.renew_if_replaced():
                pending.note([""], now)
            left = pending.seconds_left(now)
            if (left is not None and left <= 0) or (left is None and now - read >= rescan):
                yield pending.take(now)
                read = monotonic()


class _Watcher:
    """The changes of one folder, which may be replaced by another one of the same name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()  # as changes name it, whatever it is called here
        self._queue: asyncio.Queue[set[str]] = asyncio.Queue()
        self._identity: tuple[int, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._polling: bool | None = None

    async def __aenter__(self) -> _Watcher:
        await self.renew_if_replaced()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def changes(self, seconds: float) -> set[str]:
        """Wait up to `seconds` for changes; empty if there were none."""
        try:
            return await asyncio.wait_for(self._queue.get(), seconds)
        except TimeoutError:
            return set()

    async def renew_if_replaced(self) -> bool:
        """Watch the folder again if it was replaced, or is not watched any more; whether it may have changed meanwhile."""
        identity = await asyncio.to_thread(self._look)
        ended = self._task is None or self._task.done()
        if identity == self._identity and not (ended and identity):
            return False
        await self._stop()
        self._identity = identity
        if identity is not None:
            self._task = asyncio.create_task(self._watch())
        return True

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._folder.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    async def _watch(self) -> None:
        try:
            async for changes in awatch(
                self._folder,
                watch_filter=self._is_wanted,
                step=20,
                debounce=100,
                force_polling=self._polling,
                ignore_permission_denied=True,
            ):
                self._queue.put_nowait({self._name(path) for _, path in changes})
                if (Change.deleted, str(self._folder)) in changes:
                    return  # another folder may have its place, and even its number, but is not watched
        except FileNotFoundError:
            return  # it is looked for again
        except Exception as error:  # such as too many folders for the system
            if self._polling:
                _log.warning(
                    "the texts cannot be watched: use /reload after changes", reason=str(error)
                )
                await asyncio.Event().wait()
            _log.warning("the texts are polled instead of watched", reason=str(error))
            self._polling = True

    def _is_wanted(self, _: Change, path: str) -> bool:
        """Whether a change may be one of a text: not in hidden files and folders, such as editors' own."""
        parts = Path(self._name(path)).parts
        # Kubernetes replaces texts that are in a ConfigMap by the link `..data`.
        return not any(part.startswith(".") and not part.startswith("..") for part in parts)

    def _name(self, path: str) -> str:
        try:
            return Path(path).relative_to(self._folder).as_posix()
        except ValueError:  # the folder itself
            return ""

    async def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
