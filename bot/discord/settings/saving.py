"""Saves a change of a server's settings, and adds it to the audit log."""

from __future__ import annotations

from collections.abc import Callable

import discord

from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.sending import acknowledge_if_slow
from bot.discord.kit.service import service_of
from bot.discord.settings import panel
from bot.discord.settings.values import Setting
from bot.storage.connections import StorageError
from bot.storage.servers import ServerSettings
from bot.wording import ENGLISH

MAX_DETAIL = 4_000
"""Characters of a change in the audit log, unless a single item needs more."""

SettingsChange = Callable[[ServerSettings], ServerSettings]


async def save_setting(interaction: Interaction, setting: Setting, alter: SettingsChange) -> str:
    """Save a change, and return the line that describes it.

    If the storage fails, nothing has changed, and the line says so.
    """
    guild, service = guild_of(interaction), service_of(interaction)
    defaults, plain = panel.defaults_in(guild, service), panel.plain_names(guild, service)
    work = service.servers.update(
        guild.id,
        alter,
        interaction.user.id,
        lambda was, now: panel.describe_change(
            setting, was, now, plain, defaults, ENGLISH, MAX_DETAIL
        ),
        service.now(),
    )
    try:
        was, now = await acknowledge_if_slow(work, interaction.response.defer)
    except StorageError:
        interaction.client.log.exception("settings could not be kept", guild=guild.id)
        return member_wording(interaction).NOT_KEPT
    wording = member_wording(interaction)
    if was == now:
        return wording.NO_CHANGE
    return panel.describe_change(
        setting, was, now, panel.mentions(guild, service, wording), defaults, wording
    )


def guild_of(interaction: Interaction) -> discord.Guild:
    """The server of an interaction; settings exist only where the bot is a member."""
    guild = interaction.guild
    if guild is None:
        raise ValueError("settings outside a server")
    return guild
