"""The button that deletes a public answer."""

from __future__ import annotations

import re
from typing import ClassVar, Self

import discord
from typing_extensions import override

from bot.discord.kit.buttons import PersistentButton
from bot.discord.kit.custom_ids import number_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.links import DELETE_ID, delete_button
from bot.wording import ENGLISH, Wording

_DELETED_ALREADY = 10008


class DeleteButton(PersistentButton, template=DELETE_ID):
    """Deletes the message, for the member who asked and for those who may Manage Messages."""

    audience: ClassVar[Audience | None] = Audience.ASKER_OR_MODERATOR

    def __init__(self, owner: int, wording: Wording = ENGLISH) -> None:
        super().__init__(delete_button(owner, wording))
        self._owner = owner

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(number_of(match["owner"]))

    @property
    def asker(self) -> int:
        """The id of the member who asked."""
        return self._owner

    async def press(self, interaction: Interaction) -> None:
        """Delete the clicked message, if nobody else has meanwhile."""
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.NotFound as error:
            if error.code != _DELETED_ALREADY:
                raise
