"""Files of each format, of our own making and small, and ways to parse them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

from bot.texts.formats import registry
from bot.texts.formats.draft import Collection, Draft, TextFormat
from bot.texts.formats.isolation import IsolatedReader
from bot.texts.importing import parse_file

FILES = Path(__file__).parent / "files"


def parsed(data: bytes, name: str = "file", format_name: str = registry.AUTO) -> Draft | Collection:
    return parse_file(io.BytesIO(data), name, format_name)


def draft_of(data: bytes | str, name: str = "file", format_name: str = registry.AUTO) -> Draft:
    found = parsed(data.encode() if isinstance(data, str) else data, name, format_name)
    assert isinstance(found, Draft)
    return found


def collection_of(data: bytes, name: str = "file") -> Any:
    """Parse a file of several texts."""
    found = parsed(data, name)
    assert not isinstance(found, Draft)
    return found


def reasons(draft: Draft | Collection) -> dict[str, int]:
    """Count what was dropped by reason."""
    counts: dict[str, int] = {}
    for one in draft.dropped:
        counts[one.reason] = counts.get(one.reason, 0) + one.times
    return counts


@contextmanager
def in_this_process() -> Iterator[None]:
    """Parse every format in this process."""

    def parse(self: object, text_format: TextFormat, file: BinaryIO, where: str) -> Any:
        return text_format.parse(file, where)

    with patch.object(IsolatedReader, "parse", parse):
        yield
