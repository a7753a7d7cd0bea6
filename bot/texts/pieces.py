"""A passage on its way from a post's text to the corpus, and what the steps of that way share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models import Role, Span
from bot.texts.lines import is_title_line, leads

FROM_BEFORE = -1
"""In the place of a lead: what the post before leads with, if anything."""

BOLD_POST = re.compile(r"\s*(?P<bold>\*\*|__)(?:(?!(?P=bold))[^\n]){1,250}(?P=bold)\s*")
"""All of a post in bold: where it is not a heading, it leads to the next post, as the question of an FAQ does."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a post: `span` in its text. `lead` is the number of its lead among the source's pieces.

    `level` is that of a heading, 1 to 6, and 0 of anything else; `item` the number of a list item or table row.
    """

    post: int
    span: Span
    role: Role = Role.ANSWER
    lead: int | None = None
    level: int = 0
    item: int = 0


def introduces(piece: Piece, text: str) -> bool:
    """Tell whether a passage leads to the list below it; `text` is its post's."""
    return piece.role is Role.ANSWER and (
        leads(text, piece.span) or (not piece.item and is_title_line(text, piece.span))
    )
