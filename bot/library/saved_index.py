"""The index of a large knowledge folder, saved beside it: the next start reads only what has changed since."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.files.array_file import UnusableFileError
from bot.library import snapshots
from bot.library.provenance import code_fingerprint
from bot.library.snapshots import Snapshot
from bot.operations.event_log import EventLogger
from bot.texts.text_file import TextFile

_log = EventLogger("verbatim.library")


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """The file of the index. Another version of the code that builds snapshots rebuilds it."""

    path: Path

    @classmethod
    def beside(cls, folder: Path) -> SavedIndex:
        """The saved index of `folder`: `.FOLDER.index`."""
        folder = folder.absolute()
        return cls(folder.with_name(f".{folder.name}.index"))

    def load(self) -> tuple[Snapshot, dict[str, TextFile]] | None:
        """Map the saved snapshot, and list the files that it was made of; None if it cannot be used."""
        if not self.path.exists():
            return None
        try:
            snapshot, files = snapshots.load(self.path, _code())
            named = zip(files, snapshot.passages.sources, strict=True)
            return snapshot, {name: TextFile(digest, source) for (name, digest), source in named}
        except (UnusableFileError, OSError, ValueError) as error:
            _log.info("the saved index is not used, but built again", reason=str(error))
            return None

    def save(self, snapshot: Snapshot, files: Mapping[str, TextFile]) -> Snapshot | None:
        """Save the snapshot and map it back from disk, which frees its memory; None if that fails.

        `files`: those that it was made of, by name, in the order of its sources.
        """
        try:
            named = [(name, file.digest) for name, file in files.items()]
            snapshots.save(snapshot, self.path, _code(), named)
            return snapshots.load(self.path, _code())[0]
        except (UnusableFileError, OSError) as error:
            _log.warning(
                "the index cannot be saved, so the next start builds it again",
                reason=_reason(error),
            )
            return None


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _code() -> str:
    """The hash of the code that reads files and builds snapshots: this module imports both."""
    return f"code {code_fingerprint(__name__)}"


class IndexSaver:
    """Calls `save` from a thread when nothing has changed for a while; or at once, if no such time is set."""

    def __init__(self, save: Callable[[], None], after: float | None) -> None:
        self._save = save
        self._after = after
        self._timer: threading.Timer | None = None

    def soon(self) -> None:
        """Note that something has changed."""
        if self._after is None:
            self._save()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._after, self._save)
        # An index that is not saved costs a rebuild at the next start, no more.
        self._timer.daemon = True
        self._timer.name = "index"
        self._timer.start()
