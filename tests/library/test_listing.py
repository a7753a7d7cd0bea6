"""The texts as people look for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.listing import MAX_CACHED, Listing, ListingCache, natural_key
from bot.models import Post, Source
from bot.search.language.analysis import fold


def source(title: str, author: str = "A", id_: str | None = None) -> Source:
    return Source(id_ or title, title, author, (Post(1, "x"),))


def titles(found: Any) -> list[str]:
    return [one.title for one in found]


def test_texts_are_sorted_as_people_expect() -> None:
    """Numbers by value, in any script; case and accents are ignored; ties by author and id."""
    given_ = [
        source("Text 10"), source("text 2"), source("Émile"), source("Text 1"), source("Emile 2"),
        source("Text ٣"), source("Text 007", "Z"), source("Text 7", "B"), source("zebra"),
        source("1" * 6_000), source("2" * 5_999),
    ]  # fmt: skip
    assert titles(Listing.of(given_).in_order) == [
        "2" * 5_999, "1" * 6_000, "Émile", "Emile 2", "Text 1", "text 2", "Text ٣", "Text 7",
        "Text 007", "Text 10", "zebra",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=12), max_size=8), st.randoms())
def test_the_order_does_not_depend_on_the_input_order(names: list[str], shuffle: Any) -> None:
    """Even if titles and authors are the same."""
    some = [source(name[:6], name[6:], f"{i}") for i, name in enumerate(names)]
    once = Listing.of(some).in_order
    shuffle.shuffle(some)
    assert Listing.of(some).in_order == once
    assert [natural_key(one.title) for one in once] == sorted(natural_key(n[:6]) for n in names)


@given(st.lists(st.text(max_size=9), max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_a_listing_made_of_another_one_is_the_same(names: list[str], old: list[bool]) -> None:
    """Whatever was added, changed or removed; it holds the new sources, not the old ones."""
    some = [source(name[:4], name[4:], f"{i}") for i, name in enumerate(names)]
    others = [replace(one, title="other") for one in some]
    before = Listing.of([*(s for s, was in zip(some, old, strict=False) if was), *others[4:]])
    after = Listing.of(some, before)
    assert after.in_order == Listing.of(some).in_order
    assert {id(one) for one in after.in_order} == {id(one) for one in some}
    assert after.named("other", 9) == Listing.of(some).named("other", 9)


def test_typing_searches_title_author_and_id() -> None:
    """Titles that start with it come first; case, accents and white space are ignored."""
    listed = Listing.of(
        [
            source("The river Ångström", "Ana"),
            source("River, a history", "Bo", "old/river"),
            source("Salt", "Río Rivera", "salt-2"),
            source("Bread", "Ana", "baking/bread"),
        ]
    )
    assert titles(listed.named("RIVER", 9)) == ["River, a history", "Salt", "The river Ångström"]
    assert titles(listed.named("  rio  riv", 9)) == ["Salt"]
    assert titles(listed.named("angstrom", 9)) == ["The river Ångström"]
    assert titles(listed.named("baking/", 9)) == ["Bread"]
    assert titles(listed.named("", 2)) == ["Bread", "River, a history"]
    assert titles(listed.named("ana", 1)) == ["Bread"]
    assert listed.named("history\nold", 9) == listed.named("xylophone", 9) == []


def test_a_word_is_in_a_name_or_in_none() -> None:
    """Of title, author or id, whatever its case and accents."""
    listed = Listing.of([source("The river Ångström", "Ana"), source("Salt", "Bo", "old/salt")])
    assert all(map(listed.mentions, ("angstrom", "RIVER", "ana", "old/")))
    assert not any(map(listed.mentions, ("rivers", "pepper")))


def test_a_name_finds_one_text_or_none() -> None:
    """By id, digest or title, or as a part that only one name contains."""
    listed = Listing.of([source("Text 2", "Ana"), source("Text 20", "Bo", "x/y"), source("Salt")])
    two, twenty = listed.find("Text 2"), listed.find("x/y")
    assert two is not None
    assert twenty is not None
    assert (two.title, twenty.title) == ("Text 2", "Text 20")
    assert listed.find(two.digest) is two
    assert listed.find("text 2") is two
    assert listed.find("20") is twenty
    assert listed.find("Text") is None
    assert listed.find("Bo") is None
    assert listed.find(" ") is None


@given(st.lists(st.text(min_size=1, max_size=10), min_size=1, max_size=8), st.text(max_size=5))
def test_any_name_can_be_looked_up(names: list[str], typed: str) -> None:
    """And every suggestion leads back to its text."""
    listed = Listing.of(source(name, name[::-1], f"{i}") for i, name in enumerate(names))
    for one in listed.named(typed, 25):
        assert listed.find(one.id) is one
    assert len(listed.named(typed, 2)) <= 2
    listed.find(typed)


def test_lookups_do_not_fold_the_names_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keystroke costs only its own folding."""
    listed = Listing.of(source(f"Text {i}", f"Author {i}") for i in range(2_000))
    folded: list[str] = []

    def watched(text: str) -> str:
        folded.append(text)
        return fold(text)

    monkeypatch.setattr("bot.library.listing.fold", watched)
    for typed in ("t", "text 19", "nothing like it", "author 7"):
        listed.named(typed, 25)
        listed.find(typed)
    assert set(folded) == {"t", "text 19", "nothing like it", "author 7"}


def test_a_chosen_listing_is_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the texts are the same; the cache keeps the most recent ones."""
    whole = Listing.of(source(f"Text {i}") for i in range(MAX_CACHED + 5))
    ids = frozenset({"Text 11", "Text 3", "gone"})
    kept = ListingCache()
    assert kept.get_cached(whole, None) is whole
    assert kept.get_cached(whole, ids) is None
    made = kept.get(whole, ids)
    assert titles(made.in_order) == ["Text 3", "Text 11"]
    assert kept.get_cached(whole, frozenset({"Text 11", "Text 3", "gone"})) is made
    for i in range(MAX_CACHED):
        kept.get(whole, frozenset({f"Text {i}"}))
    assert kept.get_cached(whole, ids) is None
    other = Listing.of(whole.in_order)
    assert kept.get(other, ids) is not made
    assert kept.get_cached(whole, frozenset({"Text 1"})) is None
