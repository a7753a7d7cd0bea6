"""Threads that the bot opens on its answers, where a server wants them."""

from __future__ import annotations

import discord
import structlog

from bot.discord.kit import markdown
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.sending import SEND_ERRORS

MAX_NAME = 100

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.threads")


async def open_thread(
    interaction: Interaction, answer: discord.Message, question: str
) -> discord.Thread | None:
    """Open a thread on `answer`; None where the channel or the permissions allow none."""
    channel, may = interaction.channel, interaction.app_permissions
    if (
        not isinstance(channel, discord.TextChannel)
        or not may.create_public_threads
        or not may.send_messages_in_threads
    ):
        return None
    try:
        return await channel.create_thread(name=thread_name(question), message=answer)
    except SEND_ERRORS as error:
        _log.warning("no thread on an answer", channel=interaction.channel_id, reason=str(error))
        return None


def thread_name(question: str) -> str:
    """Make a thread's name from the question: one line, cut between words."""
    line = " ".join(question.split())
    if markdown.length(line) <= MAX_NAME:
        return line
    kept = line[: MAX_NAME - 1]
    while markdown.length(kept) > MAX_NAME - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0]
    return f"{whole or kept}…"
