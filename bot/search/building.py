"""Passages → the arrays that a searcher works on, which a snapshot may save."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.models import Passage, Role, Source
from bot.search.bm25 import backends
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.language.analysis import Analyzer, fold
from bot.search.language.word_vectors import WordVectors
from bot.search.passage_collection import PassageCollection
from bot.search.query.question_types import evidence_in
from bot.search.query.spelling import Speller
from bot.search.ranking.passage_table import saved_arrays

Arrays = dict[str, NDArray[Any]]
_WORD = re.compile(r"[^\W\d_]+")


def build_arrays(
    collection: PassageCollection, passages: Iterable[Passage], word_vectors: WordVectors
) -> Arrays:
    """Analyse `passages`, all that are in `collection`, into a searcher's arrays.

    Each passage is read once, and let go: only the arrays grow.
    """
    analyzers = analyzers_for(collection)
    evidence = array("I")
    words: Counter[str] = Counter()

    def analysed() -> Iterator[list[str]]:
        for passage in passages:
            text = passage.text
            evidence.append(evidence_in(text))
            words.update(_WORD.findall(text))
            yield _terms(passage, analyzers[passage.source.language])

    headings = (term for source in collection.sources for term in heading_terms(source, analyzers))
    forward = ForwardIndex.build(analysed(), extra_terms=headings)
    return {
        **forward.arrays(),
        **backends.build_arrays(forward),
        **saved_arrays(forward, np.frombuffer(evidence, np.uint32), word_vectors),
        **Speller.of(_folded(words)).arrays(),
    }


def word_counts(sentences: Iterable[str]) -> Counter[str]:
    """Count the words of `sentences`, folded, for spelling correction."""
    words: Counter[str] = Counter()
    for sentence in sentences:
        words.update(_WORD.findall(sentence))
    return _folded(words)


def _folded(words: Mapping[str, int]) -> Counter[str]:
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[fold(word)] += count
    return folded


def _terms(passage: Passage, analyzer: Analyzer) -> list[str]:
    """The terms that a passage is found by: its own, then those of its heading and lead, which are not found themselves."""
    if passage.role is not Role.ANSWER:
        return []
    own = analyzer.terms(passage.text)
    context = passage.context
    return own + analyzer.terms(context) if context else own


def analyzers_for(collection: PassageCollection) -> dict[str, Analyzer]:
    """Make one analyzer per language, and list it under each of its tags (`en`, `en-GB`).

    That of the most passages comes first; ties by language code.
    """
    by_tag: dict[str, Analyzer] = {}
    by_language: dict[str, Analyzer] = {}
    for tag in dict.fromkeys(source.language for source in collection.sources) or ("en",):
        analyzer = Analyzer(tag)
        by_tag[tag] = by_language.setdefault(analyzer.language, analyzer)
    count: Counter[str] = Counter()
    sizes = np.diff(collection.source_passages).tolist()
    for source, size in zip(collection.sources, sizes, strict=True):
        count[by_tag[source.language].language] += size
    ranks = {tag: (-count[each.language], each.language) for tag, each in by_tag.items()}
    return {tag: by_tag[tag] for tag in sorted(by_tag, key=ranks.__getitem__)}


def heading_terms(source: Source, analyzers: Mapping[str, Analyzer]) -> list[str]:
    """Analyse the title and author of `source` in its language."""
    return analyzers[source.language].terms(f"{source.title} {source.author}")
