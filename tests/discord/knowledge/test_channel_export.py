"""What was written in a channel becomes a text: the same as an export of DiscordChatExporter would."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.discord.kit.service import Service
from bot.discord.knowledge import channel_export
from bot.discord.knowledge.channel_export import shown_text
from bot.settings.discord import DiscordSettings
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.knowledge.test_adding import filled_in, named


@pytest.fixture
def reading(world: World) -> World:
    """The server, with the message-content intent."""
    world.env.bot._connection._intents.message_content = True
    return world


async def taken(world: World, who: Any = None, **options: Any) -> Any:
    result = await (who or world.manager).slash(world.channel, "knowledge add", **options)
    return result.response


async def conversation(world: World, channel: Any) -> list[Any]:
    """Two members talk; the bot and Discord have their say too."""
    first = await world.member.send(channel, "How do I reset the kiln?")
    answer = await world.manager.send(channel, "Hold the red button.\n\nThen wait.")
    bots = world.env.bot.get_channel(channel.id)
    await bots.send("I am a bot.")
    return [first, answer]


async def test_the_messages_of_a_channel_become_a_text(reading: World, service: Service) -> None:
    """Each with its time and link, without names; what the bot wrote is left out."""
    channel = reading.guild.create_text_channel("kilns")
    first, answer = await conversation(reading, channel)
    shown = await taken(reading, channel=channel)
    assert shown.ephemeral
    assert "3 posts would be kept:" in shown.content
    assert "a bot's message" in shown.content
    assert "who wrote a message is not kept: names: keeps" in shown.content
    opened = await reading.manager.click(shown, label=wording.MEND_BUTTON)
    assert filled_in(opened)["title"] == "#kilns"
    assert filled_in(opened)["author"] == "Lab"
    await named(reading, shown, wording.MEND_BUTTON, title="Kilns", author="Lab")
    await reading.manager.click(shown, label=wording.ADD)
    source = service.snapshot.sources["kilns"]
    assert [post.text for post in source.posts] == [
        "How do I reset the kiln?",
        "Hold the red button.",
        "Then wait.",
    ]
    assert [marker.url for marker in source.markers] == [first.jump_url, answer.jump_url]
    assert all(marker.author is None for marker in source.markers)
    assert source.markers[0].value == f"{first.created_at:%Y-%m-%dT%H:%MZ}"
    kept = (service.library.folder / ".originals" / "kilns.txt").read_text("utf-8")
    assert "member" not in kept, "the file that is kept has no names either"


async def test_names_are_kept_where_the_curator_says_so(reading: World, service: Service) -> None:
    """Then a quote is attributed to who wrote it."""
    await conversation(reading, reading.channel)
    shown = await taken(reading, channel=reading.channel, names=True)
    await named(reading, shown, wording.MEND_BUTTON, title="Kilns", author="Lab")
    await reading.manager.click(shown, label=wording.ADD)
    authors = [marker.author for marker in service.snapshot.sources["kilns"].markers]
    assert authors == ["member", "manager"]


async def test_only_the_last_messages_are_taken(reading: World) -> None:
    """And it is said that there are more."""
    for i in range(5):
        await reading.member.send(reading.channel, f"Message {i}.")
    shown = await taken(reading, channel=reading.channel, last=2)
    assert "2 posts would be kept:\n1. Message 3.\n2. Message 4." in shown.content
    assert "Only the last 2 messages were read" in shown.content


async def test_no_more_is_taken_than_a_text_may_have(reading: World, service: Service) -> None:
    """The earliest messages are left out, and it is said so."""
    service.settings = DiscordSettings(max_upload=3_000)
    for i in range(30):
        await reading.member.send(reading.channel, f"Message {i}.")
    shown = await taken(reading, channel=reading.channel)
    assert "with more, the text would be too large" in shown.content
    assert "Message 29." in shown.content
    assert "Message 0." not in shown.content


async def test_a_thread_is_taken_whole_by_its_link(reading: World) -> None:
    """However long it is."""
    made = reading.env.backend.create_thread(reading.channel.id, "Slip", reading.member.id)
    thread = next(one for one in reading.channel.threads if one.id == made.id)
    await reading.manager.send(thread, "Slip is clay with water.")
    link = f"https://discord.com/channels/{reading.guild.id}/{thread.id}"
    shown = await taken(reading, link=link)
    assert "Slip, read as: Discord channel" in shown.content
    assert "1. Slip is clay with water." in shown.content


async def test_the_message_that_a_thread_is_about_is_taken_too(reading: World) -> None:
    """Discord shows it in the thread, but it stands in the channel."""
    channel = reading.env.bot.get_channel(reading.channel.id)
    sent = await reading.member.send(reading.channel, "What is slip?")
    about = await channel.fetch_message(sent.id)
    first = await channel.fetch_message(sent.id)
    first.type, first.content = discord.MessageType.thread_starter_message, ""
    first.reference = discord.MessageReference.from_message(about)
    first.reference.resolved = about
    exported = channel_export._exported(first, names=False)
    assert (exported["type"], exported["content"]) == ("Default", "What is slip?")


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        ({"read_message_history": False}, "**Read Message History**"),
        ({"view_channel": False}, "**View Channel**, **Read Message History**"),
    ],
)
async def test_each_missing_permission_is_named(
    reading: World, denied: dict[str, bool], missing: str
) -> None:
    """All at once, as Discord calls them."""
    hidden = discord.PermissionOverwrite(**denied)
    channel = reading.guild.create_text_channel("kilns", overwrites={reading.env.bot.user: hidden})
    shown = await taken(reading, channel=channel)
    assert shown.content == f"I can't read kilns. I'm missing: {missing}."


async def test_a_missing_intent_is_named_with_who_can_switch_it_on(world: World) -> None:
    """Without it, Discord withholds the words."""
    shown = await taken(world, channel=world.channel)
    assert "the message-content intent" in shown.content
    assert "`discord.listen`" in shown.content


async def test_a_channel_that_the_curator_cannot_read_is_closed_to_them(reading: World) -> None:
    """The bot is no way around."""
    hidden = discord.PermissionOverwrite(view_channel=False)
    closed = reading.guild.create_text_channel("closed", overwrites={reading.manager: hidden})
    await reading.member.send(closed, "A secret.")
    link = f"https://discord.com/channels/{reading.guild.id}/{closed.id}"
    assert (await taken(reading, link=link)).content == wording.NOT_VISIBLE_CHANNEL


async def test_a_channel_without_messages_is_one_line(reading: World) -> None:
    """And so is a forum, whose posts hold them."""
    empty = reading.guild.create_text_channel("empty")
    forum = reading.guild.create_forum_channel("forum")
    assert (await taken(reading, channel=empty)).content == wording.NO_MESSAGES_HERE
    assert (await taken(reading, channel=forum)).content == wording.NO_MESSAGES_HERE


async def test_trouble_of_discord_is_one_line(reading: World) -> None:
    """Nothing half read is added."""
    await conversation(reading, reading.channel)
    reading.env.inject_error("GET", "/channels/*/messages", status=500, times=None)
    assert (await taken(reading, channel=reading.channel)).content == wording.NOT_FETCHED


async def test_a_number_of_messages_is_for_channels(reading: World) -> None:
    """Of a file it is refused, in a line."""
    shown = await taken(reading, file=("a.txt", b"x"), last=3)
    assert shown.content == wording.LAST_OF_CHANNEL


def test_marks_are_shown_as_members_see_them() -> None:
    """Ids become names; words stay as they are."""
    names = {"145607444398080001": "@Ada", "145607444398080002": "#rules"}
    for written, shown in (
        ("<@145607444398080001> <@!145607444398080009>", "@Ada @unknown"),
        ("<#145607444398080002> <:kiln:145607444398080003>", "#rules :kiln:"),
        ("</ask:145607444398080004> <t:1598000000:R>", "/ask 2020-08-21 08:53 UTC"),
        ("a < b <t:999999999999:R> <@1>", "a < b <t:999999999999:R> <@1>"),
    ):
        assert shown_text(written, names) == shown
