"""Buttons and menus that outlive restarts: what they need to know is in their `custom_id`."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import aiohttp
import discord
import structlog

from bot.discord.kit.permissions import permitted

Interaction = discord.Interaction[Any]
Button = discord.ui.Button[Any]
Select = discord.ui.Select[Any]
ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any])
Result = TypeVar("Result")

MAX_LABEL = 80

ACKNOWLEDGE_AFTER = 0.5
"""Seconds of work after which an interaction is acknowledged before its answer is there."""

UNHEARD = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What is raised where Discord refuses what the bot says, or cannot be reached."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


async def acknowledged(
    work: Awaitable[Result], acknowledge: Callable[[], Awaitable[object]]
) -> Result:
    """Return what `work` comes to; if it is not quick, `acknowledge` the interaction meanwhile.

    Where that fails the work goes on all the same: what it has changed must be told.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=ACKNOWLEDGE_AFTER)
    if not task.done():
        try:
            await acknowledge()
        except UNHEARD as error:
            _log.warning("an interaction could not be acknowledged", reason=str(error))
    return await task


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Return a view that keeps nothing in memory: its items are found by their `custom_id`."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def button(label: str, custom_id: str, row: int | None = None) -> Button:
    """Return a plain button: words, no colour that would mean something."""
    return discord.ui.Button(label=label[:MAX_LABEL], custom_id=custom_id, row=row)


class Lasting(discord.ui.DynamicItem[ItemT], ABC, Generic[ItemT], template=r"(?!)"):
    """What is found by its `custom_id`, and pressed by those whom the table of permissions lets.

    What goes wrong in `press` is told kindly.
    """

    @property
    def entry(self) -> str:
        """Return its name in the table of permissions."""
        return type(self).__name__

    @property
    def asker(self) -> int | None:
        """Return the id of the member whose question it belongs to, where that decides who may."""
        return None

    @abstractmethod
    async def press(self, interaction: Interaction) -> None:
        """Do what it is for, for a member who may."""

    async def callback(self, interaction: Interaction) -> None:
        """Press it if this member may; record an error in full, and tell them in one line."""
        try:
            if await permitted(interaction, self.entry, self.asker):
                await self.press(interaction)
        except Exception as error:  # whatever it is, the member waits for a word
            await interaction.client.apologise(interaction, error, button=type(self).__name__)


class LastingButton(Lasting[Button], template=r"(?!)"):
    """A button that lasts."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button that was clicked."""
        return cls.of(match)

    @classmethod
    @abstractmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button whose `custom_id` is `match`."""


@dataclass(frozen=True, slots=True)
class Submission:
    """How a form is taken: found by its `custom_id`, so that one opened before a restart is too.

    `take` gets what was submitted and the match of the `custom_id`.
    """

    modal: type[discord.ui.Modal]
    template: re.Pattern[str]
    take: Callable[[Interaction, re.Match[str]], Awaitable[None]]

    async def submitted(self, interaction: Interaction) -> None:
        """Take the form if it is this one and the member may; tell them kindly what goes wrong."""
        data: Any = interaction.data or {}
        opened = self.template.fullmatch(data.get("custom_id", ""))
        if opened is None:
            return
        name = self.modal.__name__
        try:
            if await permitted(interaction, name):
                await self.take(interaction, opened)
        except Exception as error:  # whatever it is, the member waits for a word
            await interaction.client.apologise(interaction, error, button=name)


def in_direct_message(interaction: Interaction) -> bool:
    """Return whether nobody but the member and the bot can see what is said here."""
    return interaction.context.dm_channel


def stands_alone(interaction: Interaction) -> bool:
    """Return whether the message that was clicked is before the member's eyes alone."""
    message = interaction.message
    return in_direct_message(interaction) or (message is not None and message.flags.ephemeral)


def deferred(interaction: Interaction, *, in_place: bool) -> Callable[[], Awaitable[object]]:
    """Return what acknowledges a click: that its message will change, or that one will come."""
    ephemeral = not in_direct_message(interaction)
    return lambda: interaction.response.defer(ephemeral=ephemeral, thinking=not in_place)


async def show(interaction: Interaction, content: str, view: discord.ui.View | None = None) -> None:
    """Send a message to the one who clicked alone; in a direct message, one that stays."""
    done = interaction.response.is_done()
    send = interaction.followup.send if done else interaction.response.send_message
    await send(
        content,
        view=view or discord.utils.MISSING,
        ephemeral=not in_direct_message(interaction),
        suppress_embeds=True,
    )


async def turn(interaction: Interaction, content: str, view: discord.ui.View | None) -> None:
    """Put `content` in the place of the clicked message, where that is the member's own.

    Elsewhere send them a copy of their own.
    """
    if stands_alone(interaction):
        await replace(interaction, content, view)
    else:
        await show(interaction, content, view)


async def replace(interaction: Interaction, content: str, view: discord.ui.View | None) -> None:
    """Put `content` in the place of the clicked message."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=content, view=view)
    else:
        await interaction.response.edit_message(content=content, view=view)


async def show_in_time(
    interaction: Interaction,
    work: Awaitable[tuple[str, discord.ui.View | None]],
    *,
    in_place: bool = False,
) -> None:
    """Show what `work` comes to, to the one who clicked alone; acknowledge if it is not quick.

    `in_place`: instead of the message that was clicked, which is before their eyes alone.
    """
    content, view = await acknowledged(work, deferred(interaction, in_place=in_place))
    if in_place:
        await replace(interaction, content, view)
    else:
        await show(interaction, content, view)
