"""Terms and their numbers: a hash table in arrays, usable as soon as it is mapped from a file."""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ARRAYS = ("slots", "offsets", "text", "alphabet")
_STEP = 32
"""One of so many terms, in alphabetical order, is a landmark of the binary search."""


def _encode(term: str) -> bytes:
    # A lone surrogate is a legal str that plain UTF-8 refuses; a question may hold one.
    return term.encode("utf-8", "surrogatepass")


@dataclass(slots=True, eq=False)
class Vocabulary:
    """T terms, numbered 0 to T - 1 by their bucket and, within it, by their bytes.

    A term's bucket, one of B = 2**n, is its CRC-32 modulo B. So the numbers depend on the set of terms
    alone: not on their order, nor on hash seeds. Nothing changes after construction.
    """

    slots: NDArray[np.int32]
    """(B+1,) the first term of each bucket."""
    offsets: NDArray[np.int64]
    """(T+1,) where each term begins in `text`."""
    text: NDArray[np.uint8]
    """All terms in UTF-8, one after another."""
    alphabet: NDArray[np.int32]
    """(T,) the numbers in the order of the terms' bytes."""
    # Single items come out of a memoryview several times faster than out of an array.
    _slots: memoryview = field(init=False, repr=False)
    _offsets: memoryview = field(init=False, repr=False)
    _text: memoryview = field(init=False, repr=False)
    _alphabet: memoryview = field(init=False, repr=False)
    _mask: int = field(init=False, repr=False)
    # Every _STEP-th term's bytes in alphabetical order: most of a binary search is among these.
    _landmarks: list[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._slots = self.slots.data
        self._offsets = self.offsets.data
        self._text = self.text.data
        self._alphabet = self.alphabet.data
        self._mask = len(self.slots) - 2
        landmarks = [self.key(number) for number in self.alphabet[::_STEP].tolist()]
        self._landmarks = landmarks

    @classmethod
    def build(cls, terms: Sequence[str]) -> tuple[Vocabulary, NDArray[np.int64]]:
        """Number T distinct `terms`; the second result, (T,), is the number of each."""
        encoded = [_encode(term) for term in terms]
        mask = (1 << max(len(terms) - 1, 0).bit_length()) - 1
        buckets = [zlib.crc32(key) & mask for key in encoded]
        order = sorted(range(len(terms)), key=lambda i: (buckets[i], encoded[i]))
        numbers = np.empty(len(terms), np.int64)
        numbers[order] = np.arange(len(terms))
        filled = np.bincount(np.array(buckets, np.int64), minlength=mask + 1)
        lengths = np.array([len(encoded[i]) for i in order], np.int64)
        vocabulary = cls(
            slots=np.concatenate([[0], np.cumsum(filled)]).astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            text=np.frombuffer(b"".join([encoded[i] for i in order]), np.uint8),
            alphabet=numbers[sorted(range(len(terms)), key=encoded.__getitem__)].astype(np.int32),
        )
        return vocabulary, numbers

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """The vocabulary that `arrays` were saved from."""
        return cls(**{name: arrays[f"vocabulary_{name}"] for name in _ARRAYS})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to save, by name."""
        return {f"vocabulary_{name}": getattr(self, name) for name in _ARRAYS}

    def find(self, term: str) -> int:
        """The number of `term`, or -1 if it has none."""
        key = _encode(term)
        bucket = zlib.crc32(key) & self._mask
        for number in range(self._slots[bucket], self._slots[bucket + 1]):
            if self._text[self._offsets[number] : self._offsets[number + 1]] == key:
                return number
        return -1

    def term(self, number: int) -> str:
        """The term with this number."""
        return self.key(number).decode("utf-8", "surrogatepass")

    def beginning_with(self, start: str, most: int) -> list[tuple[int, str]]:
        """The numbers and terms of the first `most` terms that begin with `start`, in byte order."""
        first = self.place(_encode(start))
        text, offsets = self._text, self._offsets
        found = []
        for number in self._alphabet[first : first + most].tolist():
            term = str(text[offsets[number] : offsets[number + 1]], "utf-8", "surrogatepass")
            if not term.startswith(start):
                break
            found.append((number, term))
        return found

    def all_beginning_with(self, start: str) -> NDArray[np.int32]:
        """The numbers of all terms that begin with `start`, in byte order: a view."""
        key = _encode(start)
        # No byte of UTF-8 is 255, so this comes after everything that begins with `start`.
        return self.alphabet[self.place(key) : self.place(key + b"\xff")]

    def place(self, key: bytes) -> int:
        """The alphabetical position of the first term that is not before `key`."""
        block = bisect_left(self._landmarks, key)
        low, high = max(block - 1, 0) * _STEP, min(block * _STEP, len(self._alphabet))
        return bisect_left(self._alphabet, key, low, high, key=self.key)

    def key(self, number: int) -> bytes:
        """The bytes of the term with this number."""
        return bytes(self._text[self._offsets[number] : self._offsets[number + 1]])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[str]:
        """Yield the terms in the order of their numbers."""
        text = self.text.tobytes()
        edges = self.offsets.tolist()
        for start, end in pairwise(edges):
            yield text[start:end].decode("utf-8", "surrogatepass")


def largest(numbers: NDArray[np.int32], counts: NDArray[Any], limit: int) -> list[int]:
    """The `limit` of `numbers` with the largest counts, or all; largest first, ties by number."""
    ranks = (counts.astype(np.int64) << 32) - numbers  # no two are the same
    if len(numbers) > limit:
        best = np.argpartition(ranks, -limit)[-limit:]
        numbers, ranks = numbers[best], ranks[best]
    found: list[int] = numbers[np.argsort(-ranks)].tolist()
    return found
