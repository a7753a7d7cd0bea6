"""Excerpts of texts too long for a message: an exact slice, with a mark at each cut."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from bot.discord.kit import markdown
from bot.models import Span
from bot.texts.formats.markup import escapes

CUT = "-# …"
"""The line above or below a quote that is cut there. It is outside the quote, which stays a slice."""

_GIVEN_UP = 80  # characters that a cut may cost so that it stands at a pause, not between two words
_PAUSE = re.compile(r"[,;:.!?،؛؟…][)”»\"']?\s+|[，、；：。！？]\s*|\s[–—-]\s+")
_CLUSTER = 16  # marks on a letter that are kept with it


def excerpt(text: str, focus: Span | None, room: int) -> Span:
    """Choose the part of `text` that, quoted with `focus` in bold, takes at most `room` characters.

    The part is centred on `focus`, or as much of it as fits; without one it is the beginning. It is
    cut at a pause, or between words, unless a single word is longer than the room. It is empty if
    there is no room at all.
    """
    middle = focus or Span(0, 0)
    before = True
    if not _fits(text, middle, focus, room):
        middle, before = Span(middle.start, middle.start), False

    def widened(by: int) -> Span:
        return Span(max(0, middle.start - by * before), min(len(text), middle.end + by))

    low, high = 0, min(room, len(text))
    while low < high:
        by = (low + high + 1) // 2
        low, high = (by, high) if _fits(text, widened(by), focus, room) else (low, by - 1)
    start, end = widened(low)
    start, end = _begin(text, start, middle.start), _end(text, end, max(middle.end, start + 1))
    while end > start and not _fits(
        text, Span(start, end), focus, room
    ):  # a slice may need other backslashes
        end -= 1
    return Span(start, end)


def within(span: Span | None, outer: Span) -> Span | None:
    """The part of `span` inside `outer`, as offsets in `outer`; None if there is none."""
    if span is None:
        return None
    start, end = max(span.start, outer.start), min(span.end, outer.end)
    return Span(start - outer.start, end - outer.start) if start < end else None


def quoted(text: str, part: Span, bold: Span | None = None) -> str:
    """Format `part` of `text` as a block quote, with `bold` in bold and a mark at each cut."""
    lines = block_quote(text, part, bold)
    above = f"{CUT}\n" if part.start else ""
    below = f"\n{CUT}" if part.end < len(text) else ""
    return f"{above}{lines}{below}"


def block_quote(text: str, part: Span, bold: Span | None = None) -> str:
    """Format `part` of `text` as a block quote, without the backslashes that importers put before lines."""
    gone = [at for at in escapes(text) if part.start <= at < part.end]
    if not gone:
        return markdown.quote(text[part.start : part.end], within(bold, part))
    cuts = [part.start, *(at + 1 for at in gone)]
    shown = "".join(text[a:b] for a, b in zip(cuts, [*gone, part.end], strict=True))
    inside = within(bold, part)
    if inside is not None:
        start, end = (
            offset - bisect_left(gone, part.start + offset) for offset in (inside.start, inside.end)
        )
        inside = Span(start, end)
    return markdown.quote(shown, inside)


def _fits(text: str, part: Span, bold: Span | None, room: int) -> bool:
    return markdown.length(quoted(text, part, bold)) <= room


def _begin(text: str, at: int, latest: int) -> int:
    """Where to start the excerpt, between `at` and `latest`."""
    if at == 0 or at >= latest:
        return min(at, latest)
    pause = _PAUSE.search(text, at - 1, min(latest, at + _GIVEN_UP))
    if pause is not None and at <= pause.end():
        return pause.end()
    if text[at - 1].isspace():
        return at
    word = re.compile(r"\s+").search(text, at, latest)
    if word is not None:
        return word.end()
    for after in range(at, min(latest, at + _CLUSTER)):
        if not _joins(text, after):
            return after
    return at


def _end(text: str, at: int, earliest: int) -> int:
    """Where to end the excerpt, between `earliest` and `at`."""
    if at >= len(text) or at <= earliest:
        return at
    stop = max(earliest, at - _GIVEN_UP)
    backoff = [match.end() for match in _PAUSE.finditer(text, stop, at + 1) if match.end() <= at]
    if backoff:
        return stop + len(text[stop : backoff[-1]].rstrip())
    if text[at].isspace():
        return at
    for before in range(at - 1, earliest, -1):
        if text[before].isspace():
            return before
    for before in range(at, max(earliest, at - _CLUSTER), -1):
        if not _joins(text, before):
            return before
    return at


def _joins(text: str, at: int) -> bool:
    """Whether `text[at]` belongs to one visible character with the one before it."""
    character, before = text[at], text[at - 1]
    if "\U0001f1e6" <= character <= "\U0001f1ff":  # two of these letters are a flag
        run = 0
        while run < at and "\U0001f1e6" <= text[at - 1 - run] <= "\U0001f1ff":
            run += 1
        return run % 2 == 1
    return (
        before == "\u200d"
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or unicodedata.category(character).startswith("M")
    )
