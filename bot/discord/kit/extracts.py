"""A part of a text, such as posts 3 to 5 or a section, page by page: content, and the buttons that turn the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Button, make_button, make_view
from bot.discord.kit.custom_ids import DIGITS, USER_LENGTH, digits, number_of
from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.quotes.layout import source_line
from bot.discord.kit.quotes.links import context_button, delete_button, follow_up_button
from bot.discord.kit.sending import OutgoingMessage
from bot.discord.kit.text_pages import Place, TextPage, page_before, page_from
from bot.library.snapshots import Snapshot
from bot.models import MOST_GAPS, Extract, Passage, PlaceKind, Quote, Role, Source
from bot.texts.structure import heading_words
from bot.wording import Wording

_POST, _OFFSET = 4, 5  # digits
_PLACE = _POST + _OFFSET
RANGE = (
    rf"(?P<kind>[0-9])(?P<range>{DIGITS}{{{2 * _PLACE}}})"
    rf"(?P<gaps>(?:{DIGITS}{{{2 * _POST}}}){{0,{MOST_GAPS}}})"
)
EXTRACT_ID = (
    rf"place:(?P<owner>{DIGITS}{{{USER_LENGTH}}}):(?P<digest>[0-9a-f]{{16}})"
    rf":{RANGE}:(?P<way>from|before):(?P<at>{DIGITS}{{{_PLACE}}})"
)

_KINDS = tuple(PlaceKind)


def encode_range(extract: Extract) -> str:
    """Write which part of its text `extract` is; it matches RANGE."""
    start, end = Place(extract.first, extract.start), Place(extract.last, extract.end)
    gaps = "".join(digits(number, _POST) for gap in extract.gaps for number in gap)
    return f"{_KINDS.index(extract.kind)}{_encode(start)}{_encode(end)}{gaps}"


def decode_range(match: re.Match[str], source: Source) -> Extract | None:
    """Read what `encode_range` wrote of a part of `source`; None if the text has no such part."""
    first, last = (decode_place(match["range"][at : at + _PLACE]) for at in (0, _PLACE))
    kind = int(match["kind"])
    if not (kind < len(_KINDS) and 1 <= first.post <= last.post <= len(source.posts)):
        return None
    if last.offset > len(source.posts[last.post - 1].text):
        return None
    extract = Extract(source, first.post, last.post, first.offset, last.offset, _KINDS[kind])
    gaps = _decode_gaps(match["gaps"])
    edges = [first.post, *(number for gap in gaps for number in gap), last.post]
    if gaps and not (sorted(edges) == edges and edges[0] < edges[1] and edges[-2] < edges[-1]):
        return None
    return _named(replace(extract, gaps=gaps))


def _decode_gaps(text: str) -> tuple[tuple[int, int], ...]:
    numbers = [number_of(text[at : at + _POST]) for at in range(0, len(text), _POST)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _named(extract: Extract) -> Extract:
    """Add what the part is called, as its text says."""
    source, name = extract.source, ""
    if extract.kind is PlaceKind.SECTION:
        name = heading_words(source.posts[extract.first - 1].text[extract.start :].split("\n")[0])
    elif extract.kind is not PlaceKind.POST:
        marks = [source.marker_at(extract.first), source.marker_at(extract.last)]
        values = [mark.value.partition("T")[0] for mark in marks if mark is not None]
        name = "–".join(dict.fromkeys(values))
    return replace(extract, name=name)


def _encode(place: Place) -> str:
    return digits(place.post, _POST) + digits(place.offset, _OFFSET)


def decode_place(text: str) -> Place:
    """Read the place in an EXTRACT_ID."""
    return Place(number_of(text[:_POST]), number_of(text[_POST:]))


@dataclass(frozen=True, slots=True)
class ExtractPage:
    """A page of a part of a text, and the first passage on it that can be quoted by itself."""

    page: TextPage
    passage: Passage | None


def extract_page(
    extract: Extract,
    snapshot: Snapshot,
    wording: Wording,
    at: Place | None = None,
    way: str = "from",
) -> ExtractPage:
    """Lay out the page that starts at the place `at` (None: the first page), or the one `before` it."""
    source = extract.source
    start, end = Place(extract.first, extract.start), Place(extract.last, extract.end)
    at = min(max(at or start, start), end)
    name = wording.extract_name(extract, lambda title: f"*{markdown.escape(title)}*")
    head = ", ".join(filter(None, (source_line(source, wording), name)))
    if way == "before" and extract.gaps:
        page = _page_before(extract, at, wording, head)
    else:
        if way == "before":
            at = max(page_before(source, at, wording).start, start)
        page = page_from(source, at, wording, end, head, extract.gaps)
    return ExtractPage(page, _first_passage(snapshot, extract, page))


def _page_before(extract: Extract, at: Place, wording: Wording, head: str) -> TextPage:
    """The page before the place `at` of a part with gaps: they are laid out from the beginning."""
    start, end = Place(extract.first, extract.start), Place(extract.last, extract.end)
    page = page_from(extract.source, start, wording, end, head, extract.gaps)
    while page.next is not None and page.next < at:
        page = page_from(extract.source, page.next, wording, end, head, extract.gaps)
    return page


def _first_passage(snapshot: Snapshot, extract: Extract, page: TextPage) -> Passage | None:
    """Find the first passage on the page that can be quoted by itself."""
    last = page.next.post if page.next is not None else extract.last
    for number in snapshot.passages.range_of_posts(extract.source.id, page.start.post, last):
        passage = snapshot.passages[number]
        begun = (passage.post.number, passage.span.end) > (page.start.post, page.start.offset)
        if passage.role is Role.ANSWER and begun:
            return passage
    return None


def extract_message(
    extract: Extract,
    shown: ExtractPage,
    wording: Wording,
    owner: int,
    *,
    private: bool,
    above: str = "",
) -> OutgoingMessage:
    """Make the message with a page, under the line `above`; `owner` is the id of the member who asked."""
    start, page = Place(extract.first, extract.start), shown.page
    buttons: list[Button] = []
    if page.start > start:
        buttons.append(_button(extract, owner, "before", page.start, wording.PREVIOUS))
    if page.next is not None:
        buttons.append(_button(extract, owner, "from", page.next, wording.NEXT))
    if shown.passage is not None:
        refs = [QuoteRef.of(Quote(shown.passage))]
        buttons += [context_button(refs, 0, 1, wording.IN_CONTEXT), follow_up_button(wording)]
    if not private:
        buttons.append(delete_button(owner, wording))
    content = "\n".join(filter(None, (above, page.content)))
    return OutgoingMessage(content, make_view(*buttons) if buttons else None)


def _button(extract: Extract, owner: int, way: str, at: Place, label: str) -> Button:
    return make_button(
        label,
        f"place:{digits(owner, USER_LENGTH)}:{extract.source.digest}"
        f":{encode_range(extract)}:{way}:{_encode(at)}",
    )
