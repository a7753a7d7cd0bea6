"""The language of the bot's own lines: the member's in private, the server's in public.

A server's language is the one its curators have set, or else that of its Discord. What a member
writes decides only in a direct message, and only if it is beyond doubt.
"""

from __future__ import annotations

import discord

from bot.discord.kit.channels import settings_at
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.servers import ServerSettingsCache
from bot.discord.kit.service import Service, service_of
from bot.search.language.detection import spoken_language
from bot.wording import ENGLISH, Wording
from bot.wording.catalogue import wording_in

_CLIENTS = frozenset(locale.value.partition("-")[0] for locale in discord.Locale)
"""The languages that Discord's clients have. Arabic, for one, is not among them."""


def member_wording(interaction: Interaction) -> Wording:
    """The wording in the language that the member prefers, or else in that of their client.

    In a server set to a language that no client has, in that language.
    """
    preferred = service_of(interaction).preferences.of(interaction.user.id).language
    if preferred is not None:
        return wording_in(preferred)
    chosen = settings_at(interaction).language
    if chosen is not None and chosen.partition("-")[0] not in _CLIENTS:
        return wording_in(chosen)
    return wording_in(interaction.locale.value)


def server_wording(interaction: Interaction) -> Wording:
    """The wording in the server's language; outside servers, in the member's."""
    chosen = settings_at(interaction).language
    if chosen is not None:
        return wording_in(chosen)
    locale = interaction.guild_locale
    return member_wording(interaction) if locale is None else wording_in(locale.value)


def wording_for(interaction: Interaction, *, private: bool) -> Wording:
    """The wording for whoever will read the message."""
    return member_wording(interaction) if private else server_wording(interaction)


def server_wording_of(guild: discord.Guild, servers: ServerSettingsCache) -> Wording:
    """The wording in the language of a server."""
    chosen = servers.of(guild.id).language
    return wording_in(chosen or guild.preferred_locale.value)


def wording_for_message(message: discord.Message, service: Service) -> Wording:
    """The wording for a reply to `message`: in the server's language.

    In a direct message in the language that the member prefers. Discord does not tell that of their
    client; so else in that of the message if it is beyond doubt, or in English.
    """
    if message.guild is not None:
        return server_wording_of(message.guild, service.servers)
    preferred = service.preferences.of(message.author.id).language
    if preferred is not None:
        return wording_in(preferred)
    return wording_in(spoken_language(message.content, ENGLISH.locale))
