"""The button that asks a question again with its spelling corrected."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from typing_extensions import override

from bot.answering.asking import Request
from bot.discord.ask.answers import MEANT_ID, answer_interaction, make_meant_button
from bot.discord.kit.buttons import PersistentButton
from bot.discord.kit.channels import is_quiet
from bot.discord.kit.custom_ids import number_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.permissions import Audience
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import is_direct_message, only_member_sees
from bot.wording import ENGLISH, Wording


class MeantButton(PersistentButton, template=MEANT_ID):
    """Asks a question again with its spelling corrected.

    The asker's click replaces the message; anybody else gets a private answer.
    """

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, owner: int, question: str, wording: Wording = ENGLISH) -> None:
        super().__init__(make_meant_button(owner, question, wording))
        self._owner = owner
        self._question = question

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(number_of(match["owner"]), match["question"])

    async def press(self, interaction: Interaction) -> None:
        """Answer the corrected question."""
        if await is_rate_limited(interaction):
            return
        own = interaction.user.id == self._owner and not is_quiet(interaction)
        alone = only_member_sees(interaction)
        private = not is_direct_message(interaction) and (alone or not own)
        request = Request(self._question)
        await answer_interaction(interaction, request, private=private, in_place=alone or own)
