"""The places of one text: its posts, sections, pages, times and days, looked up by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, pairwise

import numpy as np

from bot.answering.place_readings import PlaceName
from bot.answering.place_tokens import plain_digits
from bot.answering.place_words import PARTS, UNITS
from bot.library.snapshots import Snapshot
from bot.models import Extract, Marker, MissingPlace, PlaceKind, Role, Source
from bot.search.language.analysis import fold
from bot.texts.structure import heading_words

MOST_NAMED = 12
"""Sections that are named where another one was asked for."""

_LONGEST_SECTION = 5  # words of the name of a section that a text lacks; more rather ask something
_LONGEST_ALONE = 2  # of a text without sections
SECTION_NOUNS = tuple(noun for noun, kind in UNITS.items() if kind is PlaceKind.SECTION)
"""Nouns that may stand before the number in a heading: chapter two is `Chapter 2` or `Capítulo 2`."""

_MARKER = {PlaceKind.PAGE: "page", PlaceKind.TIME: "time", PlaceKind.DATE: "message"}
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")


def place_in(snapshot: Snapshot, source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    """Find a place of `source`; None if the text cannot be meant."""
    if name.kind is PlaceKind.SECTION:
        return _section(snapshot, source, name)
    if name.kind is PlaceKind.POST:
        return _posts(snapshot, source, name)
    return _marked(source, name)


def _posts(snapshot: Snapshot, source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    count = len(source.posts)
    if name.noun in PARTS and (part := _headed_so(snapshot, source, f"{name.noun} {name.first}")):
        return part
    if name.total not in {None, count}:
        return None
    first, last = sorted(
        count + 1 + number if number < 0 else number for number in (int(name.first), int(name.last))
    )
    if int(name.first) < 0:
        return Extract.of_posts(source, max(first, 1), max(last, 1))
    if not 1 <= first <= count or int(name.last) < 0 < count < int(name.first):
        return MissingPlace(PlaceKind.POST, str(name.first), source) if name.explicit else None
    if last > count and not name.explicit:
        return None
    return Extract.of_posts(source, first, min(last, count))


def _marked(source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    """A page, a time or a day: everything from a marker up to the next one."""
    runs = _runs(source, name.kind)
    values = [value for value, _, _ in runs]
    if not runs:
        return None if name.asks else MissingPlace(name.kind, str(name.first), source)
    at = [_index(values, wanted, name.kind) for wanted in (name.first, name.last)]
    if at[0] is None or at[1] is None:
        missing = str(name.first if at[0] is None else name.last)
        return MissingPlace(name.kind, missing, source, (values[0], values[-1]))
    first, last = sorted(number for number in at if number is not None)
    shown = values[first] if first == last else f"{values[first]}–{values[last]}"
    return Extract.of_posts(source, runs[first][1], runs[last][2], name.kind, shown)


def _runs(source: Source, kind: PlaceKind) -> list[tuple[str, int, int]]:
    """The values of the markers of this kind, each with the first and the last post that it holds for."""
    ends = [marker.post - 1 for marker in source.markers[1:]] + [len(source.posts)]
    marked = (
        (_value(marker), marker.post, end)
        for marker, end in zip(source.markers, ends, strict=False)
        if marker.kind == _MARKER[kind]
    )
    runs = []
    for value, group in groupby(marked, key=lambda each: each[0]):
        parts = list(group)
        runs.append((value, parts[0][1], parts[-1][2]))
    return runs


def _value(marker: Marker) -> str:
    return marker.value.partition("T")[0] if marker.kind == "message" else marker.value


def _index(values: Sequence[str], wanted: int | str, kind: PlaceKind) -> int | None:
    """Find the marker that a page, a day or a time is at; a time is at the last one that is not later.

    A number counts from an end. A time that is later than the last marker by more than any two
    neighbours are apart is taken to be behind the end of the recording.
    """
    if isinstance(wanted, int):
        at = wanted - 1 if wanted > 0 else len(values) + wanted
        return min(max(at, 0), len(values) - 1)
    if kind is not PlaceKind.TIME:
        plain = [plain_digits(value).casefold().lstrip("0") for value in values]
        wanted = wanted.casefold().lstrip("0")
        return plain.index(wanted) if wanted in plain else None
    seconds = _seconds(wanted)
    times = [_seconds(plain_digits(value)) for value in values]
    known = [time for time in times if time is not None]
    longest = max((after - before for before, after in pairwise(known)), default=seconds)
    if seconds is None or longest is None or not known or seconds > known[-1] + longest:
        return None
    earlier = [at for at, time in enumerate(times) if time is not None and time <= seconds]
    return earlier[-1] if earlier else None


def _seconds(time: str) -> int | None:
    parts = time.partition(".")[0].split(":")
    if not all(part.isdecimal() for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + int(part)
    return seconds


def _headed_so(snapshot: Snapshot, source: Source, words: str) -> Extract | None:
    """The section whose heading begins with these words, such as `Part 2`; None if there is none."""
    found = _headings_like(snapshot, list(_headings(snapshot, source)), words)
    return _whole_section(snapshot, source, found[0]) if len(found) == 1 else None


def _section(snapshot: Snapshot, source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    headings = list(_headings(snapshot, source))
    asked = str(name.first)
    numbered = asked[:1].isdigit()
    found = _headings_like(snapshot, headings, asked)
    if numbered and not found:
        nouns = dict.fromkeys((name.noun, *SECTION_NOUNS)) if name.noun else ()
        each = (_headings_like(snapshot, headings, f"{noun} {asked}") for noun in nouns)
        found = next(filter(None, each), [])
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
    there = tuple(_title(snapshot, number) for number in headings[:MOST_NAMED])
    return MissingPlace(PlaceKind.SECTION, asked, source, there)


def _headings(snapshot: Snapshot, source: Source) -> Iterator[int]:
    """Yield the numbers of the passages that are headings."""
    own = snapshot.ranges[source.id]
    numbers = np.flatnonzero(snapshot.passages.roles[own.start : own.stop] == Role.HEADING)
    yield from (numbers + own.start).tolist()


def _headings_like(snapshot: Snapshot, headings: Sequence[int], name: str) -> list[int]:
    """The headings that equal `name`, or else begin with it, or else contain its words.

    A name may lead through the headings above: `Rye loaf > Ingredients`.
    """
    wanted = _words(name)
    if not wanted:
        return []
    if ">" in name:
        steps = [_words(step) for step in name.split(">")]
        return [number for number in headings if _leads_through(snapshot, number, steps)]
    titles = {number: _words(_title(snapshot, number)) for number in headings}
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
        if len(title) < len(wanted) and _words(_path(snapshot, number))[-len(wanted) :] == wanted
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
    for number in range(heading + 1, stop):
        if int(corpus.sections[number]) != heading:
            break
        if int(corpus.items[number]) == item:
            passage = corpus[number]
            post = passage.post.number
            name = f"{_title(snapshot, heading)}, {item}"
            return Extract(source, post, post, *passage.span, PlaceKind.SECTION, name)
    return MissingPlace(PlaceKind.SECTION, f"{_title(snapshot, heading)}, {item}", source)


def _is_number(word: str) -> bool:
    return word.replace(".", "").isdecimal()


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(plain_digits(text)))
