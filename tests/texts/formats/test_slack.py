"""Channels of Slack, from the zip of a workspace or the file of one day."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.errors import VerbatimError
from bot.texts.importing import parse_file
from tests.texts.formats.hostile import zipped
from tests.texts.formats.samples import collection_of, draft_of, reasons

DAY: list[dict[str, Any]] = [
    {"type": "message", "user": "U1", "text": "How do I reset it, <@U2>? <https://x.ex|the manual> &lt;3 <!here> <#C1|kilns>",
     "ts": "1714723320.000100"},
    {"type": "message", "user": "U2", "text": "Another day.", "ts": "1714723330.000100"},
    {"type": "message", "subtype": "channel_join", "user": "U2", "text": "<@U2> has joined", "ts": "1714723331.000100"},
    {"type": "message", "bot_id": "B1", "text": "Build passed", "ts": "1714723332.000100"},
    {"type": "message", "user": "U2", "text": "Hold the button.", "ts": "1714723340.000100", "thread_ts": "1714723320.000100"},
]  # fmt: skip
USERS = [
    {"id": "U1", "name": "ada.v", "profile": {"display_name": "", "real_name": "Ada Voss"}},
    {"id": "U2", "name": "ben", "profile": {"display_name": "Ben"}},
]
EXPORT = zipped({
    "users.json": json.dumps(USERS), "channels.json": "[]", "kilns/2024-05-03.json": json.dumps(DAY),
    "general/2024-05-04.json": json.dumps(DAY[1:2]), "general/canvas.json": "[]",
})  # fmt: skip


def test_the_channels_of_an_export_are_listed() -> None:
    """By name, with the day of the first message."""
    assert [(entry.id, str(entry.date)) for entry in collection_of(EXPORT)] == [
        ("general", "2024-05-04"), ("kilns", "2024-05-03"),
    ]  # fmt: skip


def test_a_channel_is_read_as_slack_shows_it() -> None:
    """Ids are names, links have no marks, and a reply stands below its message."""
    found = parse_file(io.BytesIO(EXPORT), "export.zip", names=True)
    draft = found.parse("kilns")  # type: ignore[union-attr]
    assert draft.posts == (
        '<!-- message author="Ada Voss" date="2024-05-03T08:02Z" -->',
        "How do I reset it, @Ben? the manual <3 @here #kilns",
        '<!-- message author="Ben" date="2024-05-03T08:02Z" -->',
        "Hold the button.",
        '<!-- message author="Ben" date="2024-05-03T08:02Z" -->',
        "Another day.",
    )
    assert draft.title == "#kilns"
    assert reasons(draft) == {"a line of Slack's own": 1, "a bot's message": 1}


def test_the_file_of_a_day_is_read_alone() -> None:
    """Without the list of members, ids that no message explains stay unnamed."""
    draft = draft_of(json.dumps(DAY))
    assert draft.posts[1] == "How do I reset it, @someone? the manual <3 @here #kilns"
    assert "author=" not in "".join(draft.posts)


def test_an_unknown_channel_is_refused() -> None:
    """In a line that says where the names are."""
    with pytest.raises(VerbatimError, match="has no channel 'x': --list shows"):
        collection_of(EXPORT).parse("x")
