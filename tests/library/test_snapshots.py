"""A snapshot that was updated equals one that was built from nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.snapshots import Snapshot, build_snapshot, update_snapshot
from bot.models import Post, Question, Source
from bot.search.bm25 import backends, posting_splice
from bot.search.building import build_arrays
from bot.texts.corpus import Corpus
from tests.samples import BREAD, BRIDGE, sources

WORDS = (
    "toll cart river bridge ferry iron span track loaf crust naïve Zürich 1859 12 a of 河川".split()
)

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
posts = st.lists(st.one_of(words.map(lambda text: f"{text}. And {text}."), words.map("# {}".format),
                           words.map("- {}".format)), min_size=1, max_size=6)  # fmt: skip


@st.composite
def wordy_sources(draw: st.DrawFn) -> Source:
    """Return a source whose words are also those of others."""
    texts = draw(posts)
    return Source(
        id="drawn",
        title=draw(words),
        author=draw(words),
        posts=tuple(Post(i, text) for i, text in enumerate(texts, start=1)),
        language=draw(st.sampled_from(["en", "de"])),
    )


any_sources = st.lists(st.one_of(wordy_sources(), sources()), max_size=7)


def named(some: list[Source]) -> list[Source]:
    """Give each source an id of its own."""
    return [replace(source, id=f"{number}") for number, source in enumerate(some)]


def assert_same(one: Snapshot, other: Snapshot) -> None:
    """Assert that two snapshots are the same to the byte."""
    assert one.id == other.id
    assert one.passages.source_metadata() == other.passages.source_metadata()
    assert one.searcher.table.titled == other.searcher.table.titled
    arrays = other.passages.arrays() | other.searcher.arrays()
    for name, array in (one.passages.arrays() | one.searcher.arrays()).items():
        assert array.dtype == arrays[name].dtype, name
        np.testing.assert_array_equal(array, arrays[name], name)


@pytest.mark.parametrize("max_okapi", [0, 3, 1_000])
@settings(max_examples=15)
@given(data=st.data())
def test_an_update_equals_a_new_build(max_okapi: int, data: st.DataObject) -> None:
    """To the byte, whatever was added, changed, removed or moved, many times over, with either index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backends, "MAX_OKAPI", max_okapi)
        patch.setattr(posting_splice, "CHUNK", data.draw(st.sampled_from([1, 5, 1 << 17])))
        pool = named(data.draw(any_sources))
        snapshot = build_snapshot(pool)
        for _ in range(3):
            kept = data.draw(st.lists(st.sampled_from(pool), unique_by=id) if pool else st.just([]))
            others = (
                data.draw(any_sources)
                if len(kept) < 4
                else data.draw(st.lists(wordy_sources(), max_size=1))
            )
            new = [replace(s, id=f"new {i}") for i, s in enumerate(others)]
            pool = (
                data.draw(st.permutations(kept + new)) if data.draw(st.booleans()) else kept + new
            )
            pool = list({source.id: source for source in pool}.values())
            snapshot = update_snapshot(snapshot, pool)
            assert_same(snapshot, build_snapshot(pool))


def test_only_new_sources_are_analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others' passages are copied."""
    before = build_snapshot(named([replace(BRIDGE, title=f"Bridge {i}") for i in range(9)]))
    seen: list[str] = []

    def watched(corpus: Corpus, *rest: Any) -> dict[str, Any]:
        seen.extend(source.id for source in corpus.sources)
        return build_arrays(corpus, *rest)

    monkeypatch.setattr("bot.library.snapshots.build_arrays", watched)
    after = update_snapshot(before, [*before.sources.values(), BREAD])
    assert seen == [BREAD.id]
    assert after.searcher.search(Question("how long does the loaf bake?"))


def test_an_update_without_a_change_is_the_same_snapshot() -> None:
    """Nothing is done, and it keeps its vectors."""
    before = build_snapshot([BRIDGE, BREAD])
    assert update_snapshot(before, [BRIDGE, BREAD]) is before
