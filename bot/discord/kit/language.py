"""Which language to speak: the member's to the member, the server's where others read it.

A server's language is the one that its curators have set, or else that of its Discord. What a member
writes changes the language only in a direct message, and only beyond doubt.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.channels import settings_at
from bot.discord.kit.servers import ServerSettingsCache
from bot.search.language.detection import spoken_language
from bot.wording import ENGLISH, Wording
from bot.wording.catalogue import wording_in

_CLIENTS = frozenset(locale.value.partition("-")[0] for locale in discord.Locale)
"""The languages that somebody's Discord can be set to: Arabic, for one, is not among them."""


def member_wording(interaction: discord.Interaction[Any]) -> Wording:
    """Return the lines in the language of the member's Discord.

    In a server that is set to a language which no Discord can be set to, in that.
    """
    chosen = settings_at(interaction).language
    if chosen is not None and chosen.partition("-")[0] not in _CLIENTS:
        return wording_in(chosen)
    return wording_in(interaction.locale.value)


def server_wording(interaction: discord.Interaction[Any]) -> Wording:
    """Return the lines in the language of the server; the member's where there is none."""
    chosen = settings_at(interaction).language
    if chosen is not None:
        return wording_in(chosen)
    locale = interaction.guild_locale
    return member_wording(interaction) if locale is None else wording_in(locale.value)


def wording_for(interaction: discord.Interaction[Any], *, private: bool) -> Wording:
    """Return the lines for those who will read them."""
    return member_wording(interaction) if private else server_wording(interaction)


def wording_for_message(message: discord.Message, servers: ServerSettingsCache) -> Wording:
    """Return the lines for a reply to `message`: in the server's language.

    In a direct message, where Discord does not say the member's language, in that of the message,
    where it is beyond doubt; else in English.
    """
    if message.guild is not None:
        chosen = servers.of(message.guild.id).language
        return wording_in(chosen or message.guild.preferred_locale.value)
    return wording_in(spoken_language(message.content, ENGLISH.locale))
