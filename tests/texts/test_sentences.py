"""Passages are exact slices that leave out nothing but white space."""

from __future__ import annotations

from hypothesis import given

from bot.models import Source
from bot.texts.sentences import sentence_spans
from bot.texts.structure import passages_of
from tests.samples import BRIDGE, any_text, sources


def texts_of(text: str) -> list[str]:

    return [text[span.start : span.end] for span in sentence_spans(text, "en")]


def test_sentences_end_where_a_reader_would_end_them() -> None:
    """Initials and abbreviations do not end one."""
    assert [p.text for p in passages_of(BRIDGE)] == [
        BRIDGE.posts[0].text,
        "It was designed by I. K. Brunel, who was too ill to attend the opening, because he had"
        " suffered a stroke a few months before and could not leave his bed.",
        "Two iron spans carry a single railway track.",
        "The toll for carts was never raised.",
        "Ferries lost half of their passengers.",
    ]


def test_a_number_or_emoji_alone_is_not_a_passage() -> None:
    """It joins its neighbour."""
    assert texts_of("1. First point. 2. Second") == ["1. First point.", "2. Second"]
    assert texts_of("Well done! 🎉") == ["Well done! 🎉"]
    assert texts_of("🎉🎉") == ["🎉🎉"]


def test_a_bracket_with_several_sentences_is_split() -> None:
    """The segmenter keeps it whole."""
    assert texts_of("It rained. (We stayed in. Nobody minded.) Then it stopped.") == [
        "It rained.",
        "(We stayed in.",
        "Nobody minded.)",
        "Then it stopped.",
    ]


def test_a_passage_has_the_numbers_of_its_post_and_sentence() -> None:
    """Sentences count from 1 in each post."""
    places = [(p.post.number, p.sentence) for p in passages_of(BRIDGE)]
    assert places == [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]


@given(sources())
def test_passages_are_slices_in_order(source: Source) -> None:
    """Nothing is altered and nothing overlaps."""
    for post in source.posts:
        end = 0
        for passage in (p for p in passages_of(source) if p.post is post):
            assert passage.text == post.text[passage.span.start : passage.span.end]
            assert passage.text == passage.text.strip() != ""
            assert passage.span.start >= end
            end = passage.span.end


@given(any_text)
def test_sentences_leave_out_nothing_but_white_space(text: str) -> None:
    """Whatever stands in it."""
    end = 0
    for span in sentence_spans(text, "en"):
        assert not text[end : span.start].strip()
        end = span.end
    assert not text[end:].strip()
