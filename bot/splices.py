"""Says how an old and a new collection make up the next one, and joins their arrays in that way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)
Numbers = NDArray[np.int64]


class Part(NamedTuple):
    """Consecutive items of the new collection, or of the old one."""

    new: bool
    items: range


@dataclass(frozen=True, slots=True)
class Splice:
    """The parts, in order, that the next collection is made of; what none of them names is left out."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, items: Iterable[tuple[bool, int]]) -> Splice:
        """Join single items, each of the new collection or of the old one, to parts."""
        parts: list[Part] = []
        for new, number in items:
            if parts and parts[-1].new == new and parts[-1].items.stop == number:
                parts[-1] = Part(new, range(parts[-1].items.start, number + 1))
            else:
                parts.append(Part(new, range(number, number + 1)))
        return cls(tuple(parts))

    def __len__(self) -> int:
        return sum(len(part.items) for part in self.parts)

    def within(self, old: Numbers, new: Numbers) -> Splice:
        """The splice of what the items hold: item i of the old ones holds numbers `old[i]` to `old[i + 1]`."""
        parts = []
        for part in self.parts:
            edges = new if part.new else old
            parts.append(
                Part(part.new, range(int(edges[part.items.start]), int(edges[part.items.stop])))
            )
        return Splice(tuple(parts))

    def join(self, old: NDArray[Scalar], new: NDArray[Scalar]) -> NDArray[Scalar]:
        """Join the values of the items."""
        pieces = [
            (new if part.new else old)[part.items.start : part.items.stop] for part in self.parts
        ]
        return np.concatenate(pieces) if pieces else old[:0].copy()

    def edges(self, old: Numbers, new: Numbers) -> Numbers:
        """Where each item begins among what the items hold; the last number is where the last one ends."""
        lengths = self.join(np.diff(old), np.diff(new))
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])

    def shifts(self) -> Numbers:
        """How much greater each item's new number is than the one it had in its collection."""
        starts = np.cumsum([0, *(len(part.items) for part in self.parts)])[:-1]
        moved = [int(at) - part.items.start for at, part in zip(starts, self.parts, strict=True)]
        return np.repeat(np.array(moved, np.int64), [len(part.items) for part in self.parts])

    def numbers(self, size: int, *, of_new: bool) -> Numbers:
        """The new numbers of the `size` items of one collection; -1 for what is left out."""
        found = np.full(size, -1, np.int64)
        at = 0
        for new, items in self.parts:
            if new == of_new:
                found[items.start : items.stop] = np.arange(at, at + len(items))
            at += len(items)
        return found

    def left_out(self, size: int) -> list[range]:
        """The ranges of the `size` old items that are left out."""
        kept = sorted((p.items.start, p.items.stop) for p in self.parts if not p.new and p.items)
        starts = [0, *(stop for _, stop in kept)]
        stops = [*(start for start, _ in kept), size]
        return [range(a, b) for a, b in zip(starts, stops, strict=True) if a < b]

    def old(self) -> list[range]:
        """The ranges of the old items that are kept."""
        return [part.items for part in self.parts if not part.new and part.items]


def ragged(values: NDArray[Any], starts: Numbers, lengths: Numbers) -> NDArray[Any]:
    """Join slices of `values`, each from `starts[i]` on and `lengths[i]` long."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: NDArray[Any] = values[np.arange(total) + np.repeat(starts - (ends - lengths), lengths)]
    return found
