"""Spelling correction: an unknown word → the words of the texts, or question words, that it may be a typo of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from bot.search.bm25.vocabulary import Vocabulary
from bot.search.bm25.vocabulary_merge import merge
from bot.search.language.stopwords import ASKING

_SHORTEST = 4  # letters; a typo in a shorter word makes another word
_SIGNED = 7  # letters that go into a signature; whole words are compared afterwards
_ONE_TYPO = 5  # letters up to which only one typo is allowed
_WRONG_START = 0.1  # penalty for another first letter, which people seldom miss
_ANY = "\0"  # stands for any letter
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """The texts' words, indexed by what remains when a letter is deleted (SymSpell, Garbe 2012).

    `words`: W of them, folded but not stemmed; `frequency`: int32 (W,), how often each occurs;
    `signatures`: uint32, ascending, checksums of the words with no or one letter deleted;
    `owners`: int32, the word of each signature.
    """

    words: Vocabulary
    frequency: NDArray[np.int32]
    signatures: NDArray[np.uint32]
    owners: NDArray[np.int32]

    @classmethod
    def of(cls, frequency: Mapping[str, int]) -> Speller:
        """Index the texts' words, given how often each occurs."""
        kept = [word for word in frequency if len(word) >= _SHORTEST and word.isalpha()]
        words, numbers = Vocabulary.build(kept)
        order = np.argsort(numbers)
        found = [list(map(_checksum, _left_out(word[:_SIGNED], 1))) for word in kept]
        signatures = np.fromiter(chain.from_iterable(found), np.uint32)
        owners = np.repeat(numbers, [len(each) for each in found]).astype(np.int32)
        by_signature = np.lexsort((owners, signatures))
        return cls(
            words,
            np.array([frequency[word] for word in kept], np.int32)[order],
            signatures[by_signature],
            owners[by_signature],
        )

    def spliced(self, frequency: NDArray[np.int32], new: Speller) -> Speller:
        """The speller of its own words with another `frequency` (W,), without those at 0, and of `new` words."""
        words, numbers, new_numbers = merge(self.words, frequency > 0, new.words)
        total = np.zeros(len(words), np.int32)
        total[numbers[numbers >= 0]] = frequency[numbers >= 0]
        total[new_numbers] += new.frequency
        added = np.ones(len(words), np.bool_)
        added[numbers[numbers >= 0]] = False
        kept = numbers[self.owners] >= 0
        more = added[new_numbers][new.owners]
        # Signature and owner as one integer: one sort orders both.
        keys = np.concatenate(
            [
                self.signatures[kept].astype(np.uint64) << _HALF
                | _owners(numbers, self.owners[kept]),
                new.signatures[more].astype(np.uint64) << _HALF
                | _owners(new_numbers, new.owners[more]),
            ]
        )
        keys.sort(kind="stable")  # which is fast, since most of it is in order
        return Speller(
            words, total, (keys >> _HALF).astype(np.uint32), keys.astype(np.uint32).view(np.int32)
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to save, by name."""
        own = {name: getattr(self, name) for name in ("frequency", "signatures", "owners")}
        return own | {f"spelling_{name}": array for name, array in self.words.arrays().items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Speller:
        """Restore a speller from its saved `arrays`."""
        prefix = "spelling_"
        words = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        own = (arrays[name] for name in ("frequency", "signatures", "owners"))
        return cls(Vocabulary.from_arrays(words), *own)

    def corrections(self, word: str, limit: int = 2) -> list[tuple[str, float]]:
        """Find up to `limit` words that `word` may be a typo of, best first, with likeness in (0, 1).

        One edit (a letter too many, too few, wrong, or two swapped) in words of 4 or 5 letters, two
        in longer ones. A word of the texts is never corrected.
        """
        if len(word) < _SHORTEST or not word.isalpha() or self.words.find(word) >= 0:
            return []
        allowed = 1 if len(word) <= _ONE_TYPO else 2
        asked = np.array([_checksum(s) for s in _left_out(word[:_SIGNED], allowed)], np.uint32)
        begin = self.signatures.searchsorted(asked, "left").tolist()
        end = self.signatures.searchsorted(asked, "right").tolist()
        owners = {o for a, b in zip(begin, end, strict=True) for o in self.owners[a:b].tolist()}
        found = []
        for owner in owners:
            known = self.words.term(owner)
            likeness = _likeness(word, known, allowed)
            if likeness > 0:
                found.append((-likeness, -int(self.frequency[owner]), known))
        return [(known, -likeness) for likeness, _, known in sorted(found)[:limit]]


def intended_question_word(word: str) -> str | None:
    """Find the function word of questions that `word` is a typo of: `teh`, `wich`, `meny`.

    In words of 3 letters a wrong letter does not count as a typo, since too many abbreviations look like that.
    """
    if len(word) < _SHORTEST - 1:
        return None
    found = _TYPOS.get(word)
    if found is None and len(word) >= _SHORTEST:
        masked = (word[:i] + _ANY + word[i + 1 :] for i in range(1, len(word)))
        found = next((_TYPOS[form] for form in masked if form in _TYPOS), None)
    return found


def _typo_forms() -> Mapping[str, str]:
    """Map every form that a typo gives the function words of questions to the word."""
    found: dict[str, str] = {}
    for word in sorted(ASKING):
        forms = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
        forms |= {word[: i + 1] + word[i:] for i in range(len(word))}
        forms |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
        if len(word) >= _SHORTEST:
            forms |= {word[:i] + _ANY + word[i + 1 :] for i in range(1, len(word))}
        for form in forms:
            # `wat` is what, but `bot` is not both: a short word may hardly miss a letter.
            enough = max(_SHORTEST - 1, len(word) - word.startswith("wh"))
            if len(form) >= min(enough, _SHORTEST) and form not in ASKING:
                found.setdefault(form, word)
    return MappingProxyType(found)


def _likeness(word: str, known: str, allowed: int) -> float:
    typos = OSA.distance(word, known, score_cutoff=allowed)
    if typos > allowed:
        return 0.0
    return 1 - typos / max(len(word), len(known)) - _WRONG_START * (word[0] != known[0])


def _owners(numbers: NDArray[np.int64], owners: NDArray[np.int32]) -> NDArray[np.uint64]:
    return numbers[owners].astype(np.uint64)


def _checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


def _left_out(word: str, letters: int) -> Iterable[str]:
    """The word with up to `letters` of its letters deleted, in every way."""
    found = {word}
    edge = {word}
    for _ in range(letters):
        edge = {w[:i] + w[i + 1 :] for w in edge for i in range(len(w))}
        found |= edge
    return found


_TYPOS = _typo_forms()
