"""What is asked for, and what a sentence gives."""

from __future__ import annotations

import pytest

from bot.search.query.cue_words import Evidence, QuestionType
from bot.search.query.question_types import evidence_in, question_types


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was it opened?", QuestionType.WHEN),
        ("how much did it cost", QuestionType.MONEY),
        ("how many ships sank", QuestionType.HOW_MANY),
        ("who built it", QuestionType.WHO),
        ("Where’s the mill?", QuestionType.WHERE),
        ("why did they leave", QuestionType.WHY),
        ("what is a lock?", QuestionType.WHAT_IS),
        ("is it safe", QuestionType.YES_NO),
        ("harbour tolls", QuestionType.KEYWORDS),
    ],
)
def test_the_kind_of_a_question(question: str, kind: QuestionType) -> None:
    """One of several perhaps; that of any answer always."""
    assert {kind, QuestionType.ANYTHING} <= set(question_types(question))


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("It cost $5 million in June.", Evidence.MONEY | Evidence.NUMBER | Evidence.DATE),
        ("They left because of rain.", Evidence.CAUSE),
        ("In 1859 it opened.", Evidence.YEAR | Evidence.DATE),
        ("It fell by 40%.", Evidence.PERCENT),
        ("Then Mary Shelley came.", Evidence.NAME | Evidence.FULL_NAME),
        ("Is that so?", Evidence.QUESTION),
        ("It took 5 weeks.", Evidence.DURATION),
    ],
)
def test_the_evidence_in_a_sentence(sentence: str, kinds: Evidence) -> None:
    """All of these, perhaps others."""
    assert evidence_in(sentence) & kinds == kinds


def test_a_unit_measures_only_after_a_number() -> None:
    """“I'm” is no distance."""
    assert evidence_in("It is 5 m wide") & Evidence.MEASURE
    assert not evidence_in("I m here") & Evidence.MEASURE


@pytest.mark.parametrize(
    ("sentence", "given", "not_given"),
    [
        ("They asked for €40 each.", Evidence.MONEY, Evidence.PERCENT),
        ("They asked for forty dollars.", Evidence.MONEY, Evidence.PERCENT),
        ("They asked for 40% more.", Evidence.PERCENT, Evidence.MONEY),
        ("They asked for forty percent.", Evidence.PERCENT, Evidence.MONEY),
        ("In 1859 it began.", Evidence.YEAR, Evidence.MONEY),
        ("It had 4200 seats.", Evidence.NUMBER, Evidence.YEAR),
        ("It had 0042 on its side.", Evidence.NUMBER, Evidence.YEAR),
    ],
)
def test_kinds_of_numbers_are_told_apart(
    sentence: str, given: Evidence, not_given: Evidence
) -> None:
    """An amount of money is no share, and not every number of four digits is a year."""
    assert evidence_in(sentence) & given
    assert not evidence_in(sentence) & not_given


@pytest.mark.parametrize(
    ("question", "kind", "not_kind"),
    [
        ("what does it cost", QuestionType.MONEY, QuestionType.SHARE),
        ("what percentage voted", QuestionType.SHARE, QuestionType.MONEY),
        ("how far is it", QuestionType.MEASURE, QuestionType.MONEY),
    ],
)
def test_kinds_of_amounts_are_asked_for_apart(
    question: str, kind: QuestionType, not_kind: QuestionType
) -> None:
    """Or the amounts of the other kind would be taken for the answer."""
    assert kind in question_types(question)
    assert not_kind not in question_types(question)
