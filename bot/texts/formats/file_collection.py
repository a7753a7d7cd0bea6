"""Many files at once, those of a folder or a zip: each is a text in a format of its own."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, NamedTuple, cast

from bot.errors import Problem, VerbatimError
from bot.texts.formats import registry
from bot.texts.formats.draft import (
    HEAD_BYTES,
    Collection,
    Draft,
    DroppedLine,
    DropTally,
    Entry,
    Original,
)
from bot.texts.formats.isolation import IsolatedReader

_UNINTERESTING = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
_SHOWN_NAME = 200
_NOTION_ID = re.compile(r" [0-9a-f]{32}(?=(?:_all)?\.\w{1,5}$)")
"""What Notion puts behind the name of every page that it exports."""


class InnerFile(NamedTuple):
    """A file of a collection; `name` has `/` between folders."""

    name: str
    date: datetime.date | None
    read: Callable[[int | None], bytes]
    """Reads its first bytes, or, with None, the whole; raises VerbatimError."""


class FileCollection:
    """The files that some format reads; the others are in `dropped`. Their names are the ids."""

    def __init__(
        self, label: str, where: str, files: Sequence[InnerFile], dropped: Sequence[DroppedLine]
    ) -> None:
        self.format = label
        self._where = where
        self._tally = DropTally()
        self._tally.extend(dropped)
        self._files: dict[str, InnerFile] = {}
        for file in files:
            shown = shown_name(file.name)
            if is_uninteresting(file.name):
                self._tally.add(shown, "a hidden file, or one of the system's")
            elif shown in self._files:
                self._tally.add(shown, "a second file of the same name")
            else:
                self._files[shown] = file
        self._entries: list[Entry] | None = None
        self._reader = IsolatedReader()

    @property
    def dropped(self) -> tuple[DroppedLine, ...]:
        """Files that no format reads, with the reason."""
        self._known()
        return self._tally.lines

    @property
    def notes(self) -> tuple[str, ...]:
        """None."""
        return ()

    def __iter__(self) -> Iterator[Entry]:
        """Yield the files by name."""
        yield from self._known()

    def parse(self, entry_id: str) -> Draft:
        """Parse one file; raise VerbatimError if there is none of this name, or it holds several texts itself."""
        file = self._file(entry_id)
        where = f"{self._where}: {entry_id}"
        data = io.BytesIO(file.read(None))
        text_format = registry.choose(data, where)
        if getattr(text_format, "HOLDS_FILES", False):
            raise VerbatimError(
                Problem(where, "contains files of its own: unpack it, and import it separately")
            )
        found = self._reader.parse(text_format, data, where)
        return found if isinstance(found, Draft) else _only_one(found, where)

    def original(self, entry_id: str) -> Original:
        """Return the file as it is."""
        file = self._file(entry_id)
        return Original(entry_id.rsplit("/", 1)[-1], file.read(None))

    def _file(self, entry_id: str) -> InnerFile:
        file = self._files.get(entry_id)
        if file is None:
            raise VerbatimError(
                Problem(self._where, f"has no file {shown_name(entry_id)}: --list shows the names")
            )
        return file

    def _known(self) -> list[Entry]:
        if self._entries is None:
            self._entries = []
            for shown, file in sorted(self._files.items()):
                try:
                    registry.choose(cast("BinaryIO", io.BytesIO(file.read(HEAD_BYTES))), shown)
                except VerbatimError as error:
                    self._tally.add(shown, error.problems[0].reason)
                else:
                    title = _NOTION_ID.sub("", shown.rsplit("/", 1)[-1])
                    self._entries.append(Entry(shown, title, file.date))
        return self._entries


def shown_name(name: str) -> str:
    """Write a file's name so that it can be printed: it may hold anything."""
    return "".join(c if c.isprintable() else "�" for c in name)[:_SHOWN_NAME]


def is_uninteresting(name: str) -> bool:
    """Tell whether a file is hidden, or made by the system."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return any(part.startswith(".") or part.lower() in _UNINTERESTING for part in parts)


def _only_one(collection: Collection, where: str) -> Draft:
    entries = list(islice(collection, 2))
    if len(entries) != 1:
        raise VerbatimError(
            Problem(where, "contains several texts: import it separately, with --list and --pick")
        )
    return collection.parse(entries[0].id)
