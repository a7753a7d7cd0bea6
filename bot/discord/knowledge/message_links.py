"""Links of messages and channels, resolved if both the member and the bot can read what they lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord.kit.channels import permissions_in
from bot.discord.kit.interactions import Interaction

_LINK = re.compile(
    r"<?https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/"
    r"(?P<server>\d{15,20})/(?P<channel>\d{15,20})(?:/(?P<message>\d{15,20}))?/?>?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class MessageLink:
    """Where a message is, or a channel or thread (without `message`).

    Links of direct messages are not accepted: what is private stays private.
    """

    server: int
    channel: int
    message: int | None = None


def parse_link(typed: str) -> MessageLink | None:
    """Parse a link; None if `typed` is not one."""
    found = _LINK.fullmatch(typed.strip())
    if found is None:
        return None
    message = found["message"]
    return MessageLink(
        int(found["server"]), int(found["channel"]), int(message) if message else None
    )


async def fetch_message(interaction: Interaction, link: MessageLink) -> discord.Message | None:
    """Fetch the message behind `link`; None if the bot or the member cannot read it.

    Raises:
        discord.HTTPException: Discord fails.

    """
    channel = await fetch_channel(interaction, link)
    if link.message is None or not isinstance(channel, discord.abc.Messageable):
        return None
    try:
        return await channel.fetch_message(link.message)
    except (discord.NotFound, discord.Forbidden):
        return None


async def fetch_channel(
    interaction: Interaction, link: MessageLink
) -> discord.abc.GuildChannel | discord.Thread | None:
    """Fetch the channel or thread behind `link`; None if it is not there, or not for the member to read.

    Whether the bot itself may read its messages is not checked.

    Raises:
        discord.HTTPException: Discord fails.

    """
    guild = interaction.client.get_guild(link.server)
    if guild is None:
        return None
    try:
        here = guild.id == interaction.guild_id
        member = interaction.user if here else await guild.fetch_member(interaction.user.id)
        channel = guild.get_channel_or_thread(link.channel)
        channel = channel or await guild.fetch_channel(link.channel)
        may = isinstance(member, discord.Member) and await _reads(member, channel)
        return channel if may else None
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


async def _reads(member: discord.Member, channel: Any) -> bool:
    """Whether `member` can read `channel`.

    Raises discord.NotFound for a private thread that they are not in.
    """
    may = permissions_in(channel, member)
    if isinstance(channel, discord.Thread) and channel.is_private() and not may.manage_threads:
        await channel.fetch_member(member.id)
    return may.view_channel and may.read_message_history
