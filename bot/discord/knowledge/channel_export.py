"""The last messages of a channel or thread, as the JSON that DiscordChatExporter writes, so that one format reads both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord

MOST_MESSAGES = 5_000
"""Most messages that are taken at once: fifty requests to Discord."""

USUAL_MESSAGES = 200
"""Messages of a channel that are taken where the curator names no number. A thread is taken whole."""

_MARK = re.compile(
    r"<(?:(?P<kind>@!?|@&|\#)(?P<id>\d{15,20})|a?(?P<emoji>:\w{1,40}:)\d{15,20}"
    r"|(?P<command>/[^:<>\n]{1,100}):\d{15,20}|t:(?P<time>-?\d{1,11})(?::\w)?)>"
)

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class ChannelExport:
    """The export, how many messages are in it, and why there are no earlier ones, if there may be."""

    data: bytes
    count: int
    stopped_by: str | None = None


def missing_permissions(channel: Readable) -> list[str]:
    """Name the permissions that the bot lacks to read what was written in `channel`, as Discord calls them."""
    may = channel.permissions_for(channel.guild.me)
    needed = {"View Channel": may.view_channel, "Read Message History": may.read_message_history}
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        needed["Connect"] = may.connect
    return [name for name, granted in needed.items() if not granted]


async def export(
    channel: Readable, last: int | None, most_bytes: int, *, names: bool
) -> ChannelExport:
    """Read the `last` messages of a channel, or as many of them as `most_bytes` hold; None: the usual number.

    Members' names are in the export only if `names` says so. Only the export is held in memory, not the messages.

    Raises:
        discord.HTTPException: Discord fails.

    """
    usual = MOST_MESSAGES if isinstance(channel, discord.Thread) else USUAL_MESSAGES
    most = min(last or usual, MOST_MESSAGES)
    found: list[str] = []
    room, stopped_by = most_bytes - 1_000, None
    async for message in channel.history(limit=most + 1):
        if len(found) == most:
            stopped_by = "count"
            break
        line = json.dumps(_exported(message, names=names), ensure_ascii=False)
        room -= len(line.encode(errors="surrogatepass")) + 1
        if room < 0:
            stopped_by = "size"
            break
        found.append(line)
    head = json.dumps(_place(channel), ensure_ascii=False)[:-1]
    body = ",\n".join(reversed(found))
    data = f'{head}, "messages": [\n{body}\n]}}'.encode(errors="replace")
    return ChannelExport(data, len(found), stopped_by)


def _place(channel: Readable) -> dict[str, Any]:
    kind = "GuildPublicThread" if isinstance(channel, discord.Thread) else "GuildTextChat"
    return {
        "guild": {"id": str(channel.guild.id), "name": channel.guild.name},
        "channel": {"id": str(channel.id), "type": kind, "name": channel.name},
    }


def _exported(message: discord.Message, *, names: bool) -> dict[str, Any]:
    """A message as the format reads it; for a thread's first line, the message that the thread is about."""
    begins = message.reference.resolved if message.reference else None
    if message.type is discord.MessageType.thread_starter_message and isinstance(
        begins, discord.Message
    ):
        message = begins
    kind = {discord.MessageType.default: "Default", discord.MessageType.reply: "Reply"}
    author: dict[str, Any] = {"isBot": message.author.bot}
    if names:
        author |= {"name": message.author.name, "nickname": message.author.display_name}
    return {
        "id": str(message.id),
        "type": kind.get(message.type, message.type.name),
        "timestamp": message.created_at.isoformat(),
        "content": shown_text(message.content, _names_in(message)),
        "author": author,
        "mentions": [{} for _ in message.mentions],
        **{
            kind: [{} for _ in getattr(message, kind)]
            for kind in ("attachments", "embeds", "stickers")
        },
        **({"forwardedMessage": {}} if message.message_snapshots else {}),
    }


def _names_in(message: discord.Message) -> Mapping[str, str]:
    """Map the ids in a message to the names that members see in their place."""
    found = {str(member.id): f"@{member.display_name}" for member in message.mentions}
    found |= {str(role.id): f"@{role.name}" for role in message.role_mentions}
    if message.guild is not None:
        for number in message.raw_channel_mentions:
            channel = message.guild.get_channel_or_thread(number)
            if channel is not None:
                found[str(number)] = f"#{channel.name}"
    return found


def shown_text(content: str, names: Mapping[str, str]) -> str:
    """Write a message's text as members see it: with names for ids, and emojis by theirs."""

    def shown(mark: re.Match[str]) -> str:
        if mark["id"]:
            return names.get(mark["id"], f"#{mark['id']}" if mark["kind"] == "#" else "@unknown")
        if mark["time"]:
            return _moment(int(mark["time"]))
        return str(mark["emoji"] or mark["command"])

    return _MARK.sub(shown, content)


def _moment(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"<t:{seconds}>"
