"""The button that deletes a public answer."""

from __future__ import annotations

import re
from typing import Self

import discord

from bot.discord.kit.buttons import Interaction, LastingButton, button
from bot.discord.kit.quotes.encoding import DIGITS, USER_LENGTH, digits, number_of
from bot.wording import ENGLISH, Texts

_GONE_ALREADY = 10008  # the message was deleted by somebody else


class DeleteButton(LastingButton, template=rf"delete:(?P<owner>{DIGITS}{{{USER_LENGTH}}})"):
    """Deletes the message, for the member who asked and for those who may Manage Messages."""

    def __init__(self, owner: int, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.DELETE, f"delete:{digits(owner, USER_LENGTH)}"))
        self._owner = owner

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(number_of(match["owner"]))

    @property
    def asker(self) -> int:
        """Return the id of the member who asked."""
        return self._owner

    async def press(self, interaction: Interaction) -> None:
        """Delete it."""
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.NotFound as error:
            if error.code != _GONE_ALREADY:
                raise
