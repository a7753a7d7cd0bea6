"""The words of the domain as immutable values."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in what a person gave us: where it is, and what to do about it."""

    where: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}, line {self.line}"
        return f"{place}: {self.reason}"


class VerbatimError(Exception):
    """One or more problems to show to a person, a line each."""

    exit_status: ClassVar[int] = 1
    """Of the command that fails with it: 1 says that a person must change something."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class TemporaryError(VerbatimError):
    """Something else does not work at the moment: the same may succeed later."""

    exit_status = 75  # EX_TEMPFAIL in sysexits.h


class UnexpectedError(VerbatimError):
    """An error in the program, which the log describes."""

    exit_status = 70  # EX_SOFTWARE


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Post:
    """A numbered part of a source: a tweet of a thread, a paragraph of a document."""

    number: int
    text: str


class Role(IntEnum):
    """What a passage is good for."""

    ANSWER = 0
    """It may be quoted."""

    HEADING = 1
    """It names what follows, up to the next heading of its level or a higher one."""

    LEAD = 2
    """It introduces the passages that have it as their lead, and is quoted with them only."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a part of a source stood before it became text: a page, a time, or a message of somebody.

    It holds from post number `post` on, up to the next marker. `value` is the page, the time, or the day of the
    message; `author` and `url` are those of a message.
    """

    post: int
    kind: Literal["page", "time", "message"]
    value: str
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Source:
    """A text with its metadata: one file in the knowledge folder.

    `id` is the path within the folder, without suffix, with `/` between folders. `aliases` maps a
    name in the text to other names that people use for it.
    """

    id: str
    title: str
    author: str
    posts: Sequence[Post]
    url: str | None = None
    date: date | None = None
    license: str | None = None
    language: str = "en"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    markers: tuple[Marker, ...] = ()

    def marker_at(self, post: int) -> Marker | None:
        """The marker that holds for post number `post`."""
        at = bisect_right(self.markers, post, key=lambda marker: marker.post)
        return self.markers[at - 1] if at else None

    @cached_property
    def digest(self) -> str:
        """16 hex digits that change with anything in the source."""
        return _digest(self)

    def with_posts(self, posts: Sequence[Post], digest: str) -> Source:
        """Copy the source with its posts read from elsewhere; `digest` saves hashing them again."""
        copy = replace(self, posts=posts)
        copy.__dict__["digest"] = digest  # fills the cached property
        return copy


def _digest(source: Source) -> str:
    aliases = sorted((name, *others) for name, others in source.aliases.items())
    facts = (
        source.id,
        source.title,
        source.author,
        source.url,
        source.date and source.date.isoformat(),
        source.license,
        source.language,
        aliases,
        *source.markers,
    )
    found = hashlib.blake2b(repr(facts).encode(), digest_size=8)
    for post in source.posts:
        found.update(b"\0" + post.text.encode())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: an exact slice of a post. It is what is indexed and quoted.

    `sentence` counts from 1 within the post; `span` gives offsets in the post's text. `lead` introduces it, and
    is shown with it; `headings` are those that it stands under, outermost first; `item` counts list items
    and table rows from 1 (0: it is neither).
    """

    source: Source
    post: Post
    sentence: int
    span: Span
    role: Role = Role.ANSWER
    lead: Passage | None = None
    headings: tuple[str, ...] = ()
    item: int = 0

    @property
    def text(self) -> str:
        """The exact words, as in the post."""
        return self.post.text[self.span.start : self.span.end]

    @property
    def context(self) -> str:
        """The words that it stands under: of its heading, and of its lead."""
        lead = () if self.lead is None else (self.lead.text,)
        return "\n".join((*self.headings[-1:], *lead))

    @property
    def in_context(self) -> str:
        """Its context and its own words, which are the end of it."""
        return f"{self.context}\n{self.text}" if self.headings or self.lead else self.text

    @property
    def marker(self) -> Marker | None:
        """The page, time or message that it stood on, at or in."""
        return self.source.marker_at(self.post.number)

    @property
    def author(self) -> str:
        """Who says it: the source's author, or whoever wrote the message that it is from."""
        marker = self.marker
        return marker.author if marker and marker.author else self.source.author

    @property
    def url(self) -> str | None:
        """A link to it: that of its message, or the source's."""
        marker = self.marker
        return marker.url if marker and marker.url else self.source.url

    @property
    def key(self) -> int:
        """42 bits that identify the passage by its place and its words; ten fit into a custom id."""
        place = f"{self.source.id}\0{self.post.number}\0{self.span.start}\0{self.text}"
        return int.from_bytes(hashlib.blake2b(place.encode(), digest_size=6).digest(), "big") >> 6


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage to show; `bold` are offsets in its text, None: no part stands out.

    `also`: passages elsewhere with the same words. They are named under the quote, not quoted again.
    """

    passage: Passage
    bold: Span | None = None
    also: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage.

    `probability` is the calibrated probability that it answers the question. `bold` is the clause
    that answers best, as offsets in the passage's text (None: no clause stands out). `read` tells
    whether the reader contributed to both. `also`: passages elsewhere with the same words.
    """

    passage: Passage
    score: float
    probability: float
    bold: Span | None = None
    read: bool = False
    also: tuple[Passage, ...] = ()

    @property
    def quote(self) -> Quote:
        """What is shown of it."""
        return Quote(self.passage, self.bold, self.also)


def chance_of(hits: Iterable[Hit]) -> float:
    """The chance that at least one of `hits` answers, if each does so independently of the others."""
    return 1 - math.prod(1 - hit.probability for hit in hits)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the turn before it in the same conversation.

    `id` identifies it in the log and in the storage; 0: none.
    """

    text: str
    after: Turn | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, and the key of the passage quoted first for it.

    `source_id`: the text that the conversation has turned to since, by asking about the text itself or for a place in
    it. `question` is empty if nothing else was asked.
    """

    question: str
    quoted: int | None = None
    source_id: str | None = None


class Outcome(StrEnum):
    """How sure an answer is, or what else was asked for than an answer from the texts (docs/answers.md)."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    NOT_COVERED = "not_covered"
    SMALL_TALK = "small_talk"
    ABOUT_TEXTS = "about_texts"
    """Something about the texts themselves, such as their author: `Answer.about`."""
    OVERVIEW = "overview"
    """What a text is about: its beginning and its most central passages."""
    PLACE = "place"
    """A place in a text: `Answer.extract`."""
    NO_SUCH_PLACE = "no_such_place"
    """A place that a text does not have: `Answer.missing`."""
    WHICH_TEXT = "which_text"
    """What was asked needs one text, and it may be any of several: `Answer.which`."""

    @property
    def is_of_a_question(self) -> bool:
        """Whether the texts were searched for an answer: only such questions are kept for curators."""
        return self in {Outcome.ANSWERED, Outcome.CLOSEST, Outcome.NOT_COVERED}


class SmallTalk(StrEnum):
    """What people say to a bot without asking about the texts."""

    GREETING = "greeting"
    THANKS = "thanks"
    REACTION = "reaction"
    ABOUT = "about"
    EMPTY = "empty"


class Fact(StrEnum):
    """What people ask about the texts themselves."""

    TITLE = "title"
    AUTHOR = "author"
    SIZE = "size"
    DATE = "date"
    LANGUAGE = "language"
    LICENSE = "license"
    LINK = "link"
    TEXTS = "texts"
    """Which texts there are."""
    UPDATED = "updated"
    """When the texts have changed last."""
    ADDING = "adding"
    """Who adds texts, and how."""

    @property
    def is_of_one_text(self) -> bool:
        """Whether a text's card says it, rather than something about all of them."""
        return self not in {Fact.TEXTS, Fact.UPDATED, Fact.ADDING}


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


@dataclass(frozen=True, slots=True)
class AboutTexts:
    """Facts that were asked for, and the texts that they were asked of."""

    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]


def foreign_languages(asked_in: str | None, quotes: Iterable[Quote]) -> tuple[str, ...]:
    """The languages of `quotes` other than the question's; none if `asked_in` is not known."""
    if asked_in is None:
        return ()
    shown = dict.fromkeys(quote.passage.source.language.split("-")[0] for quote in quotes)
    return tuple(language for language in shown if language != asked_in)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the texts say to a question.

    `hits`: best first, or of an overview in reading order. The first `shown` are to be quoted (none unless the outcome
    is ANSWERED, CLOSEST or OVERVIEW). `language`: of the question (ISO 639-1), only if it is certainly not
    the texts'. `meant`: the question with probable misspellings corrected, if it is not covered.
    `id`: of the question. `cut`: whether the question was too long, so that `question` is its start.
    """

    question: str
    outcome: Outcome
    hits: tuple[Hit, ...] = ()
    shown: int = 0
    talk: SmallTalk | None = None
    language: str | None = None
    meant: str | None = None
    id: int = 0
    cut: bool = False
    about: AboutTexts | None = None
    which: tuple[Source, ...] = ()
    extract: Extract | None = None
    missing: MissingPlace | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes that are shown unasked."""
        return tuple(hit.quote for hit in self.hits[: self.shown])

    @property
    def foreign_languages(self) -> tuple[str, ...]:
        """Return the languages of the quotes shown, where the question is in another one."""
        return foreign_languages(self.language, self.quotes)

    @property
    def probability(self) -> float:
        """Probability that the first hit answers; 0 without hits."""
        return self.hits[0].probability if self.hits else 0.0

    @property
    def chance(self) -> float:
        """The chance that one of the quotes shown answers; 0 if none is shown."""
        return chance_of(self.hits[: self.shown])
