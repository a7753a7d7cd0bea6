"""The same passage in two texts is one quote, attributed to both."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Policy, answer, find_source
from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.quotes.layout import quote_page
from bot.discord.kit.quotes.pages import offered_quote
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Passage, Post, Question, Quote, Source, Turn
from bot.search import twins
from bot.search.twins import words_of
from bot.terminal.answers import as_json, as_quotes
from bot.wording import ENGLISH as wording
from tests.samples import BREAD, BRIDGE

ASKED = Question("Why could Brunel not attend the opening?")


def text(name: str, *posts: str) -> Source:
    numbered = tuple(Post(i, post) for i, post in enumerate(posts, 1))
    return Source(name, name.title(), f"@{name}", numbered, url=f"https://{name}.example")


def copy_of_the_bridge() -> Source:
    """The second post alone, with other white space, in another text."""
    words = BRIDGE.posts[1].text.replace(" opening, ", " opening,\n  ")
    assert words != BRIDGE.posts[1].text
    return text("copy", "Found elsewhere about rivers.", words)


@pytest.fixture
def both() -> Snapshot:
    """The bridge, its copy, and another text."""
    return build_snapshot([BRIDGE, BREAD, copy_of_the_bridge()])


def asked(snapshot: Snapshot, within: str | None = None) -> Answer:
    return answer(snapshot, ASKED, Policy(), within)


def test_it_is_quoted_once_and_attributed_twice(both: Snapshot) -> None:
    """The first text has the quote, whose probability is that without the copy."""
    first = asked(both).hits[0]
    assert first.passage.source.id == BRIDGE.id
    assert [(twin.source.id, twin.post.number) for twin in first.also] == [("copy", 2)]
    folded = [" ".join(hit.passage.text.split()) for hit in asked(both).hits]
    assert len(folded) == len(set(folded))
    alone = asked(build_snapshot([BRIDGE, BREAD])).hits[0]
    assert alone.also == ()
    assert first.probability == pytest.approx(alone.probability, abs=0.05)


def test_every_front_end_names_both(both: Snapshot) -> None:
    """The terminal, JSON for programs, and Discord."""
    found = asked(both)
    terminal = as_quotes(found.quotes[:1])
    assert "— @BridgeNotes, “The bridge over the Tamar”, post 2 of 3" in terminal
    assert "also: @copy, “Copy”, post 2 of 2" in terminal
    (also,) = json.loads(as_json(found, both))["quotes"][0]["also"]
    assert (also["author"], also["post"], also["url"]) == ("@copy", 2, "https://copy.example")
    page = quote_page(found.quotes, 1, wording).content
    assert "-# 1. @BridgeNotes, " in page
    assert "-# also: @copy, [“Copy”](<https://copy.example>), post 2 of 2" in page


def test_a_button_leads_to_the_first_and_names_both_again(both: Snapshot) -> None:
    """It holds the key of the first; a text that a server does not offer is not named."""
    quote = QuoteRef.of(asked(both).quotes[0]).quote(both)
    assert quote is not None
    assert quote.passage.source.id == BRIDGE.id
    assert [twin.source.id for twin in quote.also] == ["copy"]
    shown = offered_quote(quote, {BRIDGE.id})
    assert shown is not None
    assert shown.also == ()
    assert offered_quote(quote, {"copy"}) is None


def test_of_one_text_only_that_text_is_named(both: Snapshot) -> None:
    """Where somebody asks a single text."""
    first = asked(both, "copy").hits[0]
    assert (first.passage.source.id, first.also) == ("copy", ())


def test_in_a_conversation_about_a_text_its_own_passage_is_quoted(both: Snapshot) -> None:
    """Not the same one in a text that nobody has spoken of."""
    about = both.passages[both.ranges["copy"].start]
    after = Turn("What was found elsewhere about rivers?", about.key)
    hits = answer(both, replace(ASKED, after=after), Policy()).hits
    assert hits[0].passage.source.id == "copy"
    assert [twin.source.id for twin in hits[0].also] == [BRIDGE.id]


def test_the_source_of_a_message_is_every_text_that_says_it(both: Snapshot) -> None:
    """Find the source names both as well."""
    found = find_source(both, BRIDGE.posts[1].text, Policy())
    assert [twin.source.id for twin in found.hits[0].also] == ["copy"]


def test_what_leads_to_a_passage_is_part_of_it() -> None:
    """The same answer to two questions is two answers."""
    posts = (
        "**May I bring a dog to the mill?**", "Yes, with a blue ticket from the office.",
        "**May I smoke in the mill?**", "Yes, with a blue ticket from the office.",
    )  # fmt: skip
    snapshot = build_snapshot([text("faq", *posts)])
    said = [
        number
        for number, p in enumerate(snapshot.passages)
        if p.text == "Yes, with a blue ticket from the office."
    ]
    assert len(said) == 2
    assert snapshot.passages[said[0]].lead != snapshot.passages[said[1]].lead
    assert [snapshot.searcher.twins.of(number) for number in said] == [(), ()]


def test_what_a_passage_stands_under_may_differ() -> None:
    """Another heading, or none: the attribution says which."""
    one = text("one", "# Opening hours", "The old mill opens at nine.")
    two = text("two", "# Times of the mill", "The old mill opens at nine.")
    three = text("three", "The old mill opens at nine.")
    found = answer(
        build_snapshot([one, two, three]), Question("When does the mill open?"), Policy()
    )
    assert len(found.hits) == 1
    assert len(found.hits[0].also) == 2


def test_many_places_are_counted() -> None:
    """Three are named at most."""
    texts = [text(f"copy{i}", "The mill opens at nine.") for i in range(6)]
    found = answer(build_snapshot(texts), Question("When does the mill open?"), Policy())
    assert len(found.hits) == 1
    foot = as_quotes(found.quotes).split("\n")[-3:]
    assert foot[0].startswith("    also: @copy1, “Copy1”")
    assert foot[2] == "    and in 3 more places"


@given(
    st.lists(
        st.sampled_from(["The mill opens.", "The  mill\nopens.", "It shuts.", "…", "Is it?"]),
        max_size=12,
    )
)
def test_twins_are_the_passages_with_the_same_words(posts: list[str]) -> None:
    """And none is left out of itself."""
    snapshot = build_snapshot([text(f"t{i}", post) for i, post in enumerate(posts)])
    folded = [" ".join(passage.text.split()) for passage in snapshot.passages]
    for number, words in enumerate(folded):
        twins = snapshot.searcher.twins.of(number)
        same = [n for n, other in enumerate(folded) if other == words and n != number]
        expected = same if words in {"The mill opens.", "It shuts."} else []
        assert [snapshot.passages.number_of(twin.key) for twin in twins] == expected


def test_long_attributions_leave_room_for_the_quote() -> None:
    """Titles and links may have hundreds of characters: then places are only counted."""
    texts = [
        replace(
            text(f"copy{i}", "The mill opens."),
            title="t" * 200,
            url=f"https://x.example/{'u' * 380}",
        )
        for i in range(3)
    ]
    found = answer(build_snapshot(texts), Question("When does the mill open?"), Policy())
    page = quote_page(found.quotes, 1, wording)
    assert "> **The mill opens.**" in page.content or "> The mill opens." in page.content
    assert "-# and in 2 more places" in page.content
    assert len(page.content) <= 2_000


def test_a_quote_without_twins_has_the_same_foot_as_ever(snapshot: Snapshot) -> None:
    """One line."""
    quote = Quote(snapshot.passages[0])
    assert quote_page([quote], 1, wording).content.count("\n-# ") == 1


def test_words_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group of many passages that begin alike is not read again for every question that hits one."""
    posts = [f"The old bridge over the river was closed {number} times." for number in range(150)]
    snapshot = build_snapshot([text("a", *posts), text("b", posts[3], posts[3])])
    read: list[Passage] = []

    def noted(passage: Passage) -> tuple[str, str]:
        read.append(passage)
        return words_of(passage)

    monkeypatch.setattr(twins, "words_of", noted)
    found = snapshot.searcher.twins
    assert [(twin.source.id, twin.post.number) for twin in found.of(3)] == [("b", 1), ("b", 2)]
    assert len(read) == len(snapshot.passages)
    assert found.of(3) == found.of(3)
    assert found.of(4) == ()
    assert len(read) == len(snapshot.passages)
