"""Translates the names and descriptions of commands for Discord's clients."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.wording import ENGLISH
from bot.wording.catalogue import known, wording_in

COMMAND_NAME = "command name"
OPTION_NAME = "option name"
_CONTEXTS = {
    Location.command_name: COMMAND_NAME,
    Location.group_name: COMMAND_NAME,
    Location.parameter_name: OPTION_NAME,
}
"""Contexts of names in the catalogue, which must be one word in lower case, unlike descriptions."""


class CatalogueTranslator(app_commands.Translator):
    """Looks the commands' English words up in the catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """The translation of `string`; None if there is no catalogue for the language, or no translation in it."""
        if known(locale.value) in {None, ENGLISH.locale}:
            return None
        said = wording_in(locale.value).translated(string.message, _CONTEXTS.get(context.location))
        return None if said == string.message else said
