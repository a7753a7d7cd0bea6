"""Which language to speak: the member's to the member, the server's where others read it."""

from __future__ import annotations

from typing import Any

import discord

from bot.frontends.catalogue import texts_in
from bot.frontends.texts import ENGLISH, Texts


def own_texts(interaction: discord.Interaction[Any]) -> Texts:
    """Return the lines in the language of the member's Discord."""
    return texts_in(interaction.locale.value)


def public_texts(interaction: discord.Interaction[Any]) -> Texts:
    """Return the lines in the language of the server; the member's where there is none."""
    locale = interaction.guild_locale
    return own_texts(interaction) if locale is None else texts_in(locale.value)


def texts_for(interaction: discord.Interaction[Any], *, private: bool) -> Texts:
    """Return the lines for those who will read them."""
    return own_texts(interaction) if private else public_texts(interaction)


def texts_of(message: discord.Message, asked_in: str | None = None) -> Texts:
    """Return the lines for a reply to `message`: in the server's language.

    In a direct message, where Discord does not say the member's language, in that of the question
    (`asked_in`), where it is known not to be the texts'.
    """
    if message.guild is not None:
        return texts_in(message.guild.preferred_locale.value)
    return texts_in(asked_in) if asked_in else ENGLISH
