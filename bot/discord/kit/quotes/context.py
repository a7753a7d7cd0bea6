"""A quote among its neighbours, as message content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.discord.kit import markdown
from bot.discord.kit.quotes import layout as messages
from bot.discord.kit.quotes.excerpts import excerpt, quoted
from bot.discord.kit.quotes.layout import LIMIT, Place, TextPage
from bot.library.snapshots import Snapshot
from bot.models import Passage, Post, Source, Span
from bot.wording import Texts

NEIGHBOURS = 3
"""Passages that are shown at most before a quote, and as many after it."""

TIDY = 900
"""Characters beyond which only one is shown on either side: about a screen of a phone."""


def around(snapshot: Snapshot, key: int) -> tuple[Passage, Sequence[Passage]] | None:
    """Return the passage with this key, and with its neighbours; None when it is gone."""
    number = snapshot.passages.number_of(key)
    if number is None:
        return None
    quote = snapshot.passages[number]
    own = snapshot.ranges[quote.source.id]
    near = range(max(own.start, number - NEIGHBOURS), min(own.stop, number + NEIGHBOURS + 1))
    return quote, [snapshot.passages[n] for n in near]


def context_page(
    quote: Passage, near: Sequence[Passage], texts: Texts, bold: Span | None = None
) -> TextPage:
    """Return the page with `quote` in bold among those `near` it, in their order, that fit.

    A quote too long for a page of its own is cut down to what is around `bold`, offsets in it.
    """
    low = high = next(i for i, p in enumerate(near) if p.key == quote.key)
    content = _content(quote, near[low : high + 1], texts)
    if len(quote.text) > LIMIT or markdown.length(content) > LIMIT:
        return _part_of(quote, bold, texts)
    at = low
    down = up = True
    while down or up:
        if down := down and low > 0:
            wider = _content(quote, near[low - 1 : high + 1], texts)
            if down := markdown.length(wider) <= (LIMIT if low == at else TIDY):
                low, content = low - 1, wider
        if up := up and high + 1 < len(near):
            wider = _content(quote, near[low : high + 2], texts)
            if up := markdown.length(wider) <= (LIMIT if high == at else TIDY):
                high, content = high + 1, wider
    start = Place(near[low].post.number, near[low].span.start)
    return TextPage(
        content, start, _place_after(near[high].post, near[high].span.end, quote.source)
    )


def _part_of(quote: Passage, bold: Span | None, texts: Texts) -> TextPage:
    source, post = quote.source, quote.post
    head = messages.source_line(source, texts)
    foot = messages.post_foot(post, source, texts, texts.EXCERPT, part_of=True)
    room = LIMIT - markdown.length(head) - markdown.length(foot) - 2
    part = excerpt(quote.text, bold, min(room, TIDY))
    content = f"{head}\n{quoted(quote.text, part, bold)}\n{foot}"
    start = Place(post.number, quote.span.start + part.start)
    return TextPage(content, start, _place_after(post, quote.span.start + part.end, source))


def _content(quote: Passage, shown: Sequence[Passage], texts: Texts) -> str:
    head = messages.source_line(quote.source, texts)
    return f"{head}\n" + "\n\n".join(_parts(quote, shown, texts))


def _parts(quote: Passage, shown: Sequence[Passage], texts: Texts) -> Iterator[str]:
    """Yield what is shown of each post, which is one slice of it."""
    for _, group in groupby(shown, key=lambda passage: passage.post.number):
        passages = list(group)
        post, start, end = passages[0].post, passages[0].span.start, passages[-1].span.end
        own = quote.post.number == post.number
        bold = Span(quote.span.start - start, quote.span.end - start) if own else None
        part_of = bool(post.text[:start].strip() or post.text[end:].strip())
        note = texts.QUOTE_IN_BOLD if own else ""
        foot = messages.post_foot(post, quote.source, texts, note, part_of=part_of)
        yield f"{markdown.quote(post.text[start:end], bold)}\n{foot}"


def _place_after(post: Post, end: int, source: Source) -> Place | None:
    if post.text[end:].strip():
        return Place(post.number, messages.skip_space(post.text, end))
    return Place(post.number + 1) if post.number < len(source.posts) else None
