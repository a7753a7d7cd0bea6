"""What is typed finds passages at every keystroke, whatever it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Source
from bot.search.autocomplete import MOST, lookup
from bot.search.bm25.index import Candidates
from bot.search.bm25.okapi import OkapiIndex
from tests.samples import BREAD, BRIDGE, any_text, sources


def found(snapshot: Snapshot, typed: str, most: int = MOST) -> list[str]:
    return [snapshot.passages[number].text for number in lookup(snapshot.searcher, typed, most)]


@pytest.mark.parametrize("end", range(1, 30))
def test_a_passage_is_found_from_its_first_letter_on(snapshot: Snapshot, end: int) -> None:
    """As it is typed, and before any other."""
    sentence = "Ferries lost half of their passengers."
    assert found(snapshot, sentence[:end])[0] == sentence


def test_the_last_word_is_only_begun(snapshot: Snapshot) -> None:
    """Whatever its stem; one before it is whole."""
    assert found(snapshot, "half of their passenge")[0].startswith("Ferries")
    assert found(snapshot, "passenge") == found(snapshot, "passengers")
    assert found(snapshot, "passen ") == []


def test_words_match_anywhere_and_accents_and_case_do_not_matter(snapshot: Snapshot) -> None:
    """People remember words, not their order."""
    assert found(snapshot, "PASSENGERS fèrr")[0].startswith("Ferries")


@pytest.mark.parametrize("typed", ["", "t", "the", "two", "it was", "twice a day", "bake the lo"])
def test_of_some_of_the_texts_it_finds_what_they_alone_would_have(
    snapshot: Snapshot, typed: str
) -> None:
    """Nothing of the others, whatever is typed, and no fewer: without an index of their own."""
    for source in (BRIDGE, BREAD):
        among = np.array([passage.source.id == source.id for passage in snapshot.passages])
        some = [snapshot.passages[n] for n in lookup(snapshot.searcher, typed, MOST, among)]
        assert {passage.source.id for passage in some} <= {source.id}
        alone = build_snapshot([source])
        assert {passage.text for passage in some} == set(found(alone, typed))


def test_rare_texts_are_found_among_many() -> None:
    """However many better matches stand in texts that may not be shown."""
    loud = Source("loud", "T", "A", tuple(Post(n, "Salt, salt, salt.") for n in range(1, 200)))
    quiet = Source(
        "quiet", "T", "A", (Post(1, "A pinch of salt is enough for a whole loaf of bread."),)
    )
    snapshot = build_snapshot([loud, quiet])
    among = np.array([passage.source.id == "quiet" for passage in snapshot.passages])
    (only,) = lookup(snapshot.searcher, "salt", MOST, among)
    assert snapshot.passages[only].source.id == "quiet"


def test_what_is_said_to_the_letter_comes_first() -> None:
    """Before what holds the same words, even more often."""
    post = Post(1, "Salt water, water salt, salt. He asked for salt water. Salt water heals.")
    snapshot = build_snapshot([Source("s", "T", "A", (post,))])
    assert found(snapshot, "for salt wa")[0] == "He asked for salt water."
    assert found(snapshot, "salt water h")[0] == "Salt water heals."


def test_nothing_typed_shows_how_the_texts_begin(snapshot: Snapshot) -> None:
    """And words that are never looked for are compared with these."""
    assert found(snapshot, " ", 2) == [p.text for p in snapshot.passages[:2]]
    assert found(snapshot, "it was ")[0].startswith("It was designed")


def test_short_words_numbers_and_other_scripts_are_found_by_their_beginning() -> None:
    """Also writing without spaces, and a text that is not in English."""
    arabic = Source("ar", "T", "A", (Post(1, "السياسة الخارجية تبدأ من الداخل."),), language="ar")
    chinese = Source("zh", "T", "A", (Post(1, "外交政策从国内开始。"),), language="zh")
    snapshot = build_snapshot([BRIDGE, BREAD, arabic, chinese])
    assert "1859" in found(snapshot, "18")[0]
    assert found(snapshot, "bak")[0].startswith("Bake")
    assert found(snapshot, "السيا") == [arabic.posts[0].text]
    assert found(snapshot, "外") == [chinese.posts[0].text]


def test_no_texts_are_no_error() -> None:
    """A bot may start before it is fed."""
    snapshot = build_snapshot([])
    assert found(snapshot, "") == found(snapshot, "a") == []


@settings(max_examples=60)
@given(sources(), any_text, st.integers(1, MOST))
def test_anything_may_be_typed(source: Source, typed: str, most: int) -> None:
    """Each passage is found once, and no more than are wanted."""
    snapshot = build_snapshot([source])
    numbers = lookup(snapshot.searcher, typed, most)
    assert len(set(numbers)) == len(numbers) <= most
    assert all(0 <= number < len(snapshot.passages) for number in numbers)


def test_the_work_of_one_letter_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many passages hold a word that begins with it."""
    texts = [f"Sand{i} said so and so sadly." for i in range(40)]
    snapshot = build_snapshot([Source("s", "T", "A", (Post(1, " ".join(texts)),))])
    monkeypatch.setattr("bot.search.autocomplete._POSTINGS", 45)
    asked: list[dict[str, float]] = []
    candidates = OkapiIndex.candidates

    def listen(self: OkapiIndex, terms: dict[str, float], k: int, within: None) -> Candidates:
        asked.append(terms)
        return candidates(self, terms, k)

    monkeypatch.setattr(OkapiIndex, "candidates", listen)
    assert len(found(snapshot, "s")) == MOST
    (terms,) = asked
    assert 1 <= len(terms) < 10
