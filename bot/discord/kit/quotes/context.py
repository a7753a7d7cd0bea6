"""A quote among its neighbours in the text, as message content with buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.discord.kit import markdown
from bot.discord.kit.buttons import make_view
from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.quotes.excerpts import block_quote, excerpt, quoted
from bot.discord.kit.quotes.layout import LIMIT, source_line
from bot.discord.kit.quotes.links import context_button
from bot.discord.kit.sending import OutgoingMessage
from bot.discord.kit.service import Service
from bot.discord.kit.text_pages import Place, TextPage, page_buttons, post_foot, skip_space
from bot.library.snapshots import Snapshot
from bot.models import Passage, Post, Source, Span
from bot.wording import Wording

NEIGHBOURS = 3
"""Passages shown at most before a quote, and after it."""

TIDY = 900
"""Characters (about a phone's screen) beyond which only one passage is shown on either side."""


async def context_message(
    service: Service,
    server: int | None,
    wording: Wording,
    refs: Sequence[QuoteRef],
    first: int,
    at: int = 0,
) -> OutgoingMessage | None:
    """Show quote `at` of a message's quotes in its context; None if it is gone from the texts.

    `first` is the number of the first of `refs` on that message.
    """
    snapshot, offered = service.snapshot, (await service.listing_in(server)).sources

    def work() -> tuple[Passage, TextPage] | None:
        found = around(snapshot, refs[at].key) if at < len(refs) else None
        if found is None or found[0].source.id not in offered:
            return None
        quote = refs[at].quote(snapshot)
        return found[0], context_page(*found, wording, quote.bold if quote else None)

    found = await service.run_quick(work)
    if found is None:
        return None
    quote, page = found
    others = [
        context_button(refs, i, first, wording.quote_number(first + i), turn=True)
        for i in range(len(refs))
        if i != at
    ]
    turning = page_buttons(quote.source, page, wording, wording.READ_BACK, wording.READ_ON)
    return OutgoingMessage(page.content, make_view(*turning, *others))


def around(snapshot: Snapshot, key: int) -> tuple[Passage, Sequence[Passage]] | None:
    """Find a passage by its key, and those around it, itself included; None if it is gone."""
    number = snapshot.passages.number_of(key)
    if number is None:
        return None
    quote = snapshot.passages[number]
    own = snapshot.ranges[quote.source.id]
    near = range(max(own.start, number - NEIGHBOURS), min(own.stop, number + NEIGHBOURS + 1))
    return quote, [snapshot.passages[n] for n in near]


def context_page(
    quote: Passage, near: Sequence[Passage], wording: Wording, bold: Span | None = None
) -> TextPage:
    """Lay out `quote` in bold with as many of the passages `near` it as fit, in their order.

    A quote too long for a page of its own is cut to the part around `bold`, offsets in its text.
    """
    low = high = next(i for i, p in enumerate(near) if p.key == quote.key)
    content = _content(quote, near[low : high + 1], wording)
    if len(quote.text) > LIMIT or markdown.length(content) > LIMIT:
        return _part_of(quote, bold, wording)
    at = low
    down = up = True
    while down or up:
        if down := down and low > 0:
            wider = _content(quote, near[low - 1 : high + 1], wording)
            if down := markdown.length(wider) <= (LIMIT if low == at else TIDY):
                low, content = low - 1, wider
        if up := up and high + 1 < len(near):
            wider = _content(quote, near[low : high + 2], wording)
            if up := markdown.length(wider) <= (LIMIT if high == at else TIDY):
                high, content = high + 1, wider
    start = Place(near[low].post.number, near[low].span.start)
    return TextPage(
        content, start, _place_after(near[high].post, near[high].span.end, quote.source)
    )


def _part_of(quote: Passage, bold: Span | None, wording: Wording) -> TextPage:
    source, post = quote.source, quote.post
    head = source_line(source, wording)
    foot = post_foot(post, source, wording, wording.EXCERPT, part_of=True)
    room = LIMIT - markdown.length(head) - markdown.length(foot) - 2
    part = excerpt(quote.text, bold, min(room, TIDY))
    content = f"{head}\n{quoted(quote.text, part, bold)}\n{foot}"
    start = Place(post.number, quote.span.start + part.start)
    return TextPage(content, start, _place_after(post, quote.span.start + part.end, source))


def _content(quote: Passage, shown: Sequence[Passage], wording: Wording) -> str:
    head = source_line(quote.source, wording)
    return f"{head}\n" + "\n\n".join(_parts(quote, shown, wording))


def _parts(quote: Passage, shown: Sequence[Passage], wording: Wording) -> Iterator[str]:
    """Yield the part shown of each post: one slice."""
    for _, group in groupby(shown, key=lambda passage: passage.post.number):
        passages = list(group)
        post, start, end = passages[0].post, passages[0].span.start, passages[-1].span.end
        own = quote.post.number == post.number
        bold = quote.span if own else None
        part_of = bool(post.text[:start].strip() or post.text[end:].strip())
        note = wording.QUOTE_IN_BOLD if own else ""
        foot = post_foot(post, quote.source, wording, note, part_of=part_of)
        yield f"{block_quote(post.text, Span(start, end), bold)}\n{foot}"


def _place_after(post: Post, end: int, source: Source) -> Place | None:
    if post.text[end:].strip():
        return Place(post.number, skip_space(post.text, end))
    return Place(post.number + 1) if post.number < len(source.posts) else None
