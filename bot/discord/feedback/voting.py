"""What members say of an answer: right or wrong, and what they expected.

A vote is told in a private line, and the field for what was expected is opened from there: so the
vote counts whatever becomes of the field, a slow storage is waited for, which a field would not
let us, and nobody who only votes has a form put over the quote.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from enum import StrEnum
from typing import Any, Self

import discord
import structlog

from bot.discord.kit import markdown
from bot.discord.kit.buttons import (
    Interaction,
    LastingButton,
    Submission,
    button,
    show_in_time,
    view_of,
)
from bot.discord.kit.channels import server_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.service import Service, service_of
from bot.storage.connections import StorageError
from bot.storage.questions import MAX_EXPECTED
from bot.wording import ENGLISH, Texts

_EXPECTATION = re.compile(r"expected:(?P<question>\d{1,16}):\d+")
_MODAL_SECONDS = 600
"""How long discord.py keeps an open field in memory; nothing depends on it."""
_SHOWN_AGAIN = 900
"""Characters of an expectation that is handed back: as many fit when each has to be escaped."""
_FOR_WHAT_WAS_SAID = 1.0
"""Seconds that a field waits for what was said before: it must open within three."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.votes")

Shown = tuple[str, discord.ui.View | None]


class Say(StrEnum):
    """What a button says of an answer. The words are in old buttons."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    """Nothing was quoted, and there should have been something: wrong, in other words."""


class VoteButton(
    LastingButton, template=r"vote:(?P<say>right|wrong|missing):(?P<question>\d{1,16})"
):
    """Counts the vote of whoever clicks, instead of an earlier one of theirs."""

    def __init__(self, say: Say, question: int, texts: Texts = ENGLISH) -> None:
        label = {
            Say.RIGHT: texts.RIGHT,
            Say.WRONG: texts.WRONG,
            Say.MISSING: texts.EXPECTED_AN_ANSWER,
        }[say]
        row = None if say is Say.MISSING else 1  # beside the others, or below as many as there are
        super().__init__(button(label, f"vote:{say}:{question}", row))
        self._say = say
        self._question = question

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(Say(match["say"]), int(match["question"]))

    async def press(self, interaction: Interaction) -> None:
        """Count the vote, and say so to the one who clicked alone."""
        await show_in_time(interaction, self._count(interaction))

    async def _count(self, interaction: Interaction) -> Shown:
        service, texts = service_of(interaction), own_texts(interaction)
        right = self._say is Say.RIGHT
        try:
            await service.records.written(self._question)
            questions = service.storage.questions
            here = await questions.is_asked_in(server_of(interaction), self._question)
            vote = here and await questions.vote(self._question, interaction.user.id, right)
        except StorageError as error:
            _log.warning("a vote was not kept", reason=str(error))
            return texts.STORAGE_FAILED, None
        if not vote:
            return texts.NO_LONGER_KEPT, None
        if self._say is Say.MISSING:
            line = texts.MISSED if vote.before is None else texts.MISSED_ALREADY
        else:
            line = texts.voted(right, vote.before)
        return line, None if right else view_of(ExpectButton(self._question, texts))


class ExpectButton(LastingButton, template=r"expect:(?P<question>\d{1,16})"):
    """Opens the field for what was expected, with what the member said before in it."""

    def __init__(self, question: int, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.SAY_EXPECTED, f"expect:{question}"))
        self._question = question

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(int(match["question"]))

    async def press(self, interaction: Interaction) -> None:
        """Open the field."""
        said = None
        with suppress(StorageError, TimeoutError):
            questions = service_of(interaction).storage.questions
            vote = await asyncio.wait_for(
                questions.own_vote(self._question, interaction.user.id), _FOR_WHAT_WAS_SAID
            )
            said = vote.expected if vote else None
        field = Expectation(self._question, interaction.id, said, own_texts(interaction))
        await interaction.response.send_modal(field)


class Expectation(discord.ui.Modal):
    """A field for what was expected, the question's id in its `custom_id`.

    What is typed comes to `take_expectation`. `opened`: a number of its own, or two members' fields
    would be taken for one.
    """

    def __init__(self, question: int, opened: int, said: str | None, texts: Texts) -> None:
        custom_id = f"expected:{question}:{opened}"
        super().__init__(title=texts.SAY_EXPECTED, timeout=_MODAL_SECONDS, custom_id=custom_id)
        typed: discord.ui.TextInput[Self] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_EXPECTED, default=said
        )
        self.add_item(
            discord.ui.Label(
                text=texts.WHAT_EXPECTED, description=texts.WHO_READS_IT, component=typed
            )
        )


async def take_expectation(interaction: Interaction, opened: re.Match[str]) -> None:
    """Keep what was typed into an `Expectation`."""
    data: Any = interaction.data
    typed = str(data["components"][0]["component"]["value"]).strip()
    work = _keep_expectation(interaction, int(opened["question"]), typed)
    await show_in_time(interaction, work, in_place=interaction.message is not None)


EXPECTATION = Submission(Expectation, _EXPECTATION, take_expectation)


async def _keep_expectation(interaction: Interaction, question: int, typed: str) -> Shown:
    service, texts = service_of(interaction), own_texts(interaction)
    again = view_of(ExpectButton(question, texts))
    try:
        questions = service.storage.questions
        kept = await questions.is_asked_in(
            server_of(interaction), question
        ) and await questions.expect(question, interaction.user.id, typed)
    except StorageError as error:
        _log.warning("an expectation was not kept", reason=str(error))
        # The field is closed by now: what was typed is handed back, to be copied.
        return f"{texts.STORAGE_FAILED}\n{markdown.quote(typed[:_SHOWN_AGAIN])}", again
    return (texts.EXPECTATION_KEPT, again) if kept else (texts.NO_LONGER_KEPT, None)


def vote_buttons(question: int | None, texts: Texts) -> list[LastingButton]:
    """Return the buttons to vote by, in a row of their own; none where the question is not kept."""
    if question is None:
        return []
    return [VoteButton(Say.RIGHT, question, texts), VoteButton(Say.WRONG, question, texts)]


def missing_button(question: int | None, texts: Texts) -> list[LastingButton]:
    """Return the button for who expected an answer where there is none."""
    return [] if question is None else [VoteButton(Say.MISSING, question, texts)]


def voted_on(message: discord.Message | None, service: Service) -> int | None:
    """Return the id of the question that can be voted on under `message`."""
    if message is None or not service.storage.keeps_questions:
        return None
    template = VoteButton.__discord_ui_compiled_template__
    for row in message.components:
        for child in getattr(row, "children", ()):
            match = template.fullmatch(getattr(child, "custom_id", None) or "")
            if match is not None:
                return int(match["question"])
    return None
