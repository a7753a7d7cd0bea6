"""Grows a corpus of any size from a given text, for measurements of speed.

A passage has as many terms as a sentence drawn from the text. A term follows the previous one as it
does in the text (probability `FOLLOW`), or is drawn from the text's own frequencies. The probability of
words that the text does not contain (Good-Turing: its words seen once) goes to new words on the
continued Zipf line, as many as Heaps' law gives for the length of the corpus.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.models import Post, Source
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.vocabulary import Vocabulary
from bot.search.language.analysis import Analyzer
from bot.texts.folder import write_source
from bot.texts.formats import knowledge_file, text_lines
from bot.texts.sentences import sentence_spans

FOLLOW = 0.3
BLOCK = 1_000_000
"""Passages that are drawn at a time; larger corpora have the same frequencies throughout."""
IN_A_TEXT = 300
"""Passages in a text, three to a post."""

Terms = list[str]


def posts_in(path: Path) -> Iterator[Post]:
    """Yield the posts of a knowledge file, a folder of them, or a question file's records."""
    if path.is_dir():
        for file in sorted(path.rglob("*.md")):
            yield from posts_in(file)
    elif path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from (Post(i, text) for i, text in enumerate(json.loads(line)["posts"], 1))
    else:
        text = text_lines.decode(path.read_bytes(), str(path))
        if knowledge_file.has_front_matter(text):
            yield from knowledge_file.parse(text, str(path), path.stem).posts
        else:
            yield from knowledge_file.split_posts(text, str(path))


def analysed(posts: Iterable[Post]) -> list[Terms]:
    """The terms of every sentence, without those that some engine would split."""
    analyzer = Analyzer("en")
    found = []
    for post in posts:
        for start, end in sentence_spans(post.text, "en"):
            tokens = analyzer.tokens(post.text[start:end])
            plain = [t.term for t in tokens if t.term.isascii() and t.term.isalnum()]
            if plain:
                found.append(plain)
    return found


def grow(base: list[Terms], passages: int, seed: int = 1) -> list[Terms]:
    """`passages` lists of terms that look like `base` grown to that size."""
    grown = _Grown(base, passages, seed)
    grid, sizes = grown.draw(passages)
    pick = grown.vocabulary.__getitem__
    return [list(map(pick, row[:n])) for row, n in zip(grid.tolist(), sizes.tolist(), strict=True)]


def grow_forward(base: list[Terms], passages: int, seed: int = 1) -> ForwardIndex:
    """The forward index of a corpus that looks like `base` grown to that size, without its terms as strings.

    Takes 4 bytes of memory a term, plus one block of passages.
    """
    grown = _Grown(base, passages, seed)
    vocabulary, numbers = Vocabulary.build(grown.vocabulary)
    renumbered = numbers.astype(np.int32)
    tokens, sizes = [], []
    for begin in range(0, passages, BLOCK):
        grid, lengths = grown.draw(min(BLOCK, passages - begin))
        filled = np.arange(grid.shape[1]) < lengths[:, None]
        tokens.append(renumbered[grid[filled]])
        sizes.append(lengths)
    starts = np.concatenate([[0], np.cumsum(np.concatenate(sizes), dtype=np.int64)])
    return ForwardIndex(vocabulary, np.concatenate(tokens), starts)


class _Grown:
    """Draws passages of a corpus that looks like `base` grown to `passages`."""

    def __init__(self, base: list[Terms], passages: int, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._stream = stream = [term for sentence in base for term in sentence]
        self._words, self._ids, self._counts = np.unique(
            np.array(stream), return_inverse=True, return_counts=True
        )
        self._lengths = lengths = np.array([len(s) for s in base])
        self._first_sizes = self._rng.choice(lengths, min(passages, BLOCK))
        total = int(self._first_sizes.sum() * (passages / len(self._first_sizes)))
        weights, self.vocabulary = _frequencies(stream, self._words, self._counts, total)
        self._ladder = np.cumsum(weights)
        self._ends = np.zeros(len(stream), bool)
        self._ends[np.cumsum(lengths) - 1] = True
        self._by_term = np.argsort(self._ids, kind="stable")
        self._first = np.concatenate([[0], np.cumsum(self._counts)])

    def draw(self, passages: int) -> tuple[np.ndarray, np.ndarray]:
        """The terms of the next passages, as numbers of the vocabulary in rows, and how many each has."""
        rng, ladder, words, counts = self._rng, self._ladder, self._words, self._counts
        sizes = self._first_sizes if len(self._first_sizes) else rng.choice(self._lengths, passages)
        self._first_sizes = self._first_sizes[:0]
        grid = np.zeros((passages, int(sizes.max())), np.int32)
        order = np.argsort(-sizes, kind="stable")
        for column in range(grid.shape[1]):
            live = order[: int(np.searchsorted(-sizes[order], -column))]
            drawn = np.searchsorted(ladder, rng.random(len(live)) * ladder[-1], side="right")
            drawn = np.minimum(drawn, len(self.vocabulary) - 1)
            if column:
                previous = grid[live, column - 1]
                known = np.flatnonzero((rng.random(len(live)) < FOLLOW) & (previous < len(words)))
                p = previous[known]
                place = self._by_term[
                    self._first[p] + (rng.random(len(p)) * counts[p]).astype(np.int64)
                ]
                follows = ~self._ends[place]
                drawn[known[follows]] = self._ids[place[follows] + 1]
            grid[live, column] = drawn
        return grid, sizes


def _frequencies(
    stream: Terms, words: np.ndarray, counts: np.ndarray, total: int
) -> tuple[np.ndarray, Terms]:
    """How frequent each word is in a corpus of `total` terms, and the words."""
    half = len(set(stream[: len(stream) // 2]))
    heaps = float(np.log2(len(words) / half))
    extra = max(0, int(len(words) * (total / len(stream)) ** heaps) - len(words))
    unseen = float((counts == 1).sum()) / len(stream) if extra else 0.0
    tail = (len(words) + np.arange(1, extra + 1.0)) ** (-1 / heaps)
    new = tail * (unseen / max(tail.sum(), 1e-30))
    vocabulary: Terms = words.tolist()
    vocabulary += [f"{vocabulary[i % len(words)]}x{i}" for i in range(extra)]
    return np.concatenate([counts / len(stream) * (1 - unseen), new]), vocabulary


def questions(corpus: list[Terms], count: int, seed: int = 2) -> list[Terms]:
    """`count` questions of about 5.5 distinct terms, each from one random passage."""
    rng = np.random.default_rng(seed)
    asked: list[Terms] = []
    while len(asked) < count:
        distinct = list(dict.fromkeys(corpus[int(rng.integers(len(corpus)))]))
        if len(distinct) >= 5:
            size = min(len(distinct), int(rng.integers(3, 9)))
            asked.append([distinct[i] for i in rng.permutation(len(distinct))[:size]])
    return asked


def write_corpus(corpus: Sequence[Terms], folder: Path) -> None:
    """Write the passages as texts of IN_A_TEXT passages."""
    for first in range(0, len(corpus), IN_A_TEXT):
        lines = [f"{' '.join(terms).capitalize()}." for terms in corpus[first : first + IN_A_TEXT]]
        posts = (Post(at // 3 + 1, " ".join(lines[at : at + 3])) for at in range(0, len(lines), 3))
        write_source(
            Source(f"t{first:08}", f"Text {first}", "Somebody", tuple(posts)), folder, replace=True
        )
