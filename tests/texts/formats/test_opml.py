"""Outlines."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from tests.texts.formats.hostile import BILLION_LAUGHS
from tests.texts.formats.samples import draft_of

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Camp</title><ownerName>Ida Voss</ownerName></head>"""
OUTLINE = f"""{HEAD}<body>
<outline text="Food"><outline text="Breakfast is at &lt;b&gt;eight&lt;/b&gt;."/>
<outline text="Lunch is at noon." _note="Ask the cook."/></outline>
<outline text="Tents"><outline text="They stand by the river."/></outline>
<outline text="See you."/></body></opml>"""


def test_what_has_lines_below_it_is_a_heading() -> None:
    """The rest are items, with their notes."""
    draft = draft_of(OUTLINE)
    assert (draft.title, draft.author) == ("Camp", "Ida Voss")
    assert draft.posts == (
        "## Food", "- Breakfast is at eight.", "- Lunch is at noon.", "  Ask the cook.", "## Tents",
        "- They stand by the river.", "- See you.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f'{HEAD}<body><outline text="News" xmlUrl="https://x.example/feed"/></body></opml>', "is a list of feeds"),
        (f"{HEAD}<body/></opml>", "has no lines with words"),
        (f"{HEAD}<body>", "is damaged XML"),
        (f"{HEAD}<body>{'<outline>' * 60}{'</outline>' * 60}</body></opml>", "is nested too deeply"),
        (BILLION_LAUGHS.replace("<l>", "<opml>").replace("</l>", "</opml>"), "XML"),
    ],
)  # fmt: skip
def test_a_broken_outline_is_one_line(text: str, reason: str) -> None:
    """That says what to do."""
    with pytest.raises(VerbatimError, match=reason):
        draft_of(text)
