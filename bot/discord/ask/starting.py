"""The button that asks a question to begin with."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from typing_extensions import override

from bot.answering.asking import Request
from bot.discord.ask.answers import answer_interaction
from bot.discord.ask.starter_cache import starter_buttons
from bot.discord.kit.buttons import PersistentButton
from bot.discord.kit.channels import answers_privately
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.permissions import Audience
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import is_direct_message, only_member_sees


class StarterButton(PersistentButton, template=r"starter:(?P<question>.+)"):
    """Asks its question, which is answered for those who see the button."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, question: str) -> None:
        super().__init__(starter_buttons([question])[0])
        self._question = question

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["question"])

    async def press(self, interaction: Interaction) -> None:
        """Answer the question."""
        if await is_rate_limited(interaction):
            return
        private = only_member_sees(interaction) or answers_privately(interaction)
        await answer_interaction(
            interaction,
            Request(self._question),
            private=private and not is_direct_message(interaction),
        )
