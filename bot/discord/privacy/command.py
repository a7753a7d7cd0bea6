"""/privacy: what is kept of a member, and how they have it deleted."""

from __future__ import annotations

import re
from typing import Self

import discord
import structlog
from discord import app_commands

from bot.discord.kit.buttons import (
    Interaction,
    LastingButton,
    button,
    show,
    show_in_time,
    view_of,
)
from bot.discord.kit.language import own_texts
from bot.discord.kit.sending import Reply, send
from bot.discord.kit.service import service_of
from bot.storage.connections import StorageError
from bot.wording import ENGLISH, Texts

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.privacy")


@app_commands.command(description="What is kept of you, who sees it, and how to delete it.")
@app_commands.describe(forget="Delete your questions and votes; you are asked once more")
async def privacy(interaction: Interaction, forget: bool = False) -> None:
    """Say what is kept, or ask whether it is to be deleted."""
    texts = own_texts(interaction)
    if forget:
        reply = Reply(texts.FORGET_SURE, _surely(texts))
    else:
        service = service_of(interaction)
        content = texts.privacy(service.storage.days, service.grace_days)
        reply = Reply(content, view_of(ForgetButton("ask", texts)))
    await send(interaction, reply, private=True)


class ForgetButton(LastingButton, template=r"forget:(?P<way>ask|yes|no)"):
    """Deletes what is kept of whoever clicks, after asking them."""

    def __init__(self, way: str, texts: Texts = ENGLISH) -> None:
        label = {"ask": texts.FORGET, "yes": texts.FORGET_YES, "no": texts.FORGET_NO}[way]
        super().__init__(button(label, f"forget:{way}"))
        self._way = way

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["way"])

    async def press(self, interaction: Interaction) -> None:
        """Ask, delete, or leave all as it is."""
        texts = own_texts(interaction)
        if self._way == "ask":
            await show(interaction, texts.FORGET_SURE, _surely(texts))
        elif self._way == "no":
            await interaction.response.edit_message(content=texts.NOTHING_DELETED, view=None)
        else:
            await show_in_time(interaction, _forget(interaction, texts), in_place=True)


def _surely(texts: Texts) -> discord.ui.View:
    return view_of(ForgetButton("yes", texts), ForgetButton("no", texts))


async def _forget(interaction: Interaction, texts: Texts) -> tuple[str, discord.ui.View | None]:
    service = service_of(interaction)
    try:
        await service.records.written()
        gone = await service.storage.questions.forget(interaction.user.id)
    except StorageError as error:
        _log.warning("a member's data could not be deleted", reason=str(error))
        return texts.STORAGE_FAILED, _surely(texts)
    return texts.forgotten(gone.questions, gone.votes), None
