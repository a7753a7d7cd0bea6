"""Posting lists in arrays: exact on every path, whatever the number of postings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.search.bm25 import posting_index, upper_bounds
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_index import PostingIndex
from bot.search.bm25.postings import read
from tests.search.bm25.corpora import CORPUS, Terms, equally, zipf

# The constants that send a query down a path, whatever its length.
PATHS: dict[str, dict[str, int]] = {
    "as measured": {},
    "all ranked": {"LONG": 1 << 60, "RANKED": 1 << 40, "READY": -1},
    "floor": {"LONG": 1 << 60, "RANKED": 0, "SAMPLE": 1},
    "upper bounds": {"LONG": -1},
    "few cells": {"LONG": -1, "CELLS": 1 << 6, "BATCH": 37, "SAMPLE": 2},
    "cells that overflow": {"LONG": -1, "CELLS": 2, "BATCH": 37},
}


@pytest.fixture(params=PATHS, ids=list(PATHS))
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Send every query down one of the paths."""
    for name, value in PATHS[request.param].items():
        for module in (posting_index, upper_bounds):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    return str(request.param)


def build(corpus: list[Terms]) -> PostingIndex:
    return PostingIndex.build(ForwardIndex.build(corpus))


@pytest.mark.parametrize("seed", range(8))
def test_every_path_finds_exactly_the_exhaustive_best(path: str, seed: int) -> None:
    """Passages, scores and their order, with weights or without, in ranges or everywhere."""
    rng = np.random.default_rng(seed)
    size = int(rng.choice([1, 5, 60, 400, 3000]))
    index = build(zipf(seed, size))
    a, b, c, d = sorted(rng.integers(0, size + 1, 4).tolist())
    for _ in range(12):
        asked = [f"w{w}" for w in rng.integers(1, 320, int(rng.integers(1, 8)))]
        k = int(rng.choice([1, 3, 50]))
        weights = rng.choice([0.15, 0.5, 1.0], len(asked)).tolist()
        for query in (equally(*asked), dict(zip(asked, weights, strict=True))):
            some = read(index.postings, index._lists(query))
            scores = np.zeros(size)
            np.add.at(scores, some.passages(), some.gains() / 65536)
            for within in (None, [range(a, b)], [range(a, b), range(c, d)]):
                inside = np.full(size, within is None)
                for part in within or ():
                    inside[part.start : part.stop] = True
                kept = np.where(inside, scores, 0)
                order = np.lexsort((np.arange(size), -kept))
                order = order[kept[order] > 0][:k]
                found = index.candidates(query, k, within)
                assert found.passages == order.tolist()
                assert found.scores == kept[order].tolist()


def test_passages_that_share_a_cell_do_not_share_a_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first guess that is too high is followed by one that is certain."""
    monkeypatch.setattr(posting_index, "LONG", -1)
    monkeypatch.setattr(upper_bounds, "CELLS", 1 << 4)
    corpus = [["ferry", f"w{n}"] if n % 3 else ["toll", "road"] for n in range(100)]
    corpus[50] = ["ferry", "toll", "road"]
    found = build(corpus).candidates(equally("ferry", "toll", "road"), 2)
    assert found.passages == [50, 0]


def test_boards_are_clean_after_every_query(path: str) -> None:
    """One query leaves nothing to the next."""
    index = build(zipf(4, 2000))
    for asked in (["w1", "w2", "w3"], ["w7", "w90"], ["w1"]) * 2:
        assert index.candidates(equally(*asked)) == build(zipf(4, 2000)).candidates(equally(*asked))
        (boards,) = index._idle_boards
        assert not boards.scores.any()


def test_a_saved_index_is_mapped_and_cannot_be_changed() -> None:
    """Threads and processes share its arrays."""
    forward = ForwardIndex.build(CORPUS)
    arrays = PostingIndex.build(forward).arrays()
    for array in arrays.values():
        array.flags.writeable = False
    back = PostingIndex.from_arrays(forward, arrays)
    assert back.postings is arrays["bm25_postings"]
    assert back.candidates(equally("toll")).passages == [3, 2]


def test_threads_share_an_index() -> None:
    """Each gets the answer it would get alone."""
    index = build(zipf(6, 3000))
    questions = [equally(f"w{i}", f"w{i + 1}", "w1") for i in range(1, 40)]
    alone = [index.candidates(asked) for asked in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(index.candidates, questions)) == alone
