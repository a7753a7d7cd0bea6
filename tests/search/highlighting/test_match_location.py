"""Where what was typed stands in a long passage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Span
from bot.search.highlighting.match_location import WIDEST, locate, whole_words
from bot.search.language.analysis import Analyzer
from tests.samples import any_text

ENGLISH = Analyzer("en")
BEFORE = "The carters waited beside the kiln while the clay dried. " * 30
SAID = "Over the salted parapet of the customs house a heron landed, señor Muñoz said"
TEXT = f"{BEFORE}{SAID}. {BEFORE}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("a heron landed", "a heron landed"),
        ("HERON; landed", "heron landed"),
        ("customs hou", "customs house"),
        ("parapets landing", "parapet of the customs house a heron landed"),
        ("senor munoz", "señor Muñoz"),
        ("over the salted", "Over the salted"),
        ("the", "The"),
        ("muno", "Muñoz"),
    ],
)
def test_it_is_located_where_most_of_it_is(said: str, found: str) -> None:
    """To the letter first; else the words in any form, the last one by its beginning."""
    span = locate(TEXT, said, ENGLISH)
    assert span is not None
    assert TEXT[span.start : span.end] == found


def test_writing_without_spaces_is_found() -> None:
    """A part of a run of characters."""
    text = "河流和果园还有篮子，" * 200 + "守塔人修理了灯塔的灯。"
    span = locate(text, "修理了灯塔", Analyzer("zh"))
    assert span is not None
    assert text[span.start : span.end] == "修理了灯塔"


@pytest.mark.parametrize("said", ["", " ", "?!", "xylophone"])
def test_what_is_not_there_is_nowhere(said: str) -> None:
    """None, not the beginning."""
    assert locate(TEXT, said, ENGLISH) is None


@given(any_text, st.one_of(any_text, st.just("a b c")))
def test_it_is_a_part_and_not_a_wide_one(text: str, said: str) -> None:
    """Whatever was typed."""
    span = locate(text, said, ENGLISH)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        assert span.end - span.start <= WIDEST


@pytest.mark.parametrize(
    ("text", "said", "bold"),
    [
        ("Carts pay; (passengers, too) go free.", "passengers", "(passengers"),
        ("They go free, and so do dogs.", "free", "free"),
        ("It is free.", "free", "free."),
        ("free", "free", "free"),
    ],
)
def test_words_in_bold_are_whole(text: str, said: str, bold: str) -> None:
    """A button remembers words by their numbers, so what is bold must begin and end with one."""
    at = text.index(said)
    start, end = whole_words(text, Span(at, at + len(said)))
    assert text[start:end] == bold


def test_a_word_ends_where_its_line_does() -> None:
    """The line before is no part of it."""
    assert whole_words("a line\nthe next one", Span(8, 9)) == Span(7, 10)
    assert whole_words("one\ntwo", Span(4, 7)) == Span(4, 7)


def test_a_word_of_any_length_is_widened_in_linear_time() -> None:
    """Such as encoded data in a text: otherwise this would take half a minute."""
    data = "A" * 100_000
    assert whole_words(f"{data} toll", Span(100_002, 100_003)) == Span(100_001, 100_005)
    assert whole_words(data, Span(50_000, 50_001)) == Span(0, 100_000)
