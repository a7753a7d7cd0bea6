"""The texts sorted as people sort them, and looked up by a part of their names."""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import attrgetter
from types import MappingProxyType

from bot.models import Source
from bot.search.language.analysis import fold

MAX_CACHED = 64
"""Listings in the cache; servers that have chosen the same texts share one."""

_DIGITS = re.compile(r"(\d+)")
_TITLE_MARK = "\n\n"
"""Precedes every title in the searched string; names have no line breaks."""

NaturalKey = tuple[str | tuple[int, str], ...]


def natural_key(text: str) -> NaturalKey:
    """Sort key as people expect it: numbers by value; case and accents do not count."""
    parts = _DIGITS.split(_plain(text))  # words and numbers alternate
    return tuple(_number_key(part) if place % 2 else part for place, part in enumerate(parts))


def _number_key(digits: str) -> tuple[int, str]:
    """Sort key of a number in the digits of any script, however long."""
    figures = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return len(figures), figures


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class _Entry:
    """A text with its case-folded title; `rest` is id and author, one a line; `order` sorts it."""

    source: Source
    title: str
    rest: str
    order: tuple[NaturalKey | str, ...]

    @classmethod
    def of(cls, source: Source) -> _Entry:
        rest = f"{_plain(source.id)}\n{_plain(source.author)}"
        return cls(source, _plain(source.title), rest, _order(source))


class Listing:
    """An immutable list of texts, sorted by title.

    Building one takes about a third of a second for 10,000 texts, a lookup a fraction of a
    millisecond.
    """

    def __init__(self, entries: Iterable[_Entry]) -> None:
        """Take entries that are sorted already."""
        self._entries = tuple(entries)
        self.in_order = tuple(entry.source for entry in self._entries)
        """Sorted by title, then author, then id."""
        self.sources: Mapping[str, Source] = MappingProxyType({s.id: s for s in self.in_order})
        """By id."""
        self.by_digest: Mapping[str, Source] = MappingProxyType(
            {source.digest: source for source in self.in_order}
        )
        self._by_title = {source.title: source for source in reversed(self.in_order)}
        names = [f"{_TITLE_MARK}{entry.title}\n{entry.rest}" for entry in self._entries]
        self._names = "".join(names)
        self._starts = [0, *accumulate(map(len, names))]

    @classmethod
    def of(cls, sources: Iterable[Source], before: Listing | None = None) -> Listing:
        """Sort `sources`; quickly, if most of them are in a listing made `before`."""
        new = {source.digest: source for source in sources}
        known = () if before is None else before._entries
        entries = [
            replace(entry, source=new.pop(entry.source.digest))
            for entry in known
            if entry.source.digest in new
        ]
        entries += map(_Entry.of, new.values())
        return cls(sorted(entries, key=attrgetter("order")))  # most of it is in order

    def only(self, ids: frozenset[str]) -> Listing:
        """Select the texts with these ids, in the same order."""
        return Listing(entry for entry in self._entries if entry.source.id in ids)

    def named(self, typed: str, most: int) -> list[Source]:
        """Search title, id and author for what is `typed`, for suggestions: `most` texts.

        Texts whose title starts with it come first. Case and accents do not count.
        """
        wanted = _plain(typed)
        if not wanted:
            return list(self.in_order[:most])
        found = dict.fromkeys(self._matching(f"{_TITLE_MARK}{wanted}", most))
        if len(found) < most:
            found |= dict.fromkeys(self._matching(wanted, most + len(found)))
        return [self.in_order[number] for number in list(found)[:most]]

    def holding(self, words: Iterable[str], most: int) -> list[Source]:
        """Find up to `most` texts whose title, id and author together hold all `words`, in order."""
        wanted = sorted(filter(None, map(_plain, words)), key=len, reverse=True)
        if not wanted:
            return []
        found: list[Source] = []
        for number in self._matching(wanted[0], len(self._entries)):
            names = self._names[self._starts[number] : self._starts[number + 1]]
            if all(word in names for word in wanted[1:]):
                found.append(self.in_order[number])
                if len(found) == most:
                    break
        return found

    def mentions(self, word: str) -> bool:
        """Whether the title, id or author of any text contains `word`."""
        return _plain(word) in self._names

    def find(self, name: str) -> Source | None:
        """Look up the text with this id, digest or title, or the only one whose name contains it.

        A name is a title or an id. A title that equals `name` wins over longer ones.
        """
        for known in (self.sources, self.by_digest, self._by_title):
            if name in known:
                return known[name]
        wanted = _plain(name)
        if not wanted:
            return None
        for pattern in (f"{_TITLE_MARK}{wanted}\n", wanted):
            found = self._matching(pattern, 2, authors=False)
            if len(found) == 1:
                return self.in_order[found[0]]
        return None

    def _matching(self, pattern: str, most: int, *, authors: bool = True) -> list[int]:
        """Numbers of the first `most` texts whose names contain `pattern`."""
        found: list[int] = []
        at = self._names.find(pattern)
        while at >= 0 and len(found) < most:
            number = bisect_right(self._starts, at) - 1
            end = self._starts[number + 1]
            if authors or at < self._names.rindex("\n", 0, end):
                found.append(number)
            at = self._names.find(pattern, end)
        return found


def _order(source: Source) -> tuple[NaturalKey | str, ...]:
    """Sort key of a text; unique, since ids are."""
    names = (source.title, source.author, source.id)
    return (*map(natural_key, names), *names)


class ListingCache:
    """A thread-safe cache of the listings that servers have chosen from the whole one."""

    def __init__(self) -> None:
        self._whole: Listing | None = None
        self._made: OrderedDict[frozenset[str], Listing] = OrderedDict()
        self._lock = threading.Lock()

    def get_cached(self, whole: Listing, ids: frozenset[str] | None) -> Listing | None:
        """The texts `ids` of `whole` (None: all), or None if they are not cached."""
        if ids is None:
            return whole
        with self._lock:
            found = self._made.get(ids) if self._whole is whole else None
            if found is not None:
                self._made.move_to_end(ids)
            return found

    def get(self, whole: Listing, ids: frozenset[str] | None) -> Listing:
        """The same listing, built now if need be: this blocks."""
        found = self.get_cached(whole, ids)
        if found is not None or ids is None:
            return found or whole
        made = whole.only(ids)
        with self._lock:
            if self._whole is not whole:
                self._whole, self._made = whole, OrderedDict()
            self._made[ids] = made
            while len(self._made) > MAX_CACHED:
                self._made.popitem(last=False)
        return made
