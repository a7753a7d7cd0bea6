"""A message with a file: sent to the curator alone, or put in the place of the one clicked."""

from __future__ import annotations

import io
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from bot.discord.kit.buttons import acknowledged

Result = TypeVar("Result")
Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes with a message."""

    name: str
    data: bytes

    def file(self) -> discord.File:
        """Return it for sending, once."""
        return discord.File(io.BytesIO(self.data), filename=self.name)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to send, with a file or without."""

    content: str
    view: discord.ui.View | None = None
    paper: Paper | None = None

    @property
    def files(self) -> list[discord.File]:
        """Return the files for sending, once."""
        return [] if self.paper is None else [self.paper.file()]


async def send_sheet(interaction: Interaction, sheet: Sheet) -> None:
    """Send `sheet` to the one who asked alone, as the response or what it waits for."""
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=sheet.content, view=sheet.view, attachments=sheet.files
        )
        return
    await interaction.response.send_message(
        sheet.content,
        view=sheet.view or discord.utils.MISSING,
        files=sheet.files,
        ephemeral=True,
        suppress_embeds=True,
    )


async def in_place(interaction: Interaction, work: Awaitable[Result], meanwhile: str) -> Result:
    """Return what `work` comes to; unless it is quick, the clicked message says `meanwhile`."""
    return await acknowledged(
        work,
        lambda: interaction.response.edit_message(content=meanwhile, view=None, attachments=[]),
    )


async def put_sheet(interaction: Interaction, sheet: Sheet) -> None:
    """Put `sheet` in the place of the message that was clicked."""
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=sheet.content, view=sheet.view, attachments=sheet.files
        )
        return
    await interaction.response.edit_message(
        content=sheet.content, view=sheet.view, attachments=sheet.files
    )
