"""Questions with their answers in JSON, in the shapes that people have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import VerbatimError
from tests.texts.formats.samples import draft_of, reasons

PAIR = {"question": "Is it hot?", "answer": "Yes."}


@pytest.mark.parametrize(
    "value",
    [
        [PAIR],
        {"title": "Kilns", "description": "All about them.", "faqs": [PAIR]},
        {"data": {"items": [{"Question": "Is it hot?", "Answer": ["Yes."]}]}},
        {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [
            {"@type": "Question", "name": "Is it hot?", "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes.</p>"}}]},
        {"Is it hot?": "Yes."},
        [{"q": "Is it hot?", "a": "Yes."}],
        [{"pregunta": "Is it hot?", "respuesta": "Yes."}],
    ],
)  # fmt: skip
def test_a_question_is_the_heading_of_its_answer(value: Any) -> None:
    """Under whatever keys."""
    assert draft_of(json.dumps(value)).posts == ("### Is it hot?", "Yes.")


def test_one_pair_a_line() -> None:
    """JSON Lines."""
    lines = '{"q": "Is it hot?", "a": "Yes."}\n{"q": "Is it wet?", "a": "No."}\n'
    assert draft_of(lines).posts == ("### Is it hot?", "Yes.", "### Is it wet?", "No.")


def test_topics_are_sections_and_html_is_read() -> None:
    """What stands beside question and answer is reported."""
    value = {"Use": [{"question": "Is <b>it</b> hot?", "answer": "<p>Yes.</p><ul><li>very</li></ul>", "owner": "Ida"}],
             "Care": [PAIR | {"question": "Is it wet?"}, {"question": "Why?", "answer": ""}]}  # fmt: skip
    draft = draft_of(json.dumps(value))
    assert draft.posts == (
        "## Use", "### Is it hot?", "Yes.", "- very", "## Care", "### Is it wet?", "Yes.",
    )  # fmt: skip
    assert reasons(draft) == {
        "the key owner beside question and answer": 1,
        "a question without an answer": 1,
    }


@pytest.mark.parametrize(
    "text", ['{"question": "Is it hot?", "answer": ', '[{"question": "", "answer": ""}]']
)
def test_what_holds_no_pairs_is_refused(text: str) -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="JSON") as caught:
        draft_of(text)
    assert len(caught.value.problems) == 1
