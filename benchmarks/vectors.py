"""Builds the vectors of English stems from the definitions of WordNet 3.0.

    python -m benchmarks.vectors /usr/share/wordnet [--output bot/search/data/word_vectors.npz]

The folder holds WordNet's database files (Debian: `apt-get install wordnet-base`). It counts,
without a neural network, which words occur together in definitions (an entry's own words, its definition and
examples, the words of its hypernyms), weighed by positive pointwise mutual information with smoothed
contexts (Bullinaria & Levy 2007; Levy, Goldberg & Dagan 2015: context exponent .75), and reduced to
a few dimensions by singular values, with equal weight for each dimension.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds

from bot.search.language.analysis import Analyzer

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
NEIGHBOURS = frozenset({"@", "@i", "&", "+", "\\", "$", "*", "%p", "#p"})
"""Hypernyms, similar and derived words, and parts: their words count as part of a definition too."""
DIMENSIONS = 96
SEED = 7
COMMON_FROM, COMMON_TO = 10, 3_000
"""Counts between which a stem goes from rare to common."""

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A set of synonyms: its words, what it points to, and its definition."""

    words: Sequence[str]
    pointers: Sequence[tuple[str, tuple[str, str]]]
    definition: str


def read_entries(folder: Path) -> dict[tuple[str, str], Entry]:
    """WordNet's entries by part of speech and offset."""
    entries = {}
    for part, letter in PARTS.items():
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):  # the licence
                continue
            head, definition = line.split("|", 1)
            f = head.split()
            count = int(f[3], 16)
            words = [re.sub(r"\(.*\)", "", w).replace("_", " ") for w in f[4 : 4 + 2 * count : 2]]
            at = 4 + 2 * count
            rows = (f[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(f[at])))
            pointers = [(r[0], ("a" if r[2] == "s" else r[2], r[1])) for r in rows]
            entries[letter, f[0]] = Entry(words, pointers, definition)
    return entries


def bags_of(entries: dict[tuple[str, str], Entry], analyzer: Analyzer) -> list[Bag]:
    """The stems of each entry; its own words count twice."""
    bags = []
    for entry in entries.values():
        bag: Counter[str] = Counter()
        for word in entry.words:
            bag.update(dict.fromkeys(analyzer.terms(word), 2))
        bag.update(analyzer.terms(entry.definition))
        for symbol, target in entry.pointers:
            if symbol in NEIGHBOURS:
                for word in entries[target].words[:4]:
                    bag.update(analyzer.terms(word))
        bags.append({term: float(n) for term, n in bag.items() if term.isalpha()})
    return bags


def vectors_of(bags: list[Bag], vocabulary: dict[str, int]) -> np.ndarray:
    """(V, DIMENSIONS) vectors, the largest component of each 1."""
    rows, columns, values = [], [], []
    for column, bag in enumerate(bags):
        norm = sum(bag.values()) ** 0.5
        for term, count in bag.items():
            if term in vocabulary:
                rows.append(vocabulary[term])
                columns.append(column)
                values.append(count**0.5 / norm)
    shape = (len(vocabulary), len(bags))
    held = sp.csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float64)
    together = (held @ held.T).tocoo()
    apart = together.row != together.col
    r, c, v = together.row[apart], together.col[apart], together.data[apart]
    total = v.sum()
    words = np.bincount(r, v, len(vocabulary))
    contexts = words**0.75
    contexts *= total / contexts.sum()
    information = np.log(v * total / (words[r] * contexts[c]))
    kept = information > 0
    matrix = sp.csr_matrix((information[kept], (r[kept], c[kept])), shape=together.shape)
    start = np.random.default_rng(SEED).standard_normal(len(vocabulary))
    left, strength, _ = svds(matrix, k=DIMENSIONS, v0=start)
    vectors = left[:, np.argsort(-strength)]
    return np.asarray(vectors / (np.abs(vectors).max(axis=1, keepdims=True) + 1e-12))


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=Path("bot/search/data/word_vectors.npz"))
    parser.add_argument("--minimum", type=int, default=5, help="definitions that contain a stem")
    args = parser.parse_args()
    analyzer = Analyzer("en")
    entries = read_entries(args.folder)
    tagged: Counter[str] = Counter()
    for line in (args.folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, _, count = line.split()
        for term in analyzer.terms(key.split("%")[0].replace("_", " ")):
            tagged[term] += int(count)
    bags = bags_of(entries, analyzer)
    frequency = Counter(term for bag in bags for term in bag)
    enough = (t for t, n in frequency.items() if n >= args.minimum or tagged[t] >= 3)
    vocabulary = {term: i for i, term in enumerate(sorted(enough))}
    written: Counter[str] = Counter()
    for entry in entries.values():
        written.update(analyzer.terms(entry.definition))
    counts = np.array([max(tagged[t] + 0.3 * written[t], 1) for t in vocabulary])
    spread = np.log(COMMON_TO) - np.log(COMMON_FROM)
    commonness = np.clip((np.log(counts) - np.log(COMMON_FROM)) / spread, 0, 1)
    np.savez_compressed(
        args.output,
        terms=np.array("\n".join(vocabulary)),
        vectors=np.round(vectors_of(bags, vocabulary) * 127).astype(np.int8),
        commonness=np.round(commonness * 255).astype(np.uint8),
    )
    print(f"{len(vocabulary):,} stems, {args.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
