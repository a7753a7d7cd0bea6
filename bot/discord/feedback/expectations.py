"""What members say they expected instead of an answer."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import ClassVar, Self

import discord
import structlog
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import (
    FORM_TIMEOUT,
    ModalHandler,
    PersistentButton,
    make_button,
    make_view,
    typed_text,
)
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, send_private_when_ready
from bot.discord.kit.service import service_of
from bot.storage.connections import StorageError
from bot.storage.questions import MAX_EXPECTED
from bot.wording import ENGLISH, Wording

_FORM_ID = re.compile(r"expected:(?P<question>\d{1,16}):\d+")
_FILL_IN_TIMEOUT = 1.0
"""Seconds the form waits for what the member said before."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.votes")


class ExpectButton(PersistentButton, template=r"expect:(?P<question>\d{1,16})"):
    """Opens the field for what was expected, filled in with what the member wrote before."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, question: int, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.SAY_EXPECTED, f"expect:{question}"))
        self._question = question

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(int(match["question"]))

    async def press(self, interaction: Interaction) -> None:
        """Open the form within three seconds; it stays empty if the storage is slow."""
        said = None
        with suppress(StorageError, TimeoutError):
            questions = service_of(interaction).storage.questions
            vote = await asyncio.wait_for(
                questions.own_vote(self._question, interaction.user.id), _FILL_IN_TIMEOUT
            )
            said = vote.expected if vote else None
        field = ExpectationForm(self._question, interaction.id, said, member_wording(interaction))
        await interaction.response.send_modal(field)


class ExpectationForm(discord.ui.Modal):
    """A field for what was expected, the question's id in its `custom_id`.

    `opened` makes the `custom_id` unique, or discord.py would take two members' forms for one.
    """

    def __init__(self, question: int, opened: int, said: str | None, wording: Wording) -> None:
        custom_id = f"expected:{question}:{opened}"
        super().__init__(title=wording.SAY_EXPECTED, timeout=FORM_TIMEOUT, custom_id=custom_id)
        typed: discord.ui.TextInput[Self] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_EXPECTED, default=said
        )
        self.add_item(
            discord.ui.Label(
                text=wording.WHAT_EXPECTED, description=wording.WHO_READS_IT, component=typed
            )
        )


async def keep_expectation(interaction: Interaction, match: re.Match[str]) -> None:
    """Keep what was typed and confirm it."""
    work = _keep(interaction, int(match["question"]), typed_text(interaction))
    await send_private_when_ready(interaction, work, in_place=interaction.message is not None)


EXPECTATION_FORM = ModalHandler(ExpectationForm, _FORM_ID, Audience.ANYONE, keep_expectation)


def _handed_back(typed: str, wording: Wording) -> str:
    """Say that the storage failed, with as much of what was typed as fits."""
    room = LIMIT - markdown.length(wording.STORAGE_FAILED) - 1
    while markdown.length(quoted := markdown.quote(typed)) > room:
        typed = typed[: len(typed) * 9 // 10]
    return f"{wording.STORAGE_FAILED}\n{quoted}"


async def _keep(interaction: Interaction, question: int, typed: str) -> OutgoingMessage:
    service, wording = service_of(interaction), member_wording(interaction)
    again = make_view(ExpectButton(question, wording))
    try:
        questions = service.storage.questions
        kept = await questions.is_asked_in(
            server_of(interaction), question
        ) and await questions.expect(question, interaction.user.id, typed)
    except StorageError as error:
        _log.warning("an expectation was not kept", reason=str(error))
        # The form is closed by now: hand back what was typed, to be copied.
        return OutgoingMessage(_handed_back(typed, wording), again)
    if not kept:
        return OutgoingMessage(wording.NO_LONGER_KEPT)
    return OutgoingMessage(wording.EXPECTATION_KEPT, again)
