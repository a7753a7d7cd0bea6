"""The bot's reply to a message: sent, edited when the question is, or deleted."""

from __future__ import annotations

from contextlib import suppress

import discord

from bot.discord.ask.reply_tracking import TrackedMessage
from bot.discord.kit.sending import OutgoingMessage, send_reply


async def deliver(
    message: discord.Message, tracked: TrackedMessage, version: int, reply: OutgoingMessage
) -> int | None:
    """Edit the last reply to `message`, or send a first one; return the reply's id.

    Nothing happens if the message has been edited since `version`. A reply that somebody has
    deleted is sent again only to a member who asks the bot.
    """
    async with tracked.delivering:
        if tracked.version != version:
            return None
        if tracked.reply is not None:
            try:
                await tracked.reply.edit(content=reply.content, view=reply.view)
            except discord.NotFound:
                if not tracked.asked:
                    return None
            else:
                return tracked.reply.id
        sent = await send_reply(message, reply)
        if sent is None:
            return None
        tracked.reply = discord.PartialMessage(channel=sent.channel, id=sent.id)
        return sent.id


async def delete_reply(tracked: TrackedMessage) -> None:
    """Delete the reply, if there is one. The caller holds `tracked.delivering`."""
    reply, tracked.reply = tracked.reply, None
    if reply is not None:
        with suppress(discord.NotFound):
            await reply.delete()
