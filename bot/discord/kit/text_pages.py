"""A source page by page: whole posts as message content, and the buttons that turn the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Button, make_button, make_view
from bot.discord.kit.quotes.excerpts import CUT, excerpt, quoted
from bot.discord.kit.quotes.layout import LIMIT, source_line
from bot.models import Post, Source, Span
from bot.wording import Wording

READ_ID = (
    r"read:(?P<way>from|before):(?P<digest>[0-9a-f]{16}):(?P<post>\d{1,9}):(?P<offset>\d{1,9})"
)
JUMP_ID = r"jump:(?P<digest>[0-9a-f]{16})"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character of a source: the number of its post, from 1, and the offset in it."""

    post: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class TextPage:
    """Part of a source as message content: where it starts, and where the next page does."""

    content: str
    start: Place
    next: Place | None


def page_from(
    source: Source,
    start: Place,
    wording: Wording,
    end: Place | None = None,
    head: str = "",
    gaps: Sequence[tuple[int, int]] = (),
) -> TextPage:
    """Lay out the page that starts at `start`: as many whole posts as fit, up to the place `end`.

    A post too long for one page continues on the next. `head` is the line above, by default title and author.
    `gaps`: the first and the last of posts that are left out.
    """
    content = head or source_line(source, wording)
    end = end or Place(len(source.posts), len(source.posts[-1].text))
    place: Place | None = start
    while place is not None:
        post = source.posts[place.post - 1]
        gap = "\n" if place == start else "\n\n"
        room = LIMIT - markdown.length(content + gap)
        rest = Span(place.offset, end.offset if place.post == end.post else len(post.text))
        part = _post(post, rest, source, wording) if rest.end - rest.start <= room else None
        if part is not None and markdown.length(part) <= room:
            content += gap + part
            place = Place(_post_behind(place.post, gaps)) if place.post < end.post else None
            continue
        if place == start:
            foot = markdown.length(post_foot(post, source, wording, part_of=True)) + 1
            room -= foot + len(CUT) + 1  # the mark above, if there is one
            cut = place.offset + excerpt(post.text[place.offset : rest.end], None, room).end
            content += gap + _post(post, Span(place.offset, cut), source, wording)
            place = Place(place.post, skip_space(post.text, cut))
        break
    return TextPage(content, start, place)


def _post_behind(number: int, gaps: Sequence[tuple[int, int]]) -> int:
    return next((last for first, last in gaps if first == number + 1), number) + 1


def page_before(source: Source, end: Place, wording: Wording) -> TextPage:
    """Lay out the page that ends before `end`: as many whole posts as fit.

    If the post before does not fit on a page, the last page of that post.
    """
    first = end.post if end.offset else end.post - 1
    if first < 1:
        return page_from(source, Place(1), wording)
    if end.offset:
        return _last_page_before(source, Place(end.post), end, wording)
    start = Place(first)
    page = page_from(source, start, wording)
    if page.next is not None and page.next.post == first:
        return _last_page_before(source, start, end, wording)
    while start.post > 1:
        longer = page_from(source, Place(start.post - 1), wording)
        if longer.next is not None and longer.next < end:
            break
        start, page = longer.start, longer
    return page


def _last_page_before(source: Source, start: Place, end: Place, wording: Wording) -> TextPage:
    page = page_from(source, start, wording)
    while page.next is not None and page.next < end:
        page = page_from(source, page.next, wording)
    return page


def _post(post: Post, span: Span, source: Source, wording: Wording) -> str:
    part_of = span != Span(0, len(post.text))
    return f"{quoted(post.text, span)}\n{post_foot(post, source, wording, part_of=part_of)}"


def post_foot(
    post: Post, source: Source, wording: Wording, note: str = "", *, part_of: bool
) -> str:
    """The line under a post: its number, whether only part of it is shown, and a note."""
    line = (wording.part_of_post if part_of else wording.post)(post.number, source)
    return markdown.small(f"{line}, {note}" if note else line)


def skip_space(text: str, at: int) -> int:
    """The offset of the first character from `at` on that is not white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def text_page_view(source: Source, page: TextPage, wording: Wording) -> discord.ui.View:
    """The buttons under a page: to the previous and the next one, and to any post."""
    return make_view(*page_buttons(source, page, wording, wording.PREVIOUS, wording.NEXT))


def page_buttons(
    source: Source, page: TextPage, wording: Wording, back: str, on: str
) -> list[Button]:
    """Those buttons, labelled `back` and `on`."""
    buttons: list[Button] = []
    if page.start != Place(1):
        buttons.append(read_button("before", source.digest, page.start, back))
    if page.next is not None:
        buttons.append(read_button("from", source.digest, page.next, on))
    if buttons and len(source.posts) > 1:
        buttons.append(make_button(wording.GO_TO_POST, f"jump:{source.digest}"))
    return buttons


def read_button(way: str, digest: str, place: Place, label: str) -> Button:
    """A button to the page `from` or `before` a place; it matches READ_ID."""
    return make_button(label, f"read:{way}:{digest}:{place.post}:{place.offset}")
