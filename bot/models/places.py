"""Places in a text that somebody names: a page, a section, a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.models.sources import Post, Source, Span


class PlaceKind(StrEnum):
    """What a place in a text is counted or called by."""

    POST = "post"
    SECTION = "section"
    PAGE = "page"
    TIME = "time"
    DATE = "date"


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

    @classmethod
    def of_posts(
        cls, source: Source, first: int, last: int, kind: PlaceKind = PlaceKind.POST, name: str = ""
    ) -> Extract:
        """Take whole posts."""
        return cls(source, first, last, 0, len(source.posts[last - 1].text), kind, name)

    def parts(self) -> Iterator[tuple[Post, Span]]:
        """Yield the posts with the part of each that belongs to it."""
        for number in range(self.first, self.last + 1):
            post = self.source.posts[number - 1]
            start = self.start if number == self.first else 0
            yield post, Span(start, self.end if number == self.last else len(post.text))


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
