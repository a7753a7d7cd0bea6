"""Who is a curator, checked here whatever Discord's client lets through."""

from __future__ import annotations

from typing import Any

import discord

from bot.frontends.discord.service import service_of
from bot.frontends.discord.speech import own_texts


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


def may_write(interaction: discord.Interaction[Any]) -> bool:
    """Return whether this server's curators may change the texts, which all servers share.

    The operator names those servers; unless that is done, it is the only one that the bot is in.
    """
    named = service_of(interaction).settings.writing_servers
    if named is None:
        return len(interaction.client.guilds) == 1
    return interaction.guild_id in named


def refusal(interaction: discord.Interaction[Any], *, writing: bool = False) -> str | None:
    """Return why the member may not do what curators do, or change the texts; None: they may."""
    texts = own_texts(interaction)
    if not is_curator(interaction):
        return texts.CURATORS_ONLY
    if writing and not may_write(interaction):
        return texts.not_writing(interaction.guild_id or 0)
    return None
