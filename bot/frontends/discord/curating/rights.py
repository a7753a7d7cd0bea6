"""Who is a curator, checked here whatever Discord's client lets through."""

from __future__ import annotations

from typing import Any

import discord

from bot.frontends.discord.service import service_of


def is_curator(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the member may Manage Server or has a curator role, where the bot is.

    In a server where only the member has installed the bot, nobody is a curator.
    """
    member = interaction.user
    here = interaction.client.get_guild(interaction.guild_id or 0)
    if here is None or not isinstance(member, discord.Member):
        return False
    service = service_of(interaction)
    roles = {*service.settings.curator_roles, *service.servers.of(here.id).curator_roles}
    return may_manage(interaction) or any(role.id in roles for role in member.roles)


def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the member may Manage Server, where the bot is."""
    here = interaction.client.get_guild(interaction.guild_id or 0)
    return here is not None and interaction.permissions.manage_guild
