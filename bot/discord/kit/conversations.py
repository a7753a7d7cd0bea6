"""Which messages on Discord belong to one conversation."""

from __future__ import annotations

import discord


def conversation_key(
    channel: object, user: discord.abc.User, *, private: bool = False
) -> tuple[int, ...]:
    """The key of a conversation: a thread or direct message as a whole; elsewhere a member in a channel.

    `private`: what the member alone sees, in a thread too. Others there must not refer to it.
    """
    channel_id = getattr(channel, "id", 0)
    shared = isinstance(channel, discord.Thread | discord.DMChannel) and not private
    return (channel_id,) if shared else (channel_id, user.id)
