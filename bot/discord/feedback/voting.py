"""Votes on answers: right or wrong.

A vote is confirmed in a private message, from which the form for what was expected can be opened. So
the vote counts whatever happens to the form, a slow storage can be waited for (a form must open at
once), and nobody who only votes gets a form in front of the quote.
"""

from __future__ import annotations

import re
from typing import ClassVar, Self

import structlog
from typing_extensions import override

from bot.discord.feedback.expectations import ExpectButton
from bot.discord.kit.buttons import PersistentButton, make_view
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.links import VOTE_ID, VoteChoice, vote_button
from bot.discord.kit.sending import OutgoingMessage, send_private_when_ready
from bot.discord.kit.service import service_of
from bot.storage.connections import StorageError
from bot.wording import ENGLISH, Wording

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.votes")


class VoteButton(PersistentButton, template=VOTE_ID):
    """Counts the vote of whoever clicks, in place of their earlier one."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, choice: VoteChoice, question: int, wording: Wording = ENGLISH) -> None:
        super().__init__(vote_button(choice, question, wording))
        self._choice = choice
        self._question = question

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(VoteChoice(match["choice"]), int(match["question"]))

    async def press(self, interaction: Interaction) -> None:
        """Count the vote and confirm it in private."""
        await send_private_when_ready(interaction, self._count(interaction))

    async def _count(self, interaction: Interaction) -> OutgoingMessage:
        service, wording = service_of(interaction), member_wording(interaction)
        right = self._choice is VoteChoice.RIGHT
        try:
            await service.question_log.written(self._question)
            questions = service.storage.questions
            here = await questions.is_asked_in(server_of(interaction), self._question)
            vote = here and await questions.vote(self._question, interaction.user.id, right)
        except StorageError as error:
            _log.warning("a vote was not kept", reason=str(error))
            return OutgoingMessage(wording.STORAGE_FAILED)
        if not vote:
            return OutgoingMessage(wording.NO_LONGER_KEPT)
        if self._choice is VoteChoice.MISSING:
            line = wording.MISSED if vote.before is None else wording.MISSED_ALREADY
        else:
            line = wording.voted(right, vote.before)
        view = None if right else make_view(ExpectButton(self._question, wording))
        return OutgoingMessage(line, view)
