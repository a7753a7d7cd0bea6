"""Transcripts as they are copied from below a film."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.formats import timed_lines
from tests.texts.formats.samples import draft_of, reasons

BELOW = "0:00\nwelcome back to the\n0:03\nlock it opens\n0:07\nin spring\n"


@pytest.mark.parametrize(
    "text",
    [
        BELOW,
        "[00:00] welcome back to the\n[00:03] lock it opens\n[00:07] in spring\n",
        "0:00 welcome back to the\n\n0:03 lock it opens\n\n0:07 in spring\n",
    ],
)
def test_lines_become_a_transcript(text: str) -> None:
    """Its times say where it stands in the film, and are reported."""
    draft = draft_of(text)
    assert draft.format == timed_lines.LABEL
    assert draft.posts == ("<!-- time 00:00:00 -->", "welcome back to the lock it opens in spring")
    assert reasons(draft) == {"a time": 3}


def test_what_a_page_puts_around_the_lines_is_no_part_of_them() -> None:
    """The panel's title and the times in words; a chapter's title is a heading."""
    draft = draft_of(
        "Transcript\nThe lock\n0:00\n0 Sekunden\nwelcome back to the\n0:03\n3 Sekunden\nlock it opens\n"
        "1:07\n1 Minute und 7 Sekunden\nfor 7 boats\n"
    )
    assert draft.posts[:2] == ("## The lock", "<!-- time 00:00:00 -->")
    words = " ".join(post for post in draft.posts if post[0] not in "#<")
    assert words == "welcome back to the lock it opens for 7 boats"
    assert reasons(draft) == {
        "the title of the page's panel": 1,
        "the time in words": 3,
        "a time": 3,
    }


@pytest.mark.parametrize(
    "text",
    [
        "0:00\nNoon.\n\nSee you.",
        "9:00 Breakfast\n12:00 Lunch\n8:00 Bus\n",
        "The programme:\n9:00 Breakfast\n12:00 Lunch\n15:00 Bus\n",
    ],
)
def test_other_times_are_no_transcript(text: str) -> None:
    """Too few, out of order, or below other words."""
    assert draft_of(text).format == "paragraphs"


words = st.text("abcdé’", min_size=1, max_size=9)


@given(st.lists(words, min_size=3, max_size=30))
def test_the_speakers_words_come_out_in_order(said: list[str]) -> None:
    """And nothing else does."""
    text = "\n".join(f"{i // 6}:{i % 6}0\n{each}" for i, each in enumerate(said))
    kept = [post for post in draft_of(text).posts if not post.startswith("<!--")]
    assert " ".join(kept).split() == said
