"""Which language to speak: the member's to the member, the server's where others read it.

A server's language is the one that its curators have set, or else that of its Discord. What a member
writes changes the language only in a direct message, and only beyond doubt.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.channels import settings_at
from bot.discord.kit.servers import ServerBook
from bot.search.language.detection import spoken_language
from bot.wording import ENGLISH, Texts
from bot.wording.catalogue import texts_in

_CLIENTS = frozenset(locale.value.partition("-")[0] for locale in discord.Locale)
"""The languages that somebody's Discord can be set to: Arabic, for one, is not among them."""


def own_texts(interaction: discord.Interaction[Any]) -> Texts:
    """Return the lines in the language of the member's Discord.

    In a server that is set to a language which no Discord can be set to, in that.
    """
    chosen = settings_at(interaction).language
    if chosen is not None and chosen.partition("-")[0] not in _CLIENTS:
        return texts_in(chosen)
    return texts_in(interaction.locale.value)


def public_texts(interaction: discord.Interaction[Any]) -> Texts:
    """Return the lines in the language of the server; the member's where there is none."""
    chosen = settings_at(interaction).language
    if chosen is not None:
        return texts_in(chosen)
    locale = interaction.guild_locale
    return own_texts(interaction) if locale is None else texts_in(locale.value)


def texts_for(interaction: discord.Interaction[Any], *, private: bool) -> Texts:
    """Return the lines for those who will read them."""
    return own_texts(interaction) if private else public_texts(interaction)


def texts_of(message: discord.Message, servers: ServerBook) -> Texts:
    """Return the lines for a reply to `message`: in the server's language.

    In a direct message, where Discord does not say the member's language, in that of the message,
    where it is beyond doubt; else in English.
    """
    if message.guild is not None:
        chosen = servers.of(message.guild.id).language
        return texts_in(chosen or message.guild.preferred_locale.value)
    return texts_in(spoken_language(message.content, ENGLISH.locale))
