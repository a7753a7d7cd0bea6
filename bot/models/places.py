"""Places in a text that somebody names: a page, a section, a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.models.sources import Post, Source, Span

MOST_GAPS = 3
"""Gaps in an extract: more would not fit into a button that turns its pages."""


class PlaceKind(StrEnum):
    """What a place in a text is counted or called by."""

    POST = "post"
    SECTION = "section"
    PAGE = "page"
    TIME = "time"
    DATE = "date"
    ITEM = "item"
    """Of a list or a table: only where several lists have one of that number."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of a source: from offset `start` of post number `first` to offset `end` of post number `last`.

    `name` is what it is called, such as a section's title or `12–14` for pages; a post needs none.
    """

    source: Source
    first: int
    last: int
    start: int
    end: int
    kind: PlaceKind = PlaceKind.POST
    name: str = ""
    gaps: tuple[tuple[int, int], ...] = ()
    """The first and the last of posts between that do not belong to it, in order: 3 and 4 of “posts 2 and 5”."""

    @classmethod
    def of_posts(
        cls, source: Source, first: int, last: int, kind: PlaceKind = PlaceKind.POST, name: str = ""
    ) -> Extract:
        """Take whole posts."""
        return cls(source, first, last, 0, len(source.posts[last - 1].text), kind, name)

    def parts(self) -> Iterator[tuple[Post, Span]]:
        """Yield the posts with the part of each that belongs to it."""
        for first, last in self.runs():
            for number in range(first, last + 1):
                post = self.source.posts[number - 1]
                start = self.start if number == self.first else 0
                yield post, Span(start, self.end if number == self.last else len(post.text))

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last post of each stretch without gaps."""
        first = self.first
        for before, behind in self.gaps:
            yield first, before - 1
            first = behind + 1
        yield first, self.last


@dataclass(frozen=True, slots=True)
class MissingPlace:
    """A place that does not exist in `source` (None: in none of the texts), and what places of its kind there are.

    `there`: names in reading order; of posts none are needed.
    """

    kind: PlaceKind
    name: str
    source: Source | None = None
    there: tuple[str, ...] = ()
    several: bool = False
    """Whether there are several places of this name, which `there` tells apart."""
