"""Messages to members: sent, acknowledged first where they take long, or put in another's place."""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import discord
import structlog

from bot.discord.kit.interactions import Interaction

Result = TypeVar("Result")

ACKNOWLEDGE_AFTER = 0.5
"""Seconds of work after which an interaction is acknowledged before its response is ready."""

SEND_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Raised where Discord refuses a message or cannot be reached."""

CLOSED = {40004, 50008, 50083, 160005, 200000, 240000}
"""Error codes: a channel takes no message, or not this one: it has become a forum, its thread is locked or archived,
sending is switched off, or moderation blocks what is quoted.
"""

_PROCESS = secrets.token_hex(6)
"""What the nonces of this process's replies begin with."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to attach to a message. Unlike a `discord.File`, it can be sent more than once."""

    name: str
    data: bytes

    def to_discord(self) -> discord.File:
        """Make the object that discord.py sends; good for one attempt."""
        return discord.File(io.BytesIO(self.data), filename=self.name)


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Content and buttons of a message to send, and a file if there is one."""

    content: str
    view: discord.ui.View | None = None
    file: OutgoingFile | None = None

    @property
    def files(self) -> list[discord.File]:
        """The attachments in the form that discord.py takes; good for one attempt."""
        return [] if self.file is None else [self.file.to_discord()]


def is_direct_message(interaction: Interaction) -> bool:
    """Whether only the member and the bot can see this channel."""
    return interaction.context.dm_channel


def only_member_sees(interaction: Interaction) -> bool:
    """Whether the clicked message is ephemeral or in a direct message."""
    message = interaction.message
    return is_direct_message(interaction) or (message is not None and message.flags.ephemeral)


async def acknowledge_if_slow(
    work: Awaitable[Result], acknowledge: Callable[[], Awaitable[object]]
) -> Result:
    """Await `work`, calling `acknowledge` if it takes longer than `ACKNOWLEDGE_AFTER`.

    If acknowledging fails, the work still goes on: it may change things that must be reported.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=ACKNOWLEDGE_AFTER)
    if not task.done():
        try:
            await acknowledge()
        except SEND_ERRORS as error:
            _log.warning("an interaction could not be acknowledged", reason=str(error))
    return await task


async def wait_or_defer(
    interaction: Interaction, work: Awaitable[Result], *, private: bool
) -> Result:
    """Await `work`; if it is slow, show that the bot is thinking."""
    return await acknowledge_if_slow(
        work, lambda: interaction.response.defer(ephemeral=private, thinking=True)
    )


def defer_click(interaction: Interaction, *, in_place: bool) -> Callable[[], Awaitable[object]]:
    """Make the acknowledgement of a click: the message will change, or a private one will follow."""
    ephemeral = not is_direct_message(interaction)
    return lambda: interaction.response.defer(ephemeral=ephemeral, thinking=not in_place)


async def send(
    interaction: Interaction, message: OutgoingMessage, *, private: bool
) -> discord.Message | None:
    """Send the response, or the follow-up of a deferred interaction.

    A follow-up, because an edit could not keep links in quotes from showing previews.
    """
    view = message.view or discord.utils.MISSING
    if interaction.response.is_done():
        return await interaction.followup.send(
            message.content, view=view, ephemeral=private, suppress_embeds=True, wait=True
        )
    callback = await interaction.response.send_message(
        message.content, view=view, ephemeral=private, suppress_embeds=True
    )
    sent = callback.resource
    return sent if isinstance(sent, discord.InteractionMessage) else None


def new_nonce() -> str:
    """A new mark of a message, by which this process knows its own ones again."""
    return f"{_PROCESS}{secrets.token_hex(6)}"


def is_of_another_process(message: discord.Message) -> bool:
    """Whether a message of the bot's that replies to somebody was sent by another process."""
    nonce = message.nonce
    return nonce is not None and not str(nonce).startswith(_PROCESS)


async def send_reply(message: discord.Message, reply: OutgoingMessage) -> discord.Message | None:
    """Reply to `message`; without a reference if it is gone or the bot may not read it.

    None if the bot may not write there at all, or the channel is gone or takes no messages.
    """
    view = reply.view or discord.utils.MISSING
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(
            reply.content, view=view, suppress_embeds=True, nonce=new_nonce(),
            reference=reference, mention_author=False,
        )  # fmt: skip
    except discord.Forbidden:
        _log.info("no permission to reply", channel=message.channel.id)
    except discord.NotFound:
        _log.warning("the channel of a question is gone", channel=message.channel.id)
        return None
    except discord.HTTPException as error:
        if error.code not in CLOSED:
            raise
        _log.warning("the channel takes no answer", channel=message.channel.id, reason=str(error))
        return None
    try:
        return await message.channel.send(
            reply.content, view=view, suppress_embeds=True, nonce=new_nonce()
        )
    except discord.Forbidden:
        _log.warning("no permission to send messages", channel=message.channel.id)
        return None


async def send_line(interaction: Interaction, line: str) -> None:
    """Send one line that only the member sees."""
    await send(interaction, OutgoingMessage(line), private=True)


async def send_with_file(interaction: Interaction, message: OutgoingMessage) -> None:
    """Send a message with its file, as the response or in the place of a deferred one."""
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=message.content, view=message.view, attachments=message.files
        )
        return
    await interaction.response.send_message(
        message.content,
        view=message.view or discord.utils.MISSING,
        files=message.files,
        ephemeral=True,
        suppress_embeds=True,
    )


async def send_private(
    interaction: Interaction, content: str, view: discord.ui.View | None = None
) -> None:
    """Send a message that only the clicking member sees; in a direct message, an ordinary one."""
    done = interaction.response.is_done()
    send = interaction.followup.send if done else interaction.response.send_message
    await send(
        content,
        view=view or discord.utils.MISSING,
        ephemeral=not is_direct_message(interaction),
        suppress_embeds=True,
    )


async def send_private_when_ready(
    interaction: Interaction, work: Awaitable[OutgoingMessage], *, in_place: bool = False
) -> None:
    """Send what `work` makes to the clicking member alone, deferring if it is slow.

    `in_place`: replace the clicked message instead, which only they see.
    """
    message = await acknowledge_if_slow(work, defer_click(interaction, in_place=in_place))
    if in_place:
        await replace_message(interaction, message.content, message.view)
    else:
        await send_private(interaction, message.content, message.view)


async def replace_message(
    interaction: Interaction, content: str, view: discord.ui.View | None
) -> None:
    """Edit the clicked message."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=content, view=view)
    else:
        await interaction.response.edit_message(content=content, view=view)


async def replace_own_message(
    interaction: Interaction, content: str, view: discord.ui.View | None
) -> None:
    """Edit the clicked message if only the member sees it; otherwise send them a private one."""
    if only_member_sees(interaction):
        await replace_message(interaction, content, view)
    else:
        await send_private(interaction, content, view)


async def replace_with_file(interaction: Interaction, message: OutgoingMessage) -> None:
    """Edit the clicked message, its attachment too."""
    if interaction.response.is_done():
        await interaction.edit_original_response(
            content=message.content, view=message.view, attachments=message.files
        )
        return
    await interaction.response.edit_message(
        content=message.content, view=message.view, attachments=message.files
    )


async def show_progress(interaction: Interaction, work: Awaitable[Result], line: str) -> Result:
    """Await `work`; if it is slow, replace the clicked message with `line` meanwhile."""
    return await acknowledge_if_slow(
        work,
        lambda: interaction.response.edit_message(content=line, view=None, attachments=[]),
    )
