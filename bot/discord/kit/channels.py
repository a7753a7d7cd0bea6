"""What a server's settings say of one of its channels."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.service import service_of
from bot.storage.servers import ServerSettings

Interaction = discord.Interaction[Any]


def server_of(interaction: Interaction) -> int | None:
    """Return the server whose settings hold; None where the bot itself is not a member."""
    there = interaction.guild_id
    return None if there is None or interaction.client.get_guild(there) is None else there


def settings_at(interaction: Interaction) -> ServerSettings:
    """Return the settings that hold where the interaction comes from."""
    return service_of(interaction).servers.of(server_of(interaction))


def covering(channel: Any) -> frozenset[int]:
    """Return the ids by which a setting may mean `channel`: its own, its parent's, its category's."""
    ids = {getattr(channel, "id", None)}
    if isinstance(channel, discord.Thread):
        ids.add(channel.parent_id)
        channel = channel.parent
    ids.add(getattr(channel, "category_id", None))
    return frozenset(id_ for id_ in ids if id_ is not None)


def is_silent(settings: ServerSettings, channel: Any) -> bool:
    """Return whether nothing public is said in `channel`."""
    return not settings.silent.isdisjoint(covering(channel))


def is_quiet(interaction: Interaction) -> bool:
    """Return whether what is said here must be for the member's eyes alone.

    In a silent channel; and where only the member has installed the bot, unless they may use their
    apps in public.
    """
    if interaction.guild_id is None:
        return False
    if server_of(interaction) is not None:
        return is_silent(settings_at(interaction), interaction.channel)
    return not interaction.is_guild_integration() and not interaction.permissions.use_external_apps
