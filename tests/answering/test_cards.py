"""Answers about the texts themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.answerer import Policy, answer
from bot.answering.cards import MOST_CARDS, MOST_CENTRAL
from bot.answering.conversation import turn_of
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Fact, Outcome, Post, Question, Role, Source
from tests.samples import BREAD, BRIDGE

AUTHOR = "who wrote this?"


def asked(snapshot: Snapshot, text: str, source_id: str | None = None) -> Answer:
    """The answer to a first question."""
    return answer(snapshot, Question(text), Policy(), source_id)


def titles(found: Answer) -> list[str]:
    """The titles of the texts that the answer speaks of."""
    return [source.title for source in (found.about.sources if found.about else found.which)]


def test_a_single_text_is_not_named() -> None:
    """By its card, without a quote."""
    found = asked(build_snapshot([BRIDGE]), AUTHOR)
    assert (found.outcome, found.hits) == (Outcome.ABOUT_TEXTS, ())
    assert found.about is not None
    assert (found.about.facts, found.about.sources) == ((Fact.AUTHOR,), (BRIDGE,))


def test_of_several_texts_the_named_or_chosen_one_is_meant(snapshot: Snapshot) -> None:
    """Otherwise all, or the one that was quoted last."""
    assert titles(asked(snapshot, "authors?")) == [BREAD.title, BRIDGE.title]
    assert titles(asked(snapshot, AUTHOR, BREAD.id)) == [BREAD.title]
    assert titles(asked(snapshot, "who wrote The Bridge over the Tamar?")) == [BRIDGE.title]
    turn = turn_of(asked(snapshot, "How hot is the oven for the loaf?"))
    assert turn is not None
    assert turn.quoted is not None
    after = answer(snapshot, Question(AUTHOR, turn), Policy())
    assert titles(after) == [BREAD.title]
    of_all = answer(snapshot, Question("who wrote these texts?", turn), Policy())
    assert titles(of_all) == [BREAD.title, BRIDGE.title]


def test_of_many_texts_the_asker_is_asked_which() -> None:
    """Also of few, if one is meant; else their cards, unless that would be a long list."""
    many = [replace(BRIDGE, id=f"text-{n}", title=f"Text {n}") for n in range(MOST_CARDS + 1)]
    found = asked(build_snapshot(many), AUTHOR)
    assert (found.outcome, len(found.which)) == (Outcome.WHICH_TEXT, MOST_CARDS + 1)
    assert asked(build_snapshot(many), "author?").outcome is Outcome.WHICH_TEXT
    for question, outcome in (
        ("author?", Outcome.ABOUT_TEXTS),
        ("who wrote these?", Outcome.ABOUT_TEXTS),
        ("how old is this thread", Outcome.WHICH_TEXT),
        ("when was it written", Outcome.WHICH_TEXT),
    ):
        assert asked(build_snapshot(many[1:]), question).outcome is outcome
    assert asked(build_snapshot(many), "tl;dr").outcome is Outcome.WHICH_TEXT
    assert titles(asked(build_snapshot(many), "which texts do you have?"))[:1] == ["Text 0"]


@pytest.mark.parametrize("question", ["which texts do you have", "how do I add a text", AUTHOR])
def test_without_texts_nothing_fails(question: str) -> None:
    """It is said that there are none."""
    found = asked(build_snapshot([]), question)
    assert (found.outcome, titles(found)) == (Outcome.ABOUT_TEXTS, [])


def test_a_text_that_speaks_of_it_itself_is_quoted() -> None:
    """Of a letter, a plan or its own history."""
    letter = Source(
        "harbour",
        "The old harbour",
        "@tides",
        (
            Post(1, "The keeper wrote the letter to the queen in 1843."),
            Post(2, "Nobody has seen the harbour frozen since."),
        ),
    )
    snapshot = build_snapshot([letter])
    for question in ("who wrote the letter?", "when was the letter written?"):
        found = asked(snapshot, question)
        assert found.outcome in {Outcome.ANSWERED, Outcome.CLOSEST}
        assert "keeper" in found.hits[0].passage.text
    assert asked(snapshot, "who wrote this text?").outcome is Outcome.ABOUT_TEXTS
    assert asked(snapshot, "who compiled the report?").outcome is Outcome.ABOUT_TEXTS


def test_a_text_that_says_when_it_was_published_is_quoted() -> None:
    """Even if the question surely is about the text: its own words are better than a card."""
    own = (
        Post(1, "This handbook was published in 2019."),
        Post(2, "Knead the dough for ten minutes."),
    )
    snapshot = build_snapshot([Source("handbook", "Baking", "@oven", own)])
    found = asked(snapshot, "when was this handbook published?")
    assert found.outcome is Outcome.ANSWERED
    assert found.hits[0].passage.post.number == 1
    assert asked(snapshot, "who wrote this handbook?").outcome is Outcome.ABOUT_TEXTS


def test_it_is_not_asked_after_a_question_about_something_else(snapshot: Snapshot) -> None:
    """There “it” is the subject of that question."""
    turn = turn_of(asked(snapshot, "When did the bridge over the Tamar open?"))
    first = asked(snapshot, "when was it written?", BRIDGE.id)
    after = answer(snapshot, Question("when was it written?", turn), Policy())
    assert first.outcome is Outcome.ABOUT_TEXTS
    assert after.outcome is not Outcome.ABOUT_TEXTS


def test_an_overview_is_the_beginning_and_the_central_passages(snapshot: Snapshot) -> None:
    """In reading order, and no word of the bot's."""
    found = asked(snapshot, "what is this about?", BRIDGE.id)
    assert found.outcome is Outcome.OVERVIEW
    places = [(hit.passage.post.number, hit.passage.sentence) for hit in found.hits]
    assert places[0] == (1, 1)
    assert places == sorted(set(places))
    assert 1 < len(places) == found.shown <= 1 + MOST_CENTRAL
    assert all(hit.passage.role is Role.ANSWER for hit in found.hits)


def test_what_cannot_be_quoted_has_no_overview() -> None:
    """A text of headings alone."""
    bare = Source("bare", "Bare", "@bare", (Post(1, "# One"), Post(2, "## Two")), date=date.min)
    assert asked(build_snapshot([bare]), "summary").outcome is Outcome.NOT_COVERED
