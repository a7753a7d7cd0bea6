"""Questions about the texts themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.about import EVERYDAY, MEMBERS, NONE, is_about_texts, texts_with_questions
from bot.answering.answerer import Policy, answer
from bot.answering.text_question_values import LONGEST
from bot.answering.text_questions import text_question
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Fact, Post, Question, SmallTalk, Source

LETTER = Source(
    "letter",
    "A letter from the island",
    "Ines Rook",
    (Post(1, "The ferry is late again. My brother wrote the manual in 1931, on a typewriter."),),
)


def facts_of(snapshot: Snapshot, question: str) -> list[Fact] | None:
    """The facts that are asked for; None if it is no question about a text."""
    found = text_question(snapshot, question)
    return None if found is None else list(found.facts)


@pytest.fixture
def letter() -> Snapshot:
    """The snapshot of a letter."""
    return build_snapshot([LETTER])


def test_nearly_all_questions_about_texts_are_recognised_and_no_other_is() -> None:
    """In three languages; the model was fitted with none of them, and the ordinary ones were written to resemble them."""
    asked, recognised, mistaken = 0, 0, []
    for source, questions in texts_with_questions():
        snapshot = build_snapshot([source])
        for item in questions:
            about = is_about_texts(answer(snapshot, Question(item["q"]), Policy()))
            if item["asks"] == NONE:
                mistaken += [item["q"]] if about else []
            else:
                asked, recognised = asked + 1, recognised + about
    assert asked >= 150
    assert recognised >= 0.95 * asked
    assert not mistaken


@pytest.mark.parametrize(("path", "least", "mistaken"), [(EVERYDAY, 0.84, 0), (MEMBERS, 0.95, 2)])
def test_most_questions_as_members_ask_them_are_recognised(
    path: Path, least: float, mistaken: int
) -> None:
    """With texts named by a part of their titles, and slang: of the first list the rules alone recognise one in fourteen."""
    found: dict[bool, list[bool]] = {True: [], False: []}
    for source, questions in texts_with_questions(path):
        snapshot = build_snapshot([source])
        for item in questions:
            about = is_about_texts(answer(snapshot, Question(item["q"]), Policy()))
            found[item["asks"] != NONE].append(about)
    assert len(found[True]) >= 150
    assert sum(found[True]) >= least * len(found[True])
    assert sum(found[False]) <= mistaken


def test_the_right_fact_is_recognised() -> None:
    """Where the question asks for one alone."""
    asked, wrong = 0, []
    for source, questions in texts_with_questions():
        snapshot = build_snapshot([source])
        for item in questions:
            if item["asks"] in set(Fact) - {Fact.ABILITIES}:  # often known as small talk before
                asked += 1
                right = item["asks"] in (facts_of(snapshot, item["q"]) or [])
                wrong += [] if right else [item["q"]]
    assert len(wrong) <= 0.03 * asked, wrong


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("Who wrote this, and when?", [Fact.AUTHOR, Fact.DATE]),
        ("What are the title and the author of this text?", [Fact.TITLE, Fact.AUTHOR]),
        ("who rote this", [Fact.AUTHOR]),
        ("WHO'S THE AUTHOR???", [Fact.AUTHOR]),
        ("Who wrote A letter from the island?", [Fact.AUTHOR]),
        ("when did Ines Rook write this", [Fact.DATE]),
        ("tl;dr", []),
        ("TLDR?", []),
        ("who wrote", None),
        ("written when?", [Fact.DATE]),
        ("¿cuándo se escribió?", [Fact.DATE]),
        ("متى كُتبت", [Fact.DATE]),
        ("which splendid person wrote this text", [Fact.AUTHOR]),
        ("who wrote this ferry text", [Fact.AUTHOR]),
        ("who wrote this proclamation", None),
        ("who wrote about splendid texts", None),
        ("summarise it in 3 sentences", []),
        ("what are the 3 ideas of this text", []),
        ("what is this ferry about", None),
        ("what does the letter say about the island", None),
        ("who is the author of the plan?", None),
        ("is there a new agreement", None),
        ("is there an old letter", None),
        ("is this letter new", [Fact.DATE]),
        ("how new is this letter", [Fact.DATE]),
        ("is the letter old", [Fact.DATE]),
        ("", None),
        ("who wrote this " * LONGEST, None),
    ],
)
def test_a_question_is_one_if_every_word_is(
    letter: Snapshot, question: str, facts: list[Fact] | None
) -> None:
    """Of the vocabulary, of a title or of an author's name; a slip of a letter does no harm."""
    assert facts_of(letter, question) == facts


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("is this by Ines Rook?", [Fact.AUTHOR]),
        ("was this written by a novelist", [Fact.AUTHOR]),
        ("what's the handle of whoever posted this text", [Fact.AUTHOR]),
        ("when did this text go live", [Fact.DATE]),
        ("whereabouts on the web is this text", [Fact.LINK]),
        ("do I need anybody's permission to quote this text", [Fact.LICENSE]),
        ("what would be the short version of this text", []),
        ("are there any other texts in your collection?", [Fact.TEXTS]),
        ("what are you capable of", [Fact.ABILITIES]),
        ("quién anda detrás de este texto", [Fact.AUTHOR]),
        ("من يقف وراء هذا النص", [Fact.AUTHOR]),
        ("what does this text say about ferries", None),
        ("who wrote this splendid ferry", None),
        ("when is the ferry due", None),
        ("who is Ines", None),
        ("to be or not to be?", None),
        ("what is the island about", None),
    ],
)
def test_questions_that_no_rule_foresees_are_recognised_by_their_likeness(
    letter: Snapshot, question: str, facts: list[Fact] | None
) -> None:
    """To phrasings that are labelled; not if they ask for what a text says."""
    assert facts_of(letter, question) == facts


def test_a_question_with_strange_words_gives_way_to_a_text_that_answers_it(
    letter: Snapshot,
) -> None:
    """It is not surely about the text, however likely."""
    for question, sure in (
        ("who posted this text originally", True),
        ("who typed this ferry text", False),
    ):
        found = text_question(letter, question)
        assert found is not None
        assert (found.facts, found.sure) == ((Fact.AUTHOR,), sure), question


def test_what_the_bot_can_do_is_small_talk(letter: Snapshot) -> None:
    """Answered with the line that says so, however it is asked."""
    for question in (
        "what can you do",
        "so what exactly are you able to do for me",
        "para qué sirves",
    ):
        assert answer(letter, Question(question), Policy()).talk is SmallTalk.ABOUT, question


def test_what_a_text_may_speak_of_is_not_surely_asked_of_the_text(letter: Snapshot) -> None:
    """“The letter” is this one, by its title; “the manual” may be another."""
    for question, sure in (
        ("who wrote the letter", True),
        ("who wrote this manual", True),
        ("who wrote the manual", False),
        ("who wrote it", False),
    ):
        found = text_question(letter, question)
        assert found is not None
        assert (found.sure, found.points_back) == (sure, question.endswith("it"))


def test_texts_are_named_by_enough_of_their_titles(snapshot: Snapshot) -> None:
    """One word of a title is more often what a text is about."""
    for question, titles in (
        ("who wrote the bridge over the Tamar?", ["The bridge over the Tamar"]),
        ("who wrote Sourdough for patient people", ["Sourdough for patient people"]),
        ("who wrote the sourdough text", ["Sourdough for patient people"]),
    ):
        found = text_question(snapshot, question)
        assert found is not None
        assert [source.title for source in found.named] == titles
    assert text_question(snapshot, "who wrote the sourdough") is None
