"""Finds the questions of an FAQ, which lead to their answers: a question is not an answer to itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.models import Role, Span
from bot.texts.pieces import BOLD_POST, Piece

MOST_QUESTION = 30
"""Words of a question of an FAQ."""

_QUESTION = re.compile(
    r"(?P<mark>\s*(?:(?:\*\*|__)(?=[^\n]*[?？؟]\s*(?:\*\*|__)|Q\w*\s?\d{0,3}[:.)])|\(?\d{1,3}[.)]\s|Q\s?\d{0,3}[:.)]))?[^\n]*[?？؟](?:\*\*|__)?\s*"
)


def with_question_leads(pieces: list[Piece], texts: Sequence[str]) -> list[Piece]:
    """Make the questions of an FAQ leads of their answers.

    A question that is marked (bold, numbered, `Q:`) and has its answer behind it in the post; or one that is a
    post alone, before another post that is none. Of unmarked ones there must be two, for a writer may ask one, and
    each leads to the next post only; a marked one to all up to the next question or heading.
    """
    posts: list[list[int]] = [[] for _ in texts]
    for number, piece in enumerate(pieces):
        posts[piece.post].append(number)
    alone = {
        n: numbers[0]
        for n, numbers in enumerate(posts)
        if _is_question_alone(pieces, numbers, texts[n])
    }
    marked = {n for n in alone if BOLD_POST.fullmatch(texts[n]) or _is_marked(texts[n])}
    faq = {n: number for n, number in alone.items() if n in marked or len(alone) > 1}
    found = list(pieces)
    lead: int | None = None
    last = -1  # the last post that it leads to
    for n, numbers in enumerate(posts):
        if n > last:
            lead = None
        if n in faq and n + 1 < len(posts) and n + 1 not in alone:
            lead = faq[n]
            found[lead] = _question_lead(found[lead], texts[n])
            last = len(posts) if n in marked else n + 1
            continue
        if numbers and found[numbers[0]].role is Role.HEADING:
            lead = None
        own = _question_in(found, numbers, texts[n])
        if own is not None:
            found[own] = _question_lead(found[own], texts[n])
            lead = None
        for number in numbers:
            if number != own and found[number].lead is None and found[number].role is Role.ANSWER:
                found[number] = replace(found[number], lead=lead if own is None else own)
    return found


def _is_marked(text: str) -> bool:
    match = _QUESTION.match(text)
    return match is not None and match["mark"] is not None


def _question_lead(piece: Piece, text: str) -> Piece:
    """Make a question a lead, without the marks that set all of it in bold."""
    start, end = piece.span
    mark = text[start : start + 2]
    if mark in ("**", "__") and text.endswith(mark, start + 3, end):
        start, end = start + 2, end - 2
    return replace(piece, role=Role.LEAD, span=Span(start, end))


def _is_question_alone(pieces: Sequence[Piece], numbers: Sequence[int], text: str) -> bool:
    if len(numbers) != 1 or pieces[numbers[0]].role is not Role.ANSWER:
        return False
    asks = _QUESTION.fullmatch(text) or BOLD_POST.fullmatch(text)
    return bool(asks) and len(text.split()) <= MOST_QUESTION


def _question_in(pieces: Sequence[Piece], numbers: Sequence[int], text: str) -> int | None:
    """Find the marked question that a post begins with, if its answer stands behind it."""
    if len(numbers) < 2 or pieces[numbers[0]].role is not Role.ANSWER:
        return None
    match = _QUESTION.match(text)
    first = pieces[numbers[0]]
    asks = text[first.span.start : first.span.end].rstrip("*_ ").endswith(("?", "？", "؟"))
    return numbers[0] if match and match["mark"] and asks and first.lead is None else None
