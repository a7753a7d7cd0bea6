"""Finds tables of contents, which repeat the headings of their text: nobody quotes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.models import Role
from bot.texts.pieces import Piece

_FEWEST_LINES = 3
_LONGEST_GAP = 3
"""Lines that may stand between two that repeat a heading, where not every title is known to be one."""

_NUMBER = re.compile(r"^[\s*_>-]*(?:(?:[^\W\d_]+ )?(?:\d+(?:\.\d+)*|[IVXLC]+)[.):]?\s+)?")
_PAGE = re.compile(r"[\s.…·_]*\d{0,4}\s*$")
_WORD = re.compile(r"[^\W_]+")


def without_contents(pieces: Sequence[Piece], texts: Sequence[str]) -> list[Piece]:
    """Leave out the lines of tables of contents: three or more that stand together, half of them a heading's words."""
    titles = [_title(piece, texts) for piece in pieces]
    headings = {
        title for piece, title in zip(pieces, titles, strict=True) if piece.role is Role.HEADING
    }
    if len(headings) < _FEWEST_LINES:
        return list(pieces)
    lines = [
        n
        for n, (piece, title) in enumerate(zip(pieces, titles, strict=True))
        if piece.role is not Role.HEADING and title in headings
    ]
    left_out: set[int] = set()
    for group in _groups(lines):
        span = range(group[0], group[-1] + 1)
        own = [n for n in span if pieces[n].role is not Role.HEADING]
        if len(group) >= _FEWEST_LINES and 2 * len(group) >= len(own):
            left_out.update(own)
    return _without(pieces, left_out)


def _title(piece: Piece, texts: Sequence[str]) -> str:
    words = texts[piece.post][piece.span.start : piece.span.end]
    if len(words) > 200:
        return ""
    return " ".join(_WORD.findall(_PAGE.sub("", _NUMBER.sub("", words)).casefold()))


def _groups(lines: Sequence[int]) -> list[list[int]]:
    groups = [[n] for n in lines[:1]]
    for before, line in pairwise(lines):
        if line - before > _LONGEST_GAP:
            groups.append([])
        groups[-1].append(line)
    return groups


def _without(pieces: Sequence[Piece], left_out: set[int]) -> list[Piece]:
    """The other pieces, with their leads by their new numbers; what led to the contents alone leads to nothing."""
    if not left_out:
        return list(pieces)
    kept = [n for n in range(len(pieces)) if n not in left_out]
    numbers = {old: new for new, old in enumerate(kept)}
    return [
        replace(pieces[n], lead=None if (lead := pieces[n].lead) is None else numbers.get(lead))
        for n in kept
    ]
