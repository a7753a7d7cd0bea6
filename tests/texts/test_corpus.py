"""The corpus is the sources and their passages, whether built or read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Post, Source
from bot.texts.corpus import Corpus
from bot.texts.structure import passages_of
from tests.samples import BREAD, BRIDGE, sources


@given(st.lists(sources(), max_size=4))
def test_a_corpus_has_the_passages_of_its_sources_in_order(some: list[Source]) -> None:
    """Iterated, indexed, and restored from arrays."""
    expected = [passage for source in some for passage in passages_of(source)]
    corpus = Corpus.of(some)
    back = Corpus.from_arrays(corpus.source_metadata(), corpus.arrays())
    for one in (corpus, back):
        assert list(one) == expected
        assert [one[i] for i in range(len(one))] == expected
        assert list(one.sources) == some
        assert [s.digest for s in one.sources] == [s.digest for s in some]


def test_each_source_has_a_range_of_passages() -> None:
    """Consecutive, without gaps."""
    corpus = Corpus.of([BRIDGE, Source("empty", "E", "A", ()), BREAD])
    assert [corpus.range_of(i) for i in range(3)] == [range(5), range(5, 5), range(5, 8)]
    assert {corpus[i].source.id for i in corpus.range_of(2)} == {BREAD.id}


def test_a_passage_is_found_by_its_key_and_no_other() -> None:
    """Even if the same sentence occurs twice."""
    twice = Source("twice", "T", "A", (Post(1, "Same. Same."), Post(2, "Same.")))
    corpus = Corpus.of([BRIDGE, twice])
    assert [corpus.find(passage.key) for passage in corpus] == list(corpus)
    assert corpus.find(Corpus.of([BREAD])[0].key) is None
    assert Corpus.of([]).find(1) is None
