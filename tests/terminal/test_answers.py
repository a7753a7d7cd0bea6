"""Answers as text and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import click

from bot.answering.answerer import Policy, answer
from bot.answering.asking import Request
from bot.library.snapshots import Snapshot
from bot.models import Question, Turn
from bot.terminal.answers import as_json, as_text
from bot.terminal.ask import answers
from bot.wording import ENGLISH as wording

QUESTION = Question("Who was too ill to attend the opening?")


def test_text_has_the_quote_and_its_attribution(snapshot: Snapshot) -> None:
    """With the link on a line of its own, and the clause in bold where there is colour."""
    text = as_text(answer(snapshot, QUESTION, Policy(quotes=1)), snapshot)
    bold = re.search(r"\x1b\[1m(.+)\x1b\[0m", text)
    assert bold is not None
    assert "Brunel" in bold[1]
    assert click.unstyle(text).split("\n") == [
        "  It was designed by I. K. Brunel, who was too ill to attend the opening, because he had"
        " suffered a stroke a few months before and could not leave his bed.",
        "  — @BridgeNotes, “The bridge over the Tamar”, post 2 of 3",
        "    https://example.org/bridge_(tamar)",
    ]


def test_the_outcomes_are_told_apart(snapshot: Snapshot) -> None:
    """A warning above what may not answer, a line where nothing does."""
    closest = answer(snapshot, QUESTION, Policy(answered=1, closest=0))
    assert as_text(closest, snapshot).startswith(wording.PROBABLY)
    unsure = replace(closest, hits=tuple(replace(hit, probability=0.3) for hit in closest.hits))
    assert as_text(unsure, snapshot).startswith(wording.CLOSEST)
    declined = answer(snapshot, QUESTION, Policy(answered=1, closest=1))
    assert as_text(declined, snapshot) == wording.NOT_COVERED
    greeted = answer(snapshot, Question("hi"), Policy())
    assert as_text(greeted, snapshot).startswith("Hello!")


def test_json_has_the_documented_fields(snapshot: Snapshot) -> None:
    """On one line, with what would be shown and the rest."""
    line = as_json(answer(snapshot, QUESTION, Policy(quotes=1)), snapshot)
    assert "\n" not in line
    given = json.loads(line)
    assert list(given) == ["question", "cut", "outcome", "probability", "chance", "quotes"]
    assert given["outcome"] == "answered"
    quote = given["quotes"][0]
    assert list(quote) == [
        "text", "lead", "author", "title", "post", "of", "sentence", "section", "item", "page", "time",
        "url", "probability", "shown", "bold", "also",
    ]  # fmt: skip
    assert (quote["post"], quote["of"], quote["sentence"], quote["shown"]) == (2, 3, 1, True)
    start, end = quote["bold"]
    assert "Brunel" in quote["text"][start:end]
    assert all(not other["shown"] for other in given["quotes"][1:])


def test_a_question_after_another_is_asked_with_what_was_quoted_for_it(
    snapshot: Snapshot,
) -> None:
    """As in a conversation."""
    requests = [Request("and why was he absent?", Turn(QUESTION.text)), Request("hi")]
    first, second = answers(snapshot, requests, Policy(), in_json=True)
    assert "stroke" in json.loads(first)["quotes"][0]["text"]
    assert json.loads(second)["outcome"] == "small_talk"


def test_a_question_that_is_read_in_part_says_so(snapshot: Snapshot) -> None:
    """In a line above what is found, and in JSON."""
    policy = Policy(max_question=50)
    long = "Who was too ill to attend the opening of the bridge? " + "And why? " * 20
    given = answer(snapshot, Question(long), policy)
    line = f"That's a long question: I read only its first {len(given.question)} characters."
    assert line in as_text(given, snapshot).split("\n")
    assert json.loads(as_json(given, snapshot))["cut"] is True
    for question in ("Who painted the ceiling of the great chapel in Rome? " * 3, "hello " * 30):
        given = answer(snapshot, Question(question), replace(policy, closest=0.7))
        assert "That's a long question" in as_text(given, snapshot)
    short = answer(snapshot, Question("Who was too ill?"), policy)
    assert "long question" not in as_text(short, snapshot)
    assert json.loads(as_json(short, snapshot))["cut"] is False
