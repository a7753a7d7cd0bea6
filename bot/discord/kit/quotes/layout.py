"""Answers and texts as pages of message content, each within Discord's limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.kit import markdown
from bot.discord.kit.quotes.excerpts import CUT, excerpt, quoted
from bot.models import Hit, Passage, Post, Source, Span
from bot.wording import Texts

LIMIT = 2_000
_QUESTION_SHOWN = 300
WINDOW = 700
"""Characters of a quote that is too long for a message: three of them take a phone's screen or two."""


@dataclass(frozen=True, slots=True)
class QuotePage:
    """The content of a message and how many of the quotes stand in it."""

    content: str
    count: int


def attribution(passage: Passage, texts: Texts, label: str = "", *, excerpt: bool = False) -> str:
    """Return the line under a quote: author, title, place and, where there is one, the link."""
    source = passage.source
    author = texts.isolated(markdown.escape(source.author))
    line = f"{label}{author}, {_title(source, texts)}, {texts.place(passage)}"
    return f"{line}, {texts.EXCERPT}" if excerpt else line


def quote_page(
    hits: Sequence[Hit],
    most: int,
    texts: Texts,
    first: int = 1,
    heading: str = "",
    *,
    numbered: bool = True,
) -> QuotePage:
    """Return a page with the first of `hits`: at most `most`, at least one, as many as fit.

    A quote too long for a page of its own is cut down to WINDOW characters around its words in bold.
    """
    content = heading
    count = 0
    for number, hit in enumerate(hits[:most], start=first):
        gap = "\n\n" if count else "\n" if heading else ""
        room = LIMIT - markdown.length(content + gap)
        label = f"{number}. " if numbered else "— "
        quote = _quote(hit, texts, label, room, whole=count > 0)
        if quote is None:
            break
        content += gap + quote
        count += 1
    return QuotePage(content, count)


def _quote(hit: Hit, texts: Texts, label: str, room: int, *, whole: bool) -> str | None:
    """Return a quote with its attribution; None when it does not fit.

    With `whole`, one that would fit on a page of its own is not cut.
    """
    passage = hit.passage
    if len(passage.text) <= room:  # else it cannot fit, and escaping it would take long
        foot = markdown.small(attribution(passage, texts, label))
        text = f"{markdown.quote(passage.text, hit.bold)}\n{foot}"
        if markdown.length(text) <= room:
            return text
    if whole and len(passage.text) <= LIMIT:
        return None
    foot = markdown.small(attribution(passage, texts, label, excerpt=True))
    room -= markdown.length(foot) + 1
    if whole and room < WINDOW:
        return None
    part = excerpt(passage.text, hit.bold, min(room, WINDOW))
    return f"{quoted(passage.text, part, hit.bold)}\n{foot}"


def asked(question: str, texts: Texts) -> str:
    """Return the line that tells a channel what was asked by slash command."""
    line = " ".join(question.split())
    if len(line) > _QUESTION_SHOWN:
        line = f"{line[:_QUESTION_SHOWN]}…"
    return markdown.small(f"{texts.ASKED} {texts.isolated(markdown.escape(line))}")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a source: a character of a post, the post counted from 1."""

    post: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class TextPage:
    """A part of a source as message content, with where it begins and where the next one does."""

    content: str
    start: Place
    next: Place | None


def page_from(source: Source, start: Place, texts: Texts) -> TextPage:
    """Return the page of `source` that begins at `start`: as many posts as fit.

    A post too long for a page of its own goes on on the next one.
    """
    content = source_line(source, texts)
    place: Place | None = start
    while place is not None:
        post = source.posts[place.post - 1]
        gap = "\n" if place == start else "\n\n"
        room = LIMIT - markdown.length(content + gap)
        rest = Span(place.offset, len(post.text))
        part = _post(post, rest, source, texts) if rest.end - rest.start <= room else None
        if part is not None and markdown.length(part) <= room:
            content += gap + part
            place = Place(place.post + 1) if place.post < len(source.posts) else None
            continue
        if place == start:
            foot = markdown.length(post_foot(post, source, texts, part_of=True)) + 1
            room -= foot + len(CUT) + 1  # the mark above, if there is one
            end = place.offset + excerpt(post.text[place.offset :], None, room).end
            content += gap + _post(post, Span(place.offset, end), source, texts)
            place = Place(place.post, skip_space(post.text, end))
        break
    return TextPage(content, start, place)


def page_before(source: Source, end: Place, texts: Texts) -> TextPage:
    """Return the page of `source` that stands before `end`: whole posts, as many as fit.

    Where the post before does not fit on a page, the last page of that post.
    """
    first = end.post if end.offset else end.post - 1
    if first < 1:
        return page_from(source, Place(1), texts)
    if end.offset:
        return _last_page_before(source, Place(end.post), end, texts)
    start = Place(first)
    page = page_from(source, start, texts)
    if page.next is not None and page.next.post == first:
        return _last_page_before(source, start, end, texts)
    while start.post > 1:
        longer = page_from(source, Place(start.post - 1), texts)
        if longer.next is not None and longer.next < end:
            break
        start, page = longer.start, longer
    return page


def _last_page_before(source: Source, start: Place, end: Place, texts: Texts) -> TextPage:
    page = page_from(source, start, texts)
    while page.next is not None and page.next < end:
        page = page_from(source, page.next, texts)
    return page


def source_line(source: Source, texts: Texts) -> str:
    """Return the line above a part of `source`: title and author, linked."""
    return f"{_title(source, texts)}, {texts.isolated(markdown.escape(source.author))}"


def _title(source: Source, texts: Texts) -> str:
    title = f"“{source.title}”"
    linked = markdown.link(title, source.url) if source.url else markdown.escape(title)
    return texts.isolated(linked)


def _post(post: Post, span: Span, source: Source, texts: Texts) -> str:
    part_of = span != Span(0, len(post.text))
    return f"{quoted(post.text, span)}\n{post_foot(post, source, texts, part_of=part_of)}"


def post_foot(post: Post, source: Source, texts: Texts, note: str = "", *, part_of: bool) -> str:
    """Return the line under a post: its place, whether it is shown in part, and a note."""
    line = (texts.part_of_post if part_of else texts.post)(post.number, source)
    return markdown.small(f"{line}, {note}" if note else line)


def skip_space(text: str, at: int) -> int:
    """Return where the white space of `text` that begins at `at` ends."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
