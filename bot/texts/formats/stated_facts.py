"""Checks what a file states of itself: a fact that a knowledge file could not hold is as good as none."""

from __future__ import annotations

import datetime
import re

from bot.texts.formats.markup import clean

LONGEST_TITLE = 200
LONGEST_AUTHOR = 100
LONGEST_LINK = 400

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINK = re.compile(r"https?://[^\s<>\"\\]+")


def title(text: str | None) -> str | None:
    """Clean a title; None if it has no words or too many."""
    words = " ".join(clean(text or "").split())
    return words if 0 < len(words) <= LONGEST_TITLE else None


def author(*names: str | None) -> str | None:
    """Join the names of authors; of more than a line can hold, only the first counts. A link is not a name."""
    known = [words for one in names if (words := clean(one or "")) and not _LINK.match(words)]
    joined = ", ".join(dict.fromkeys(known))
    if len(joined) > LONGEST_AUTHOR:
        joined = known[0]
    return joined if 0 < len(joined) <= LONGEST_AUTHOR else None


def language(text: str | None) -> str | None:
    """Take a language's code, such as `en-GB`."""
    code = (text or "").strip().replace("_", "-")
    return code if _LANGUAGE.fullmatch(code) else None


def day(text: str | None) -> datetime.date | None:
    """Take the day from a date as ISO 8601 writes it."""
    found = _DAY.match((text or "").strip())
    try:
        return datetime.date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def link(text: str | None) -> str | None:
    """Take a link to the web."""
    address = (text or "").strip()
    return address if len(address) <= LONGEST_LINK and _LINK.fullmatch(address) else None
