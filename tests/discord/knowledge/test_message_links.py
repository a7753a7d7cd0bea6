"""A message's link as it is copied, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.knowledge.message_links import MessageLink, parse_link

PLACE = "145607444398080001/145607444398080002/145607444398080003"


@pytest.mark.parametrize(
    "typed",
    [
        f"https://discord.com/channels/{PLACE}",
        f" <https://discord.com/channels/{PLACE}> ",
        f"https://canary.discord.com/channels/{PLACE}",
        f"https://ptb.discord.com/channels/{PLACE}/",
        f"https://discordapp.com/channels/{PLACE}",
    ],
)
def test_links_of_every_client_are_known(typed: str) -> None:
    """With the marks that hide a preview, too."""
    assert parse_link(typed) == MessageLink(
        145607444398080001, 145607444398080002, 145607444398080003
    )


def test_the_link_of_a_channel_names_no_message() -> None:
    """Nor does that of a thread."""
    typed = "https://discord.com/channels/145607444398080001/145607444398080002"
    assert parse_link(typed) == MessageLink(145607444398080001, 145607444398080002)


@pytest.mark.parametrize(
    "typed",
    [
        "https://discord.com/channels/@me/145607444398080002/145607444398080003",
        "https://discord.com/channels/145607444398080001",
        f"https://discord.com.example.org/channels/{PLACE}",
        f"https://example.org/?https://discord.com/channels/{PLACE}",
        f"https://discord.com/channels/{PLACE}/../1",
        f"http://discord.com/channels/{PLACE}",
        "https://discord.com/channels/1/2/3",
    ],
)
def test_anything_else_is_none(typed: str) -> None:
    """Direct messages, other places, parts of a link."""
    assert parse_link(typed) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_no_error(typed: str) -> None:
    """It is a link or it is none."""
    assert parse_link(typed) is None
