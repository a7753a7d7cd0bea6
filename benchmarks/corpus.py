"""Grows a corpus of any size from a given text, for measurements of speed.

A passage is a sentence's length (drawn from the real ones) of terms. A term follows the one before as
it does in the text (probability `FOLLOW`), or is drawn from the text's own frequencies; the mass of
words the text has not shown yet (Good-Turing: its words seen once) goes to new words on the
continued Zipf line, as many as Heaps' law says for the length of the corpus.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from bot.models import Post
from bot.search.language.analysis import Analyzer
from bot.texts.formats import knowledge_file, text_lines
from bot.texts.sentences import sentence_spans

FOLLOW = 0.3
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
    """The terms of every sentence, those alone that every engine takes for one word."""
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
    """`passages` lists of terms that look as `base` would at that size."""
    rng = np.random.default_rng(seed)
    stream = [term for sentence in base for term in sentence]
    words, ids, counts = np.unique(np.array(stream), return_inverse=True, return_counts=True)
    lengths = np.array([len(s) for s in base])
    sizes = rng.choice(lengths, passages)
    weights, vocabulary = _frequencies(stream, words, counts, int(sizes.sum()))
    ladder = np.cumsum(weights)
    ends = np.zeros(len(stream), bool)
    ends[np.cumsum(lengths) - 1] = True
    by_term = np.argsort(ids, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)])
    grid = np.zeros((passages, int(sizes.max())), np.int32)
    order = np.argsort(-sizes, kind="stable")
    for column in range(grid.shape[1]):
        live = order[: int(np.searchsorted(-sizes[order], -column))]
        drawn = np.searchsorted(ladder, rng.random(len(live)) * ladder[-1], side="right")
        drawn = np.minimum(drawn, len(vocabulary) - 1)
        if column:
            previous = grid[live, column - 1]
            known = np.flatnonzero((rng.random(len(live)) < FOLLOW) & (previous < len(words)))
            p = previous[known]
            place = by_term[first[p] + (rng.random(len(p)) * counts[p]).astype(np.int64)]
            follows = ~ends[place]
            drawn[known[follows]] = ids[place[follows] + 1]
        grid[live, column] = drawn
    pick = vocabulary.__getitem__
    return [list(map(pick, row[:n])) for row, n in zip(grid.tolist(), sizes.tolist(), strict=True)]


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
