"""Chats and channels as Telegram Desktop exports them as JSON."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.errors import VerbatimError
from bot.texts.importing import parse_file
from tests.texts.formats.samples import draft_of, reasons

MESSAGES: list[dict[str, Any]] = [
    {"id": 1, "type": "service", "date": "2024-05-03T10:00:00", "actor": "Ada", "action": "create_group", "text": ""},
    {"id": 2, "type": "message", "date": "2024-05-03T10:02:00", "date_unixtime": "1714723320", "from": "Ada",
     "text": ["See ", {"type": "link", "text": "https://x.example"}, " for the kiln."]},
    {"id": 3, "type": "message", "date": "2024-05-03T10:03:00", "from": "Ben", "text": "Hold the button.\n\n# Then wait.",
     "photo": "a.jpg"},
    {"id": 4, "type": "message", "date": "2024-05-03T10:04:00", "from": "Ben", "forwarded_from": "X", "text": "Else."},
    {"id": 5, "type": "message", "date": "2024-05-03T10:05:00", "from": "Ben", "via_bot": "@gif", "text": "Made."},
]  # fmt: skip


def export(messages: list[dict[str, Any]] = MESSAGES, kind: str = "private_supergroup") -> bytes:
    return json.dumps(
        {"name": "Pottery Club", "type": kind, "id": 77, "messages": messages}
    ).encode()


def test_members_messages_have_markers() -> None:
    """With their time, in UTC where the export says it, and the link that members can follow."""
    draft = draft_of(export())
    assert draft.posts == (
        '<!-- message date="2024-05-03T08:02Z" link="https://t.me/c/77/2" -->',
        "See https://x.example for the kiln.",
        '<!-- message date="2024-05-03T10:03" link="https://t.me/c/77/3" -->',
        "Hold the button.",
        "\\# Then wait.",
    )
    assert (draft.title, draft.author) == ("Pottery Club", "Pottery Club")
    assert sum(reasons(draft).values()) == 4


def test_names_are_kept_where_the_curator_says_so() -> None:
    """As in every chat."""
    draft = parse_file(io.BytesIO(export()), "result.json", names=True)
    assert 'author="Ada"' in draft.posts[0]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["personal_chat", "private_group"])
def test_other_chats_have_no_links(kind: str) -> None:
    """None is made up."""
    assert "link=" not in "".join(draft_of(export(kind=kind)).posts)


def test_the_export_of_an_account_is_refused() -> None:
    """It holds private chats; the line says what to export."""
    account = {
        "about": "Here is",
        "personal_information": {"user_id": 1},
        "chats": {"list": [{"messages": MESSAGES}]},
    }
    with pytest.raises(VerbatimError, match="open the one chat in Telegram Desktop"):
        draft_of(json.dumps(account))


def test_a_chat_without_words_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no messages with text"):
        draft_of(export(MESSAGES[:1]))
