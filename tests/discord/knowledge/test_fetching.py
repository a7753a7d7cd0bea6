"""A message becomes a text if both the curator and the bot can read it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.kit.service import Service
from bot.discord.knowledge.additions import Additions
from bot.settings.discord import DiscordSettings
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.knowledge.test_adding import filled_in, labels
from tests.samples import UNROLL
from tests.texts.formats.small_pdf import Placed, pdf

MENU = "Add to the knowledge"
WORDS = "Owls hunt by night.\n\nThey hear a mouse under the snow."


async def by_link(world: World, message: Any, who: Any = None) -> str:
    link = f"https://discord.com/channels/{message.guild.id}/{message.channel.id}/{message.id}"
    actor = who or world.manager
    result = await actor.slash(world.channel, "knowledge add", link=link)
    content: str = result.response.content
    return content


def hidden_from(who: Any) -> dict[Any, discord.PermissionOverwrite]:
    return {who: discord.PermissionOverwrite(view_channel=False)}


async def test_a_message_is_added_by_its_menu(world: World, service: Service) -> None:
    """Its author, link and day are filled in, for the curator to confirm."""
    message = await world.member.send(world.channel, WORDS)
    result = await world.manager.context_menu(world.channel, MENU, message)
    shown = result.response
    assert shown.ephemeral
    assert shown.content.startswith(f"**{wording.NOTHING_YET}** the message of member, read as")
    opened = await world.manager.click(shown, label=wording.NAME_BUTTON)
    filled = filled_in(opened)
    assert filled["author"] == "member"
    assert filled["url"] == message.jump_url
    assert filled["date"] == message.created_at.date().isoformat()
    await world.manager.submit_modal(opened, {"title": "Owls", "author": "member"})
    await world.manager.click(shown, label=wording.ADD)
    assert [post.text for post in service.snapshot.sources["owls"].posts] == WORDS.split("\n\n")


async def test_a_message_is_added_by_its_link(world: World) -> None:
    """Also from another channel of the server, and from a thread."""
    elsewhere = world.guild.create_text_channel("library")
    message = await world.member.send(elsewhere, WORDS)
    assert "2 posts would be kept" in await by_link(world, message)


async def test_the_text_file_of_a_message_is_preferred_to_its_words(world: World) -> None:
    """Discord makes such a file of a long paste. What is left out is said."""
    message = await world.member.send(
        world.channel,
        "Look at this",
        attachments=[
            ("picture.png", b"\x89PNG"),
            ("message.txt", UNROLL.encode()),
            ("b.md", b"x"),
        ],
    )
    result = await world.manager.context_menu(world.channel, MENU, message)
    content = result.response.content
    assert "message.txt, read as: twtext unroll" in content
    assert wording.ONLY_ATTACHMENT in content
    assert wording.ONLY_FIRST in content


@pytest.mark.parametrize(
    ("name", "data", "label"),
    [
        ("rules.pdf", pdf([[Placed(72, 700, "The lock opens in spring.")]]), "PDF"),
        ("page.html", b"<!DOCTYPE html><body><p>The lock opens in spring.</p>", "HTML page"),
        ("notes", b"The lock opens in spring.", "paragraphs"),
    ],
)
async def test_a_file_of_any_format_is_read(
    world: World, name: str, data: bytes, label: str
) -> None:
    """As `/knowledge add` does, whatever its name."""
    message = await world.member.send(world.channel, attachments=[(name, data)])
    result = await world.manager.context_menu(world.channel, MENU, message)
    assert f"{name}, read as: {label}" in result.response.content


async def test_a_forwarded_message_is_read_and_no_author_is_made_up(world: World) -> None:
    """Discord does not say who wrote what is forwarded."""
    message = await world.member.send(world.channel, WORDS)
    forwarded = await world.member.forward(message, world.channel)
    result = await world.manager.context_menu(world.channel, MENU, forwarded)
    assert "2 posts would be kept" in result.response.content
    opened = await world.manager.click(result.response, label=wording.NAME_BUTTON)
    assert not filled_in(opened)["author"]


async def test_a_message_without_words_is_one_line(world: World) -> None:
    """A picture is no text."""
    message = await world.member.send(world.channel, attachments=[("a.png", b"\x89PNG")])
    result = await world.manager.context_menu(world.channel, MENU, message)
    assert result.response.content == wording.WORDLESS


async def test_words_that_discord_withholds_are_told_with_the_way_around(world: World) -> None:
    """Without the message content intent a fetched message comes without its words."""
    message = await world.member.send(world.channel, WORDS)
    world.env.bot.http.message_content_access = False
    assert await by_link(world, message) == wording.WORDLESS_LINK
    result = await world.manager.context_menu(world.channel, MENU, message)
    assert labels(result.response)


async def test_a_channel_that_the_curator_cannot_see_is_closed_to_them(world: World) -> None:
    """The bot is no way around."""
    closed = world.guild.create_text_channel("closed", overwrites=hidden_from(world.manager))
    message = await world.member.send(closed, WORDS)
    assert await by_link(world, message) == wording.NOT_VISIBLE


async def test_history_that_the_curator_cannot_read_is_closed_to_them(world: World) -> None:
    """Seeing a channel is not yet reading what was said in it."""
    overwrite = discord.PermissionOverwrite(read_message_history=False)
    closed = world.guild.create_text_channel("closed", overwrites={world.manager: overwrite})
    message = await world.member.send(closed, WORDS)
    assert await by_link(world, message) == wording.NOT_VISIBLE


async def test_a_channel_that_the_bot_cannot_see_is_the_same(world: World) -> None:
    """Which of the two it was is not told."""
    closed = world.guild.create_text_channel("closed", overwrites=hidden_from(world.env.bot.user))
    message = await world.member.send(closed, WORDS)
    assert await by_link(world, message) == wording.NOT_VISIBLE


async def test_a_private_thread_is_open_to_those_in_it(world: World) -> None:
    """A curator who is not in it cannot read it."""
    channel = world.env.bot.get_channel(world.channel.id)
    thread = await channel.create_thread(name="t", type=discord.ChannelType.private_thread)
    message = await thread.send(WORDS)
    assert await by_link(world, message) == wording.NOT_VISIBLE
    await thread.add_user(discord.Object(world.manager.id))
    assert "2 posts would be kept" in await by_link(world, message)


async def test_another_server_is_open_to_its_members(world: World, service: Service) -> None:
    """And to nobody who is not in it."""
    service.settings = DiscordSettings(writing_servers=(world.guild.id,))
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("library")
    writer = other.add_member(world.env.create_user("writer"))
    message = await writer.send(channel, WORDS)
    assert await by_link(world, message) == wording.NOT_VISIBLE
    other.add_member(world.manager.user)
    assert "2 posts would be kept" in await by_link(world, message)


@pytest.mark.parametrize(
    ("status", "line"),
    [(403, wording.NOT_VISIBLE), (404, wording.NOT_VISIBLE), (500, wording.NOT_FETCHED)],
)
async def test_a_message_that_does_not_come_is_one_line(
    world: World, status: int, line: str
) -> None:
    """Refused, gone, or Discord has trouble."""
    message = await world.member.send(world.channel, WORDS)
    world.env.inject_error("GET", "/channels/*/messages/*", status=status, times=None)
    assert await by_link(world, message) == line


@pytest.mark.parametrize("place", ["server", "channel", "message"])
async def test_a_link_that_leads_nowhere_is_one_line(world: World, place: str) -> None:
    """Whichever part of it is not there."""
    message = await world.member.send(world.channel, WORDS)
    other = {"server": message.guild, "channel": message.channel, "message": message}
    other[place] = SimpleNamespace(id=145607444398080001)
    link = "/".join(str(other[part].id) for part in ("server", "channel", "message"))
    result = await world.manager.slash(
        world.channel, "knowledge add", link=f"https://discord.com/channels/{link}"
    )
    assert result.response.content == wording.NOT_VISIBLE


async def test_what_is_no_link_is_told(world: World) -> None:
    """With where to find one."""
    result = await world.manager.slash(world.channel, "knowledge add", link="this one")
    assert result.response.content == wording.NOT_A_LINK


async def test_a_category_holds_no_messages(world: World) -> None:
    """Nor does a forum, outside its posts."""
    message = await world.member.send(world.channel, WORDS)
    forum = world.guild.create_forum_channel("forum")
    link = f"https://discord.com/channels/{world.guild.id}/{forum.id}/{message.id}"
    result = await world.manager.slash(world.channel, "knowledge add", link=link)
    assert result.response.content == wording.NOT_VISIBLE


async def test_members_add_nothing_by_the_menu_or_a_link(world: World, service: Service) -> None:
    """The menu is there for everybody, and refuses."""
    message = await world.member.send(world.channel, WORDS)
    result = await world.member.context_menu(world.channel, MENU, message)
    assert result.response.content == wording.CURATORS_ONLY
    assert await by_link(world, message, world.member) == wording.CURATORS_ONLY
    assert service.state(Additions)._held == {}


async def test_a_paste_of_somebody_elses_thread_is_not_ascribed_to_who_pasted_it(
    world: World,
) -> None:
    """What the text itself shows is all that is filled in."""
    message = await world.member.send(world.channel, UNROLL)
    result = await world.manager.context_menu(world.channel, MENU, message)
    filled = filled_in(await world.manager.click(result.response, label=wording.NAME_BUTTON))
    assert (filled["author"], filled["url"], filled["date"]) == ("@BridgeNotes", None, None)
