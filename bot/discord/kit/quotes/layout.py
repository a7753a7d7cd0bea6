"""Quotes as message content: block quotes with attributions, within Discord's limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.discord.kit import markdown
from bot.discord.kit.quotes.excerpts import CUT, block_quote, excerpt, quoted
from bot.models import Passage, Quote, Source, Span
from bot.wording import Wording

LIMIT = 2_000
"""Characters of a message that Discord accepts."""

WINDOW = 700
"""Characters shown of a quote too long for a message; three take a phone's screen or two."""

_QUESTION_SHOWN = 300  # with its backslashes
_LEAD_SHOWN = 300
_TWINS_NAMED = 3
_FOOT = 900  # of the lines under a quote, where several texts have it
_AUTHOR = 100  # of the author of a message
_LINKED = 800  # of a title with its link


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Message content, and how many quotes are in it."""

    content: str
    count: int


def attribution(
    passage: Passage, wording: Wording, label: str = "", *, excerpt: bool = False
) -> str:
    """The line under a quote: author, title with its link, place."""
    author = wording.isolated(markdown.escape(passage.author[:_AUTHOR]))
    title = linked_title(passage.source, wording, passage.url)
    place = wording.place(passage, lambda section: f"*{markdown.escape(section)}*")
    line = f"{label}{author}, {title}, {place}"
    return f"{line}, {wording.EXCERPT}" if excerpt else line


def quote_page(
    quotes: Sequence[Quote],
    most: int,
    wording: Wording,
    first: int = 1,
    heading: str = "",
    *,
    numbered: bool = True,
) -> QuotePage:
    """Lay out as many of `quotes` as fit: at least one, at most `most`, numbered from `first`.

    A quote too long for a message of its own is cut to WINDOW characters around its bold.
    """
    content = heading
    count = 0
    for number, quote in enumerate(quotes[:most], start=first):
        gap = "\n\n" if count else "\n" if heading else ""
        room = LIMIT - markdown.length(content + gap)
        label = f"{number}. " if numbered else "— "
        block = _block(quote, wording, label, room, whole=count > 0)
        if block is None:
            break
        content += gap + block
        count += 1
    return QuotePage(content, count)


def _block(quote: Quote, wording: Wording, label: str, room: int, *, whole: bool) -> str | None:
    """One quote with its attribution, or None if it does not fit.

    `whole`: do not cut a quote that would fit on a page of its own.
    """
    passage = quote.passage
    if passage.lead is not None:
        above = _lead(passage.lead.text)
        rest = _block(
            replace(quote, passage=replace(passage, lead=None)),
            wording,
            label,
            room - markdown.length(above) - 1,
            whole=whole,
        )
        return None if rest is None else f"{above}\n{rest}"
    if len(passage.text) <= room:  # a longer one cannot fit, and escaping it takes long
        foot = _foot(quote, wording, attribution(passage, wording, label))
        whole_text = Span(0, len(passage.text))
        block = f"{block_quote(passage.text, whole_text, quote.bold)}\n{foot}"
        if markdown.length(block) <= room:
            return block
    if whole and len(passage.text) <= LIMIT:
        return None
    foot = _foot(quote, wording, attribution(passage, wording, label, excerpt=True))
    room -= markdown.length(foot) + 1
    if whole and room < WINDOW:
        return None
    part = excerpt(passage.text, quote.bold, min(room, WINDOW))
    return f"{quoted(passage.text, part, quote.bold)}\n{foot}"


def _foot(quote: Quote, wording: Wording, first: str) -> str:
    """The lines under a quote: the attribution `first`, and where else the same words stand."""
    for named in range(_TWINS_NAMED, -1, -1):
        further = wording.also(quote.also, lambda one: attribution(one, wording), named)
        foot = "\n".join(map(markdown.small, (first, *further)))
        if markdown.length(foot) <= _FOOT:
            break
    return foot


def _lead(text: str) -> str:
    """What introduces a quote, above the mark of a cut: it and the quote are each a slice of the text."""
    part = excerpt(text, None, _LEAD_SHOWN)
    return f"{block_quote(text, part)}\n{CUT}"


def asked_line(question: str, wording: Wording) -> str:
    """The line above a public answer that shows the channel what was asked."""
    line = " ".join(question.split())
    kept = line[:_QUESTION_SHOWN]
    while markdown.length(shown := markdown.escape(kept)) > _QUESTION_SHOWN:
        kept = kept[: len(kept) * 9 // 10]
    cut = "…" if len(kept) < len(line) else ""
    return markdown.small(f"{wording.ASKED} {wording.isolated(shown + cut)}")


def source_line(source: Source, wording: Wording) -> str:
    """The line above a part of a source: its title, linked, and its author."""
    return f"{linked_title(source, wording, source.url)}, {wording.isolated(markdown.escape(source.author))}"


def linked_title(source: Source, wording: Wording, url: str | None, shown: str = "") -> str:
    """The title, or what is `shown` of it, in quotation marks, with the link `url` if there is one.

    A link that would take up half a message is left out.
    """
    title = f"“{shown or source.title}”"
    linked = markdown.link(title, url) if url else ""
    if not linked or markdown.length(linked) > _LINKED:
        linked = markdown.escape(title)
    return wording.isolated(linked)
