"""What a server's settings say about a channel."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.interactions import Interaction
from bot.discord.kit.service import service_of
from bot.storage.servers import ServerSettings


def server_of(interaction: Interaction) -> int | None:
    """The id of the server that the interaction is in; None where the bot itself is not a member."""
    there = interaction.guild_id
    return None if there is None or interaction.client.get_guild(there) is None else there


def server_of_message(message: discord.Message) -> int | None:
    """The id of the server that the message is in; None for a direct message.

    Discord may send messages of a server of which the bot knows no more yet: they are not direct messages.
    """
    if message.guild is not None:
        return message.guild.id
    found: int | None = getattr(message.channel, "guild_id", None)
    return found


def settings_at(interaction: Interaction) -> ServerSettings:
    """The settings of the server that the interaction is in."""
    return service_of(interaction).servers.of(server_of(interaction))


def covering(channel: Any) -> frozenset[int]:
    """The ids by which a setting may refer to `channel`: its own, its parent's, its category's."""
    ids = {getattr(channel, "id", None)}
    if isinstance(channel, discord.Thread):
        ids.add(channel.parent_id)
        channel = channel.parent
    ids.add(getattr(channel, "category_id", None))
    return frozenset(id_ for id_ in ids if id_ is not None)


def is_silent(settings: ServerSettings, channel: Any) -> bool:
    """Whether the bot must send nothing public in `channel`."""
    return not settings.silent.isdisjoint(covering(channel))


def is_quiet(interaction: Interaction) -> bool:
    """Whether every response here must be private.

    They must be in silent channels, and where only the member has installed the bot and may not use
    their apps in public.
    """
    if interaction.guild_id is None:
        return False
    if server_of(interaction) is not None:
        return is_silent(settings_at(interaction), interaction.channel)
    return not interaction.is_guild_integration() and not interaction.permissions.use_external_apps


def answers_privately(interaction: Interaction) -> bool:
    """Whether a response that need not be public must be private: where all must, and for a member who has chosen that."""
    if interaction.guild_id is None:
        return False
    own = service_of(interaction).preferences.of(interaction.user.id).private
    return bool(own) or is_quiet(interaction)


def permissions_in(channel: Any, member: discord.Member) -> discord.Permissions:
    """What `member` may do in a channel or thread: nothing in a thread whose channel is hidden from the bot."""
    try:
        found: discord.Permissions = channel.permissions_for(member)
    except discord.ClientException:
        return discord.Permissions.none()
    return found


def missing_to_post(guild: discord.Guild, channel: Any) -> list[str]:
    """The permissions that the bot lacks to post in a channel or thread, by their names in the API."""
    writes = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    may = permissions_in(channel, guild.me)
    return [name for name in ("view_channel", writes) if not getattr(may, name)]
