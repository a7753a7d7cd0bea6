"""The sections of one text, and the items of its lists, looked up by name and number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import dropwhile, islice

import numpy as np

from bot.answering.place_ranges import MIDDLE, PlaceName, roman
from bot.answering.place_tokens import plain_digits
from bot.answering.place_words import UNITS
from bot.library.snapshots import Snapshot
from bot.models import Extract, MissingPlace, PlaceKind, Role, Source
from bot.search.language.analysis import fold
from bot.texts.structure import heading_words

MOST_NAMED = 12
"""Sections that are named where another one was asked for."""

_LONGEST_SECTION = 5  # words of the name of a section that a text lacks; more rather ask something
_LONGEST_ALONE = 2  # of a text without sections
SECTION_NOUNS = tuple(noun for noun, kind in UNITS.items() if kind is PlaceKind.SECTION)
"""Nouns that may stand before the number in a heading: chapter two is `Chapter 2` or `Capítulo 2`."""

Titles = Mapping[int, list[str]]
"""The passages that are headings, by number, with the words of their titles."""

_LEAST_NOT_ROMAN = 40
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")


def headed_so(snapshot: Snapshot, source: Source, words: str) -> Extract | None:
    """The section whose heading begins with these words, such as `Part 2`; None if there is none."""
    found = _headings_like(snapshot, _headings(snapshot, source), words)
    return _whole_section(snapshot, source, found[0]) if len(found) == 1 else None


def section_of(
    snapshot: Snapshot, source: Source, name: PlaceName
) -> Extract | MissingPlace | None:
    """Find a section, or an item of a list; None if the text cannot be meant."""
    if name.item is not None and not name.first:
        return _item_anywhere(snapshot, source, name.item)
    headings = _headings(snapshot, source)
    found = _headings_named(snapshot, headings, name)
    if not found and (isinstance(name.first, int) or name.first == MIDDLE):
        return _counted(snapshot, source, list(headings), name.first)
    asked = str(name.first)
    if len(found) == 1:
        section = _whole_section(snapshot, source, found[0])
        return section if name.item is None else _item(snapshot, source, found[0], name.item)
    if found:
        there = tuple(_path(snapshot, number) for number in found[:MOST_NAMED])
        return MissingPlace(PlaceKind.SECTION, asked, source, there, several=True)
    if (
        not name.explicit
        or name.asks
        or len(asked.split()) > (_LONGEST_SECTION if headings else _LONGEST_ALONE)
    ):
        return None
    there = tuple(_title(snapshot, number) for number in islice(headings, MOST_NAMED))
    return MissingPlace(PlaceKind.SECTION, asked, source, there)


def _headings_named(snapshot: Snapshot, headings: Titles, name: PlaceName) -> list[int]:
    """The headings that are called so; none for one that is counted from the end."""
    if name.first == MIDDLE or (isinstance(name.first, int) and name.first < 0):
        return []
    asked = str(name.first)
    found = _headings_like(snapshot, headings, asked)
    return found or _headings_numbered(snapshot, headings, asked, name.noun)


def _headings_numbered(snapshot: Snapshot, headings: Titles, number: str, noun: str) -> list[int]:
    """The headings that hold a number behind a noun, such as `Chapter 2`, or `Chapter II` or `II` alone."""
    if not noun or not number[:1].isdigit():
        return []
    small = number.isdecimal() and 0 < int(number) < _LEAST_NOT_ROMAN
    forms = [number, roman(int(number))] if small else [number]
    nouns = dict.fromkeys((noun, *SECTION_NOUNS))
    names = [f"{each} {form}" for form in forms for each in nouns] + forms[1:]
    return next(filter(None, (_headings_like(snapshot, headings, name) for name in names)), [])


def _counted(
    snapshot: Snapshot, source: Source, headings: Sequence[int], number: int | str
) -> Extract | None:
    """The first, the last or another of the highest sections of which there are several; where there are none, a post."""
    depths = [len(snapshot.passages[heading].headings) for heading in headings]
    several = [depth for depth in sorted(set(depths)) if depths.count(depth) > 1]
    highest = [h for h, depth in zip(headings, depths, strict=True) if several[:1] == [depth]]
    count = len(highest or headings or source.posts)
    at = (count + 1) // 2 if isinstance(number, str) else number + (number < 0) * (count + 1)
    if not 1 <= at <= count:
        return None
    if headings:
        return _whole_section(snapshot, source, (highest or headings)[at - 1])
    return Extract.of_posts(source, at, at)


def _headings(snapshot: Snapshot, source: Source) -> Titles:
    """Read the titles of the passages that are headings, in reading order."""
    own = snapshot.ranges[source.id]
    numbers = np.flatnonzero(snapshot.passages.roles[own.start : own.stop] == Role.HEADING)
    return {number: _words(_title(snapshot, number)) for number in (numbers + own.start).tolist()}


def _headings_like(snapshot: Snapshot, titles: Titles, name: str) -> list[int]:
    """The headings that equal `name`, or else begin with it, or else contain its words.

    A name may lead through the headings above: `Rye loaf > Ingredients`.
    """
    wanted = _words(name)
    if not wanted:
        return []
    if ">" in name:
        steps = [_words(step) for step in name.split(">")]
        return [number for number in titles if _leads_through(snapshot, number, steps)]
    equal = [
        number
        for number, title in titles.items()
        if wanted in (title, list(dropwhile(_is_number, title)))
    ]
    if equal:
        return equal
    led_to = [
        number
        for number, title in titles.items()
        if len(title) < len(wanted) and title == wanted[len(wanted) - len(title) :]
        if _words(_path(snapshot, number))[-len(wanted) :] == wanted
    ]
    begun = [number for number, title in titles.items() if title[: len(wanted)] == wanted]
    if led_to or begun or wanted[0][0].isdigit():
        return led_to or begun
    held = f" {' '.join(wanted)} "
    return [number for number, title in titles.items() if held in f" {' '.join(title)} "]


def _leads_through(snapshot: Snapshot, number: int, steps: Sequence[Sequence[str]]) -> bool:
    """Whether the headings above a heading, and it itself, hold the words of the `steps` in turn."""
    path = [*snapshot.passages[number].headings, _title(snapshot, number)]
    if not steps[-1] or not _holds(path[-1], steps[-1]):
        return False
    above = iter(path[:-1])
    return all(any(_holds(heading, step) for heading in above) for step in steps[:-1])


def _holds(heading: str, words: Sequence[str]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(_words(heading))} "


def _title(snapshot: Snapshot, number: int) -> str:
    return heading_words(snapshot.passages[number].text)


def _path(snapshot: Snapshot, number: int) -> str:
    return " > ".join((*snapshot.passages[number].headings, _title(snapshot, number)))


def _whole_section(snapshot: Snapshot, source: Source, heading: int) -> Extract:
    """From a heading up to the next one that is not below it."""
    corpus, stop = snapshot.passages, snapshot.ranges[source.id].stop
    sections = corpus.sections
    inside, end = {heading}, heading + 1
    while end < stop and int(sections[end]) in inside:
        if corpus.roles[end] == Role.HEADING:
            inside.add(end)
        end += 1
    first, last = corpus[heading], corpus[end - 1]
    goes_on = end < stop and corpus[end].post.number == last.post.number
    return Extract(
        source,
        first.post.number,
        last.post.number,
        first.span.start if first.post.text[: first.span.start].strip("# ") else 0,
        last.span.end if goes_on else len(last.post.text),
        PlaceKind.SECTION,
        _title(snapshot, heading),
    )


def _item(
    snapshot: Snapshot, source: Source, heading: int, item: int
) -> Extract | MissingPlace | None:
    """A list item or a table row of a section, by its number."""
    corpus, stop = snapshot.passages, snapshot.ranges[source.id].stop
    last = 0
    for number in range(heading + 1, stop):
        if int(corpus.sections[number]) != heading:
            break
        last = max(last, int(corpus.items[number]))
        if int(corpus.items[number]) == item:
            passage = corpus[number]
            post = passage.post.number
            name = f"{_title(snapshot, heading)}, {item}"
            return Extract(source, post, post, *passage.span, PlaceKind.SECTION, name)
    there = ("1", str(last)) if last > 0 else ()
    return MissingPlace(PlaceKind.ITEM, f"{_title(snapshot, heading)}, {item}", source, there)


def _item_anywhere(snapshot: Snapshot, source: Source, item: int) -> Extract | MissingPlace | None:
    """The item of this number in the only list that has one; else the sections of the lists that do."""
    own = snapshot.ranges[source.id]
    items = snapshot.passages.items[own.start : own.stop]
    found = (np.flatnonzero(items == item) + own.start).tolist()
    if len(found) == 1:
        passage = snapshot.passages[found[0]]
        post = passage.post.number
        name = ", ".join((*passage.headings[-1:], str(item)))
        return Extract(source, post, post, *passage.span, PlaceKind.SECTION, name)
    paths = [snapshot.passages[number].headings for number in found]
    last = Counter(path[-1:] for path in paths)
    names = (" > ".join(path[-1 if last[path[-1:]] == 1 else -2 :]) for path in paths)
    there = tuple(dict.fromkeys(filter(None, names)))
    if len(there) < 2:
        return None
    return MissingPlace(PlaceKind.ITEM, str(item), source, there[:MOST_NAMED], several=True)


def _is_number(word: str) -> bool:
    return word.replace(".", "").isdecimal()


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(plain_digits(text)))
