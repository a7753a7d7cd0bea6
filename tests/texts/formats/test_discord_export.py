"""Channels of Discord as DiscordChatExporter writes them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import discord_export
from bot.texts.formats.markup import without_escapes
from bot.texts.importing import Metadata, complete, parse_file
from tests.texts.formats.samples import FILES, draft_of, reasons

EXPORT = (FILES / "discord.json").read_bytes()


def test_members_messages_have_markers_with_time_and_link() -> None:
    """Bots and Discord's own lines are counted; no name is kept unless somebody says so."""
    draft = draft_of(EXPORT)
    assert draft.posts[:3] == (
        '<!-- message date="2024-05-03T08:02Z" link="https://discord.com/channels/11/22/900000000000000002" -->',
        "How do I reset the kiln?",
        '<!-- message date="2024-05-03T08:03Z" link="https://discord.com/channels/11/22/900000000000000003" -->',
    )
    words = [post for post in draft.posts if not post.startswith("<!--")]
    assert words == [
        "How do I reset the kiln?",
        "Hold the red button for ten seconds.",
        "Then wait until the lamp is green.",
        "```\nkiln --cool\nkiln --off\n```\n@Ben thanks",
        "Do not open it hot.",
    ]
    assert (draft.title, draft.author) == ("#kilns", "Pottery Club")
    assert draft.url == "https://discord.com/channels/11/22"
    assert "author=" not in "".join(draft.posts)
    dropped = reasons(draft)
    assert dropped["a bot's message"] == dropped["a line of Discord's own"] == 1


def test_names_are_kept_where_the_curator_says_so() -> None:
    """And no name can end the mark, or be another one."""
    draft = parse_file(io.BytesIO(EXPORT), "discord.json", names=True)
    marks = [post for post in draft.posts if post.startswith("<!--")]  # type: ignore[union-attr]
    assert marks[0].startswith('<!-- message author="Ada" date=')
    assert 'author="Mallory x"' in marks[-1]
    assert all(mark.count("-->") == 1 and mark.endswith(" -->") for mark in marks)


def test_a_member_cannot_write_a_mark() -> None:
    """It is dropped and reported; the words beside it stay."""
    assert reasons(draft_of(EXPORT))["an HTML comment, which nobody sees"] == 1


def test_names_of_a_format_that_has_none_are_refused() -> None:
    """With what to do."""
    with pytest.raises(VerbatimError, match="leave out --names"):
        parse_file(io.BytesIO(b"One.\n"), "a.txt", names=True)


def test_a_text_made_of_a_channel_can_be_written() -> None:
    """Its marks stand between blank lines as posts do."""
    source = complete(draft_of(EXPORT), "discord.json", Metadata()).source
    assert source.title == "#kilns"


@pytest.mark.parametrize("end", [b"", b"1", b'{"id": "5"', b"[" * 50_000])
def test_a_damaged_export_is_one_line(end: bytes) -> None:
    """However it ends."""
    with pytest.raises(VerbatimError, match="its JSON") as caught:
        discord_export.parse(
            io.BytesIO(b'{"guild": {}, "channel": {}, "messages": [' + end), "d.json"
        )
    assert len(caught.value.problems) == 1


def test_an_export_without_messages_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no messages from members"):
        draft_of(
            '{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [], "messageCount": 0}'
        )


words = (
    st.text("abcdef é’“&<>#`", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda t: t and "<!--" not in t)
)


@given(st.lists(words, min_size=1, max_size=8))
def test_the_members_words_come_out_in_order(texts: list[str]) -> None:
    """Under marks, and nothing else does."""
    messages: list[Any] = []
    for number, text in enumerate(texts):
        for who, words_ in (("member", text), ("bot", "not a member's")):
            author = {"name": who, "isBot": who == "bot"}
            messages.append(
                {"id": str(number), "type": "Default", "content": words_, "author": author}
            )
    export = {
        "guild": {"id": "1", "name": "G"},
        "channel": {"id": "2", "name": "c"},
        "messages": messages,
    }
    posts = draft_of(json.dumps(export)).posts
    kept = [without_escapes(post) for post in posts if not post.startswith("<!-- message")]
    assert kept == texts
