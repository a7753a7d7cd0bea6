"""The places of one text: its posts, pages, times and days, looked up by name, and its sections (`place_sections`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from bot.answering.place_ranges import MIDDLE, PlaceName
from bot.answering.place_sections import headed_so, section_of
from bot.answering.place_tokens import plain_digits
from bot.answering.place_words import PARTS
from bot.library.snapshots import Snapshot
from bot.models import MOST_GAPS, Extract, Marker, MissingPlace, PlaceKind, Source
from bot.texts import clauses

_MARKER = {PlaceKind.PAGE: "page", PlaceKind.TIME: "time", PlaceKind.DATE: "message"}


def place_in(snapshot: Snapshot, source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    """Find a place of `source`; None if the text cannot be meant."""
    if name.kind is PlaceKind.SECTION:
        section = section_of(snapshot, source, name)
        return section if isinstance(section, Extract) else _clause(source, name) or section
    if name.kind is PlaceKind.POST:
        return _posts(snapshot, source, name)
    return _marked(source, name)


def _clause(source: Source, name: PlaceName) -> Extract | None:
    found = clauses.find(source, str(name.first), alone=name.explicit)
    if found is None or name.item is not None:
        return None
    return Extract(
        source, found.first, found.last, found.start, found.end, PlaceKind.SECTION, found.label
    )


def _posts(snapshot: Snapshot, source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    count = len(source.posts)
    if name.noun in PARTS and (part := headed_so(snapshot, source, f"{name.noun} {name.first}")):
        return part
    if name.total not in {None, count}:
        return None
    if name.first == MIDDLE:
        return Extract.of_posts(source, (count + 1) // 2, count // 2 + 1)
    if int(name.first) < 0:
        return _from_the_end(source, int(name.first), int(name.last))
    if len(name.ranges) > 1:
        return _listed(source, name.ranges)
    last = max(count, int(name.first)) if name.last == -1 else int(name.last)
    first, last = sorted((int(name.first), last))
    return _numbered(source, first, last, explicit=name.explicit)


def _from_the_end(source: Source, first: int, last: int) -> Extract | MissingPlace:
    """The posts that are counted from the end by negative numbers, as many of them as there are."""
    count = len(source.posts)
    if count + last < 0:  # the last but one of one post
        return MissingPlace(PlaceKind.POST, _shown(first), source)
    return Extract.of_posts(source, max(count + 1 + first, 1), count + 1 + last)


def _numbered(
    source: Source, first: int, last: int, *, explicit: bool
) -> Extract | MissingPlace | None:
    count = len(source.posts)
    if not 1 <= first <= count:
        return MissingPlace(PlaceKind.POST, str(first), source) if explicit else None
    if last > count and not explicit:
        return None
    return Extract.of_posts(source, first, min(last, count))


def _listed(source: Source, ranges: Sequence[tuple[int, int]]) -> Extract | MissingPlace | None:
    """Several ranges of posts; None if they are too many to be shown together."""
    count = len(source.posts)
    missing = [number for ends in ranges for number in ends if not 1 <= number <= count]
    if missing:
        return MissingPlace(PlaceKind.POST, str(missing[0]), source)
    first, reached = ranges[0]
    gaps = []
    for begin, end in ranges[1:]:
        if begin > reached + 1:
            gaps.append((reached + 1, begin - 1))
        reached = max(reached, end)
    if len(gaps) > MOST_GAPS:
        return None
    return replace(Extract.of_posts(source, first, reached), gaps=tuple(gaps))


def _marked(source: Source, name: PlaceName) -> Extract | MissingPlace | None:
    """A page, a time or a day: everything from a marker up to the next one."""
    runs = _runs(source, name.kind)
    values = [value for value, _, _ in runs]
    if not runs:
        return (
            None
            if name.asks or not name.explicit
            else MissingPlace(name.kind, _shown(name.first), source)
        )
    at = [_index(values, wanted, name.kind) for wanted in (name.first, name.last)]
    if at[0] is None or at[1] is None:
        missing = str(name.first if at[0] is None else name.last)
        return MissingPlace(name.kind, missing, source, (values[0], values[-1]))
    first, last = sorted(number for number in at if number is not None)
    shown = values[first] if first == last else f"{values[first]}–{values[last]}"
    return Extract.of_posts(source, runs[first][1], runs[last][2], name.kind, shown)


def _shown(number: int | str) -> str:
    """How a place is called that does not exist; one that is counted from the end, by how many there should be."""
    return str(abs(number) if isinstance(number, int) else number)


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
    if wanted == MIDDLE:
        return len(values) // 2
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
