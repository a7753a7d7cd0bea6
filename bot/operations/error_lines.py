"""Errors as lines of the log."""

from __future__ import annotations

_LONGEST = 300


def in_one_line(error: BaseException) -> str:
    """Format `error` as one line of at most 300 characters: Discord may send a whole page."""
    words = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
