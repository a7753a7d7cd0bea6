"""Terms have numbers, and are found by themselves and by how they begin."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25.vocabulary import Vocabulary

terms = st.lists(st.text(max_size=6), unique=True, max_size=40)


@given(terms, st.text(max_size=3))
def test_terms_and_numbers_belong_together(some: list[str], start: str) -> None:
    """Whatever the terms are, lone surrogates included."""
    vocabulary, numbers = Vocabulary.build(some)
    assert [vocabulary.find(term) for term in some] == numbers.tolist()
    assert [vocabulary.term(number) for number in numbers.tolist()] == some
    assert sorted(vocabulary) == sorted(some)
    assert vocabulary.find("another one") == -1
    found = [term for _, term in vocabulary.beginning_with(start, 100)]
    assert sorted(found) == sorted(term for term in some if term.startswith(start))


@given(terms)
def test_numbers_depend_on_the_set_of_terms_alone(some: list[str]) -> None:
    """Not on their order, so that the same texts make the same index."""
    assert list(Vocabulary.build(some)[0]) == list(Vocabulary.build(some[::-1])[0])
