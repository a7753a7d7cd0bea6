"""An answer as a message: content, buttons and flags."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import discord

from bot.frontends import texts
from bot.frontends.discord import messages
from bot.frontends.discord.buttons import MoreButton, view_of
from bot.models import Answer, Hit, Outcome

if TYPE_CHECKING:
    from bot.snapshots import Snapshot

Result = TypeVar("Result")

ACKNOWLEDGE_AFTER = 0.5
"""Seconds of work after which an interaction is acknowledged before its answer is there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send."""

    content: str
    view: discord.ui.View | None = None


def answer_reply(given: Answer, snapshot: Snapshot, most: int, heading: str = "") -> Reply:
    """Return the message for `given`, under the line `heading` if there is one."""
    if given.talk is not None:
        return Reply(texts.small_talk(given.talk, snapshot.sources.values()))
    if given.outcome is Outcome.NOT_COVERED:
        line = "\n".join(filter(None, (heading, texts.NOT_COVERED)))
        return Reply(line, _nearest(given.hits))
    lines = (heading, messages.heading(given.outcome), texts.quoted_in(given.foreign_languages))
    above = "\n".join(filter(None, lines))
    return _quotes(given, most, above)


def repeated_reply(given: Answer, most: int) -> Reply:
    """Return the message that says which passages another message repeats."""
    if given.talk is not None:
        return Reply(texts.NOTHING_TO_FIND)
    if not given.shown:
        return Reply(texts.NOT_REPEATED, _nearest(given.hits))
    sure = given.outcome is Outcome.ANSWERED
    return _quotes(given, most, texts.REPEATED if sure else texts.PARTLY_REPEATED)


def _quotes(given: Answer, most: int, heading: str) -> Reply:
    shown = given.hits[: given.shown]
    page = messages.quote_page(shown, most, heading=heading, numbered=len(shown) > 1)
    rest = given.hits[page.count :]
    label = texts.more(len(rest))
    view = view_of(MoreButton.of(rest, page.count + 1, label)) if rest else None
    return Reply(page.content, view)


def _nearest(hits: Sequence[Hit]) -> discord.ui.View | None:
    return view_of(MoreButton.of(hits, 1, texts.SHOW_NEAREST)) if hits else None


async def in_time(
    interaction: discord.Interaction[Any], work: Awaitable[Result], *, private: bool
) -> Result:
    """Return what `work` comes to; if it is not quick, acknowledge the interaction meanwhile."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=ACKNOWLEDGE_AFTER)
    if not task.done():
        await interaction.response.defer(ephemeral=private, thinking=True)
    return await task


async def send(
    interaction: discord.Interaction[Any], reply: Reply, *, private: bool
) -> discord.InteractionMessage | None:
    """Send `reply` as the response, or as what an acknowledged interaction waits for."""
    if interaction.response.is_done():
        return await interaction.edit_original_response(content=reply.content, view=reply.view)
    callback = await interaction.response.send_message(
        reply.content,
        view=reply.view or discord.utils.MISSING,
        ephemeral=private,
        suppress_embeds=True,
    )
    message = callback.resource
    return message if isinstance(message, discord.InteractionMessage) else None


async def say(interaction: discord.Interaction[Any], line: str) -> None:
    """Send a line to the one who asked alone."""
    await send(interaction, Reply(line), private=True)
