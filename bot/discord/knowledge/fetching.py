"""Fetches a text that is to be added, from an attachment, a message, or a channel."""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass, field

import aiohttp
import discord

from bot.discord.kit import markdown
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.service import service_of
from bot.discord.knowledge.channel_export import Readable, export, missing_permissions
from bot.discord.knowledge.message_links import (
    MessageLink,
    fetch_channel,
    fetch_message,
    parse_link,
)
from bot.texts.importing import Metadata
from bot.wording import Wording

SECONDS = 30
"""Timeout of downloading an attachment."""

CHANNEL_SECONDS = 600
"""Timeout of reading a channel, whose requests Discord slows down. After 15 minutes nothing could be shown any more."""


class NotFetchedError(Exception):
    """The text cannot be fetched; the message says why, in the member's language."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A text as it was fetched, what is known of it, and notes for the curator."""

    data: bytes
    name: str
    facts: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()
    names: bool = False
    """Whether the names of members who wrote messages are kept."""


async def from_attachment(
    interaction: Interaction,
    attachment: discord.Attachment,
    notes: tuple[str, ...] = (),
    *,
    names: bool = False,
) -> FetchedFile:
    """Download an attachment, up to the size that is allowed.

    Raises NotFetchedError.
    """
    wording, most = member_wording(interaction), service_of(interaction).settings.max_upload
    name = markdown.escape(attachment.filename)
    if attachment.size > most:
        raise NotFetchedError(wording.too_large(name, attachment.size, most))
    try:
        async with asyncio.timeout(SECONDS):
            data = await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise NotFetchedError(wording.NOT_FETCHED) from error
    if len(data) > most:
        raise NotFetchedError(wording.too_large(name, len(data), most))
    return FetchedFile(data, attachment.filename, notes=notes, names=names)


async def from_link(
    interaction: Interaction, typed: str, last: int | None = None, *, names: bool = False
) -> FetchedFile:
    """Fetch the message behind a link, or the `last` messages of the channel or thread behind it.

    Raises NotFetchedError.
    """
    wording, link = member_wording(interaction), parse_link(typed)
    if link is None:
        raise NotFetchedError(wording.NOT_A_LINK)
    if link.message is None:
        return await from_channel(interaction, link, last, names=names)
    try:
        message = await fetch_message(interaction, link)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise NotFetchedError(wording.NOT_FETCHED) from error
    if message is None:
        raise NotFetchedError(wording.NOT_VISIBLE)
    return await from_message(interaction, message, wording.WORDLESS_LINK)


async def from_channel(
    interaction: Interaction, link: MessageLink, last: int | None, *, names: bool
) -> FetchedFile:
    """Take the `last` messages of a channel or thread, if both the member and the bot can read them.

    Raises NotFetchedError, which names every permission that the bot lacks.
    """
    wording, most = member_wording(interaction), service_of(interaction).settings.max_upload
    try:
        async with asyncio.timeout(CHANNEL_SECONDS):
            channel = await fetch_channel(interaction, link)
            if not isinstance(channel, Readable):
                raise NotFetchedError(
                    wording.NOT_VISIBLE_CHANNEL if channel is None else wording.NO_MESSAGES_HERE
                )
            lacks = missing_permissions(channel)
            reads = interaction.client.intents.message_content
            if lacks or not reads:
                raise NotFetchedError(
                    wording.cannot_read(markdown.escape(channel.name), lacks, intent=not reads)
                )
            found = await export(channel, last, most, names=names)
    except discord.Forbidden as error:
        raise NotFetchedError(wording.NOT_VISIBLE_CHANNEL) from error
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise NotFetchedError(wording.NOT_FETCHED) from error
    if not found.count:
        raise NotFetchedError(wording.NO_MESSAGES_HERE)
    notes = (wording.earlier_left_out(found.count, by_size=found.stopped_by == "size"),)
    name = channel.name if isinstance(channel, discord.Thread) else f"#{channel.name}"
    return FetchedFile(found.data, name, notes=notes if found.stopped_by else (), names=names)


async def from_message(
    interaction: Interaction, message: discord.Message, wordless: str | None = None
) -> FetchedFile:
    """Take the first file of a message that may be a text, or else its words.

    Raises NotFetchedError, with the line `wordless` if it has neither.
    """
    wording = member_wording(interaction)
    forwarded = message.message_snapshots[0] if message.message_snapshots else None
    content = message.content or (forwarded.content if forwarded else "")
    files = [a for a in (forwarded or message).attachments if may_be_text(a)]
    if files:
        return await from_attachment(
            interaction, files[0], _notes(wording, content=content, files=len(files))
        )
    if not content.strip():
        raise NotFetchedError(wordless or wording.WORDLESS)
    name = wording.message_of(message.author.display_name)
    known = Metadata(url=message.jump_url)
    if forwarded is None:
        known = Metadata(
            author=message.author.display_name,
            url=message.jump_url,
            date=message.created_at.date(),
        )
    return FetchedFile(content.encode(errors="surrogatepass"), name, known)


def may_be_text(attachment: discord.Attachment) -> bool:
    """Whether an attachment may be of a format that has text: any but pictures, sound and films."""
    kind = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    return not kind.startswith(("image/", "audio/", "video/"))


def _notes(wording: Wording, *, content: str, files: int) -> tuple[str, ...]:
    notes = [wording.ONLY_ATTACHMENT] if content.strip() else []
    if files > 1:
        notes.append(wording.ONLY_FIRST)
    return tuple(notes)
