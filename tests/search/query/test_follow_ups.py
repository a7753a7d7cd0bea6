"""Signs in a question's wording that it continues the conversation."""

from __future__ import annotations

import pytest

from bot.search.query.follow_ups import FollowUpFeatures


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("was it rebuilt?", "aux_pointer"),
        ("who rebuilt it?", "points"),
        ("and the baker?", "continues"),
        ("who else?", "more"),
        ("why?", "bare"),
    ],
)
def test_a_follow_up_shows_in_its_wording(question: str, name: str) -> None:
    """By a pronoun, an opening, a word such as “else”, or by being bare."""
    assert getattr(FollowUpFeatures.of(question, (), 0.0), name)
    assert not getattr(FollowUpFeatures.of("When did the mill burn?", (), 0.0), name)
