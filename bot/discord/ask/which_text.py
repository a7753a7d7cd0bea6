"""The button that asks a question again about one text, if the question needs one and there are several."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from typing_extensions import override

from bot.answering.asking import Request
from bot.discord.ask.answers import answer_interaction
from bot.discord.ask.text_answers import WITHIN_ID, within_button
from bot.discord.kit.buttons import PersistentButton
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.custom_ids import number_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import is_direct_message, only_member_sees, send_private
from bot.discord.kit.service import service_of


class WithinButton(PersistentButton, template=WITHIN_ID):
    """Asks a question about one text.

    The asker's click replaces the message; anybody else gets a private answer.
    """

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, owner: int, digest: str, question: str, label: str = "Text") -> None:
        super().__init__(within_button(owner, digest, question, label))
        self._owner = owner
        self._digest = digest
        self._question = question

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(number_of(match["owner"]), match["digest"], match["question"])

    async def press(self, interaction: Interaction) -> None:
        """Answer the question from the text, or say that it has changed."""
        source = await service_of(interaction).source_in(server_of(interaction), self._digest)
        if source is None:
            await send_private(interaction, member_wording(interaction).TEXT_CHANGED)
            return
        if await is_rate_limited(interaction):
            return
        own = interaction.user.id == self._owner and not is_quiet(interaction)
        alone = only_member_sees(interaction)
        private = not is_direct_message(interaction) and (alone or not own)
        request = Request(self._question, source_id=source.id)
        await answer_interaction(interaction, request, private=private, in_place=alone or own)
