"""Divides posts into passages by their Markdown: sentences, list items, table rows, and what only leads to them.

A heading, the line above a list, a table's header and the question of an FAQ are not answers, but context of
those below them. Comments, tags, images, rules and tables of contents are neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.models import Passage, Role, Source
from bot.texts import lines
from bot.texts.contents import without_contents
from bot.texts.faq import with_question_leads
from bot.texts.markdown_post import MarkdownPost
from bot.texts.pieces import FROM_BEFORE, Piece, introduces
from bot.texts.sentences import sentence_spans

_SPECIAL = re.compile(
    r"(?m)^[ \t]{0,12}(?:[#>|*+\-–•●▪◦‣⁃`~<=_!\[\\]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s|Q\s?\d{0,3}[:.)]"
    rf"|{lines.SYMBOL})|[:：][*_]{{0,3}}[ \t]*\n|\S(?:\t| {{3}})|\||</?[a-zA-Z]|<!--|!\[|(?:\.\s?){{4}}|\{{[{{%]|%%"
)
"""What may be structure, of Markdown or of lines. A post without it is made of sentences alone, which is quicker to find out."""


_LONGEST_HEADING = 1_000  # characters of a post that may be headings alone


def pieces_of(posts: Iterable[str], language: str) -> list[Piece]:
    """Divide the posts of one source, in reading order; `language` is a tag such as `en` or `pt-BR`."""
    found: list[Piece] = []
    texts: list[str] = []
    lead: int | None = None  # of the list that goes on from post to post
    for number, text in enumerate(posts):
        texts.append(text)
        if not _SPECIAL.search(text):
            own = [Piece(number, span) for span in sentence_spans(text, language)]
            found += _behind_lead(found, own, texts)
            lead = None
            continue
        own = MarkdownPost(text, number, len(found), language).pieces()
        if own and own[0].lead == FROM_BEFORE:
            if lead is None and found and introduces(found[-1], texts[found[-1].post]):
                lead = len(found) - 1
                found[-1] = replace(found[-1], role=Role.LEAD)
            goes_on = found[-1].item if found and found[-1].post == number - 1 else 0
            own = [
                replace(p, lead=lead, item=p.item + goes_on) if p.lead == FROM_BEFORE else p
                for p in own
            ]
        else:
            own = _behind_lead(found, own, texts)
            lead = None
        found += own
    return without_contents(with_question_leads(found, texts), texts)


def _behind_lead(found: list[Piece], own: list[Piece], texts: Sequence[str]) -> list[Piece]:
    """Return `own`, the passages of a post, with the end of the post before as the lead of the first, if that ends in a colon."""
    if (
        found
        and own
        and (found[-1].role, own[0].role, own[0].lead) == (Role.ANSWER, Role.ANSWER, None)
        and not own[0].item
        and lines.leads(texts[found[-1].post], found[-1].span)
    ):
        found[-1] = replace(found[-1], role=Role.LEAD)
        return [replace(own[0], lead=len(found) - 1), *own[1:]]
    return own


def is_heading(post: str) -> bool:
    """Tell whether a post is headings alone, which are never quoted as an answer."""
    if len(post) > _LONGEST_HEADING or not _SPECIAL.search(post):
        return False
    own = MarkdownPost(post, 0, 0, "en").pieces()
    return bool(own) and all(piece.role is Role.HEADING for piece in own)


def sections_of(pieces: Sequence[Piece]) -> list[int | None]:
    """Find the heading that each passage stands under, by its number; a heading stands under one of a higher level."""
    found: list[int | None] = []
    open_: list[int] = []  # headings, outermost first
    for number, piece in enumerate(pieces):
        if piece.role is Role.HEADING:
            while open_ and pieces[open_[-1]].level >= piece.level:
                open_.pop()
        found.append(open_[-1] if open_ else None)
        if piece.role is Role.HEADING:
            open_.append(number)
    return found


def heading_words(text: str) -> str:
    """The words of a heading, without the marks of emphasis around them."""
    return text.strip("*_`# \t")


def passages_of(source: Source) -> list[Passage]:
    """Divide `source` into passages, in reading order."""
    pieces = pieces_of((post.text for post in source.posts), source.language)
    found: list[Passage] = []
    sentence, post = 0, -1
    for piece, section in zip(pieces, sections_of(pieces), strict=True):
        sentence, post = (sentence + 1 if piece.post == post else 1), piece.post
        above = found[section] if section is not None else None
        headings = (*above.headings, heading_words(above.text)) if above else ()
        lead = None if piece.lead is None else found[piece.lead]
        found.append(
            Passage(
                source,
                source.posts[post],
                sentence,
                piece.span,
                piece.role,
                lead,
                headings,
                piece.item,
            )
        )
    return found
