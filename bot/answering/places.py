"""Finds the place in a text that a message names, and answers with all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.answering.conversation import text_of
from bot.answering.place_names import bracketed_places, read_place
from bot.answering.place_ranges import PlaceName
from bot.answering.place_tokens import plain_digits
from bot.answering.place_words import ARTICLES
from bot.answering.places_of_source import place_in
from bot.library.listing import Listing
from bot.library.snapshots import Snapshot
from bot.models import (
    Answer,
    Extract,
    Hit,
    MissingPlace,
    Outcome,
    PlaceKind,
    Question,
    Role,
    Source,
)
from bot.search.language.analysis import fold

MOST_HITS = 10
"""Passages of a place that a question after it may refer to."""

MOST_TEXTS = 100
"""Texts that are looked through for a place, where none is named."""

_MOST_BRACKETED = 5  # names in brackets that are looked up
_MOST_NAMED = 50  # texts that a name may mean
_WORD = re.compile(r"[^\W_]+")


def place_answer(
    snapshot: Snapshot,
    asked: Question,
    source_id: str | None = None,
    offered: Listing | None = None,
) -> Answer | None:
    """Answer a message that names a place, alone or in brackets; None if it names none.

    `offered`: the texts that may be meant, by default all of `snapshot`.
    """
    texts = _Texts(snapshot, asked, source_id, offered)
    missing: Answer | None = None
    for name in read_place(asked.text):
        for sources in texts.meant_by(name):
            found = _answer(snapshot, asked.text, name, sources)
            if found is not None and (found.missing is None or found.missing.several):
                return found
            missing = missing or found
    return missing or bracketed_answer(snapshot, asked, source_id)


def bracketed_answer(
    snapshot: Snapshot, asked: Question, source_id: str | None = None
) -> Answer | None:
    """Answer a message with the first place that it names in brackets; None if a text has none of them."""
    texts = _Texts(snapshot, asked, source_id)
    for name in islice(bracketed_places(asked.text), _MOST_BRACKETED):
        for sources in texts.meant_by(name, in_part=True):
            found = _answer(snapshot, asked.text, name, sources)
            if found is not None and found.extract is not None:
                return found
    return None


def _answer(
    snapshot: Snapshot, text: str, name: PlaceName, sources: tuple[Source, ...]
) -> Answer | None:
    """Find the place in the texts that may be meant; None if the name is rather something else.

    Of too many texts none is looked at: one of them must be named.
    """
    if len(sources) > MOST_TEXTS:
        sure = name.explicit and not name.asks and name.kind is PlaceKind.POST
        return Answer(text, Outcome.WHICH_TEXT, which=sources) if sure else None
    found: list[Extract] = []
    missing: list[MissingPlace] = []
    for source in sources:
        place = place_in(snapshot, source, name)
        if isinstance(place, Extract):
            found.append(place)
        elif place is not None:
            missing.append(place)
    if len(found) == 1:
        hits = tuple(islice(_hits(snapshot, found[0]), MOST_HITS))
        return Answer(text, Outcome.PLACE, hits, len(hits), extract=found[0])
    if found:
        return Answer(text, Outcome.WHICH_TEXT, which=tuple(place.source for place in found))
    if not missing:
        return None
    several = [place for place in missing if place.several]
    given = several[0] if len(several) == 1 else missing[0]
    if len(missing) > 1 and given not in several:
        given = MissingPlace(given.kind, given.name)
        if given.kind is PlaceKind.SECTION:
            return None
    return Answer(text, Outcome.NO_SUCH_PLACE, missing=given)


def _hits(snapshot: Snapshot, extract: Extract) -> Iterator[Hit]:
    """Yield the passages of a place that could be quoted by themselves."""
    corpus = snapshot.passages
    for number in corpus.range_of_posts(extract.source.id, extract.first, extract.last):
        passage = corpus[number]
        after_start = (passage.post.number, passage.span.start) >= (extract.first, extract.start)
        before_end = (passage.post.number, passage.span.end) <= (extract.last, extract.end)
        within = any(first <= passage.post.number <= last for first, last in extract.runs())
        if passage.role is Role.ANSWER and after_start and before_end and within:
            yield Hit(passage, 1.0, 1.0)


class _Texts:
    """The texts that may be meant where none is named, and those that a name means."""

    def __init__(
        self,
        snapshot: Snapshot,
        asked: Question,
        source_id: str | None,
        offered: Listing | None = None,
    ) -> None:
        self._listing = offered or snapshot.listing
        self._within = source_id
        self._last = text_of(snapshot, asked.after)

    def meant_by(self, name: PlaceName, *, in_part: bool = False) -> Iterator[tuple[Source, ...]]:
        """Yield the texts that `name` may mean, the likeliest first; with `in_part` a part of the title is enough."""
        if name.title or name.author:
            enough = in_part or name.quoted or name.explicit
            yield tuple(
                source
                for source in self._likely(name.title or name.author)
                if (self._within is None or source.id == self._within)
                and _means(name, source, in_part=enough)
            )
        elif self._within is not None:
            yield tuple(filter(None, (self._listing.sources.get(self._within),)))
        else:
            if self._last is not None and self._last.id in self._listing.sources:
                yield (self._last,)
            yield self._listing.in_order

    def _likely(self, name: str) -> Iterable[Source]:
        return self._listing.holding(_words(name), _MOST_NAMED)


def _means(name: PlaceName, source: Source, *, in_part: bool) -> bool:
    author = _words(source.author)
    if name.author and _words(name.author) != author:
        return False
    wanted, title = _words(name.title), _words(source.title)
    if not name.title or wanted in (title, _words(source.id), author):
        return True
    return in_part and f" {' '.join(wanted)} " in f" {' '.join(title)} "


def _words(text: str) -> list[str]:
    found = _WORD.findall(fold(plain_digits(text)))
    return found[1:] if found[:1] and found[0] in ARTICLES else found
