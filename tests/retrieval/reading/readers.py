"""Readers for the tests."""

from __future__ import annotations

from typing import cast

from bot.retrieval.reading.reader import Reader


class _Named:
    """Has what a reader is called by, and reads nothing."""

    name = "reader-3f2a91c0d4e5"
    digest = "3f2a91c0d4e5b6a7"


def some_reader() -> Reader:
    """Return a reader that can be carried about, but asked nothing."""
    return cast("Reader", _Named())
