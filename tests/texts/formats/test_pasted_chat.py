"""Conversations as they are copied from a window."""

from __future__ import annotations

import io

import pytest

from bot.texts.formats import pasted_chat
from bot.texts.importing import parse_file
from tests.texts.formats.samples import draft_of

EXPORTED = f"""{"=" * 62}
Guild: Potters
Channel: kilns
{"=" * 62}

[5/3/2024 10:02 AM] Ada
How do I reset the kiln?

[5/13/2024 10:03 AM] Ben (pinned)
Hold the red button.

{{Attachments}}
https://cdn.example/a.png

{{Reactions}}
👍 (2)

[5/13/2024 10:04 AM] Ben
Then wait.


{"=" * 62}
Exported 3 message(s)
{"=" * 62}
"""
DISCORD = "Ada — 03/05/2024 10:02\nHow do I reset the kiln?\nBen — 13/05/2024 10:03\nHold the red button.\n\nThen wait.\n"


@pytest.mark.parametrize(
    "text",
    [
        DISCORD,
        "Ada — Today at 10:02 AM\nHow do I reset the kiln?\nBen — Today at 10:03 AM\nHold the red button.\n\nThen wait.\n",
        "Ada  10:02 AM\nHow do I reset the kiln?\nBen  10:03 AM\nHold the red button.\n10:05\nThen wait.\n",
        "Ada\n  10:02 AM\nHow do I reset the kiln?\n:+1: 2\nBen\n  10:03 AM\nHold the red button.\n10:05\nThen wait.\n",
        "Ada\n — \nToday at 10:02\nHow do I reset the kiln?\nBen\nRole icon, Admin\n — \nHeute um 10:03\nHold the red button.\n"
        "Then wait.\n",
        "[10:02 AM]Ada: How do I reset the kiln?\n[10:03 AM]Ben: Hold the red button.\n[10:03 AM]Ben: Then wait.\n",
        "[10:02] <Ada> How do I reset the kiln?\n[10:03] <@Ben> Hold the red button.\n[10:03] <@Ben> Then wait.\n",
        EXPORTED,
        "Ada, [03.05.2024 10:02]\nHow do I reset the kiln?\n\nBen, [03.05.2024 10:03]\nHold the red button.\n\nThen wait.\n",
    ],
)
def test_names_and_times_are_in_markers(text: str) -> None:
    """Of Discord, in all its forms, IRC, Slack and Telegram; reactions and further times are left out."""
    draft = parse_file(io.BytesIO(text.encode()), "file", names=True)
    assert draft.format == pasted_chat.LABEL
    words = " ".join(post for post in draft.posts if not post.startswith("<!--"))  # type: ignore[union-attr]
    assert words.split() == "How do I reset the kiln? Hold the red button. Then wait.".split()
    assert 'author="Ada"' in draft.posts[0]  # type: ignore[union-attr]


def test_days_are_kept_where_they_can_be_told() -> None:
    """Names only where the curator says so."""
    assert draft_of(DISCORD).posts[0] == '<!-- message date="2024-05-03T10:02" -->'


@pytest.mark.parametrize(
    "text",
    [
        "Breakfast  9:00\nLunch  12:00\nBus  15:00\n",
        "The programme\n\nBreakfast  9:00\nIn the hall.\nLunch  12:00\nIn the yard.\n",
        "Breakfast\n9:00\n",
        "[09:00] Breakfast: in the hall\n[12:00] Lunch: in the yard\n[15:00] Bus: at the gate\n",
        "We open — at 9:00\n\nWe close at noon.\n",
    ],
)
def test_other_times_are_no_conversation(text: str) -> None:
    """A programme has no words below its times, or words above them."""
    assert draft_of(text).format != pasted_chat.LABEL
