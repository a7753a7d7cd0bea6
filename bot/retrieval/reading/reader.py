"""A small model that reads a question and passages together, where it is installed."""

from __future__ import annotations

from typing import Literal


class ReaderError(Exception):
    """The reader cannot be used; the message says in one line why, and what to do."""


class Reader:
    """Sees a question and passages together."""

    name: str
    """Such as "reader-3f2a91c0d4e5"."""
    digest: str
    """16 hex digits of the weights' hash."""


def load(provider: Literal["auto", "on", "off"]) -> Reader | None:
    """Return the reader: with `auto`, None where it is not installed; with `off`, None.

    Raises:
        ReaderError: with `on`, it is not installed or cannot be loaded.

    """
    return None
