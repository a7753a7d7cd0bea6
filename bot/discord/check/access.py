"""What the bot may do in a channel."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.channels import permissions_in
from bot.storage.servers import ServerSettings


def needed(channel: Any, settings: ServerSettings) -> list[str]:
    """The permissions that the bot can use in a channel, by their names in the API."""
    threaded = isinstance(channel, discord.Thread | discord.ForumChannel)
    writes = "send_messages_in_threads" if threaded else "send_messages"
    names = ["view_channel", writes, "read_message_history"]
    if settings.own_thread and isinstance(channel, discord.TextChannel):
        names.append("create_public_threads")
        names.append("send_messages_in_threads")
    return names


def missing(channel: Any, member: discord.Member, settings: ServerSettings) -> list[str]:
    """The needed permissions that `member`, the bot, lacks; without the first, no other counts."""
    may = permissions_in(channel, member)
    if not may.view_channel:
        return ["view_channel"]
    return [name for name in needed(channel, settings) if not getattr(may, name)]
