"""A sentence cut into phrases loses nothing but white space."""

from __future__ import annotations

from hypothesis import given

from bot.search.highlighting.phrases import phrases
from tests.samples import any_text


@given(any_text)
def test_phrases_are_slices_in_order(sentence: str) -> None:
    """None overlaps another, and none is blank."""
    end = 0
    for phrase in phrases(sentence):
        assert end <= phrase.start < phrase.end <= len(sentence)
        assert sentence[phrase.start : phrase.end].strip()
        end = phrase.end
