"""Signs in a question's wording that it continues the conversation."""

from __future__ import annotations

import pytest

from bot.search.query.follow_ups import FollowUpFeatures


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("who rebuilt it?", "points"),
        ("and the baker?", "continues"),
    ],
)
def test_a_follow_up_shows_in_its_wording(question: str, name: str) -> None:
    """By a pronoun or an opening."""
    assert getattr(FollowUpFeatures.of(question, (), 0.0), name)
    assert not getattr(FollowUpFeatures.of("When did the mill burn?", (), 0.0), name)
