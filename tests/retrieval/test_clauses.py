"""The clause in bold is a slice of the sentence that holds what was asked."""

from __future__ import annotations

from hypothesis import given

from bot.retrieval.analysis import Analyzer
from bot.retrieval.clauses import best_clause
from tests.texts import any_text

SENTENCE = (
    "With the harvest late and the roads flooded, the council told the farmers that no grain would"
    " be bought before May, because the mill had burned down in the night."
)


def clause(question: str, sentence: str = SENTENCE) -> str | None:
    analyzer = Analyzer("en")
    asked = set(analyzer.terms(question))
    span = best_clause(sentence, list(analyzer.tokens(sentence)), lambda term: float(term in asked))
    return None if span is None else sentence[span.start : span.end]


def test_the_clause_that_holds_what_was_asked_stands_out() -> None:
    """Another question brings out another one."""
    assert "mill had burned down" in (clause("what happened to the mill at night") or "")
    assert "roads flooded" in (clause("were the roads flooded") or "")


def test_nothing_stands_out_in_a_short_sentence_or_without_a_match() -> None:
    """Bold that means nothing would mislead."""
    assert clause("mill", "The mill burned down.") is None
    assert clause("painting") is None


@given(any_text, any_text)
def test_a_clause_is_a_part_of_its_sentence(question: str, sentence: str) -> None:
    """Whatever is asked of whatever text."""
    found = clause(question, sentence)
    assert found is None or (found and found in sentence)
