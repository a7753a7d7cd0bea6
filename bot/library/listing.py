"""The texts in the order in which people look for them, and found by what is typed of a name."""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from bot.models import Source
from bot.search.language.analysis import fold

KEPT = 64
"""Lists of some of the texts that are kept: servers that have chosen the same texts share one."""

_DIGITS = re.compile(r"(\d+)")
_BEGIN = "\n\n"
"""Before every title among the names: no name has a line break."""

NaturalKey = tuple[str | tuple[int, str], ...]


def natural_key(text: str) -> NaturalKey:
    """Return what sorts `text` as people do: numbers by value, whatever case and accents."""
    parts = _DIGITS.split(_plain(text))  # words and numbers by turns
    return tuple(_number(part) if place % 2 else part for place, part in enumerate(parts))


def _number(digits: str) -> tuple[int, str]:
    """Return what sorts a number of any length and any script by its value."""
    figures = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return len(figures), figures


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class _Entry:
    source: Source
    title: str
    rest: str
    """The title, and then id and author, folded, each on a line."""

    @classmethod
    def of(cls, source: Source) -> _Entry:
        return cls(source, _plain(source.title), f"{_plain(source.id)}\n{_plain(source.author)}")


class Listing:
    """Some of the texts, sorted by title as people sort. Never changed once it is made.

    What it takes to make one grows with the texts: 10,000 take about a third of a second. To look
    something up takes a fraction of a millisecond.
    """

    def __init__(self, entries: Iterable[_Entry]) -> None:
        """`entries`: sorted already."""
        self._entries = tuple(entries)
        self.in_order = tuple(entry.source for entry in self._entries)
        """The texts by title, then author, then id."""
        self.sources: Mapping[str, Source] = MappingProxyType({s.id: s for s in self.in_order})
        """The same by id."""
        self.by_digest: Mapping[str, Source] = MappingProxyType(
            {source.digest: source for source in self.in_order}
        )
        self._by_title = {source.title: source for source in reversed(self.in_order)}
        names = [f"{_BEGIN}{entry.title}\n{entry.rest}" for entry in self._entries]
        self._names = "".join(names)
        self._starts = [0, *accumulate(map(len, names))]

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Listing:
        """Return the list of `sources`."""
        return cls(sorted(map(_Entry.of, sources), key=lambda entry: _order(entry.source)))

    def only(self, ids: frozenset[str]) -> Listing:
        """Return the list of those whose ids are among `ids`."""
        return Listing(entry for entry in self._entries if entry.source.id in ids)

    def named(self, typed: str, most: int) -> list[Source]:
        """Return the first `most` texts whose title, id or author holds what is `typed`.

        Those whose title begins with it come before the others. Case and accents do not count.
        """
        wanted = _plain(typed)
        if not wanted:
            return list(self.in_order[:most])
        found = dict.fromkeys(self._holding(f"{_BEGIN}{wanted}", most))
        if len(found) < most:
            found |= dict.fromkeys(self._holding(wanted, most + len(found)))
        return [self.in_order[number] for number in list(found)[:most]]

    def find(self, name: str) -> Source | None:
        """Return the text that `name` means: its id, digest or title, or the only one it is part of.

        It is a part of a title or an id; a title that is all of it comes before longer ones.
        """
        for known in (self.sources, self.by_digest, self._by_title):
            if name in known:
                return known[name]
        wanted = _plain(name)
        if not wanted:
            return None
        for pattern in (f"{_BEGIN}{wanted}\n", wanted):
            found = self._holding(pattern, 2, authors=False)
            if len(found) == 1:
                return self.in_order[found[0]]
        return None

    def _holding(self, pattern: str, most: int, *, authors: bool = True) -> list[int]:
        """Return the numbers of the first `most` texts whose names hold `pattern`."""
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
    """Return what sorts texts; no two have the same."""
    names = (source.title, source.author, source.id)
    return (*map(natural_key, names), *names)


class ListingCache:
    """Lists of some of the texts of a whole list: the last few, each made once."""

    def __init__(self) -> None:
        self._whole: Listing | None = None
        self._made: OrderedDict[frozenset[str], Listing] = OrderedDict()
        self._lock = threading.Lock()

    def at_hand(self, whole: Listing, ids: frozenset[str] | None) -> Listing | None:
        """Return the list of those of `whole` that are among `ids` (None: all), if it is made."""
        if ids is None:
            return whole
        with self._lock:
            found = self._made.get(ids) if self._whole is whole else None
            if found is not None:
                self._made.move_to_end(ids)
            return found

    def of(self, whole: Listing, ids: frozenset[str] | None) -> Listing:
        """Return the same list, made now if it is not at hand: that blocks."""
        found = self.at_hand(whole, ids)
        if found is not None or ids is None:
            return found or whole
        made = whole.only(ids)
        with self._lock:
            if self._whole is not whole:
                self._whole, self._made = whole, OrderedDict()
            self._made[ids] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made
