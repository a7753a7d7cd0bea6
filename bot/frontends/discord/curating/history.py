"""What curators have done to the texts: noted when it is done, and listed."""

from __future__ import annotations

from typing import Any

import discord
import structlog

from bot.frontends.discord import markdown
from bot.frontends.discord.curating.previews import cut, fitting
from bot.frontends.discord.messages import LIMIT
from bot.frontends.discord.service import service_of, utc_now
from bot.frontends.discord.speech import own_texts
from bot.frontends.texts import Texts
from bot.models import Source
from bot.operations.storage.audit import Act
from bot.operations.storage.connections import StorageError

ACTIONS = ("add", "replace", "remove", "reload")
SHOWN = 10
_DETAIL = 120

Interaction = discord.Interaction[Any]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


async def note(interaction: Interaction, action: str, of: Source | str) -> str:
    """Note what a curator has done, and return what is to be said of that: mostly nothing."""
    detail = of if isinstance(of, str) else f"{of.id}: {of.title}"
    who, where = interaction.user.id, interaction.guild_id
    _log.info("texts changed", action=action, detail=detail, member=who, guild=where)
    try:
        audit = service_of(interaction).storage.audit
        await audit.record(where, who, action, detail, utc_now())
    except StorageError as error:
        _log.warning("an act was not noted", reason=str(error))
        return own_texts(interaction).NOT_NOTED
    return ""


async def history_of(interaction: Interaction) -> str:
    """Return the last acts in all servers, for the texts are those of all."""
    texts = own_texts(interaction)
    try:
        acts = await service_of(interaction).storage.audit.latest_of(ACTIONS, SHOWN)
    except StorageError as error:
        _log.warning("the history cannot be read", reason=str(error))
        return texts.HISTORY_UNKNOWN
    if not acts:
        return texts.NO_HISTORY
    lines = [f"- {_line(act, interaction.guild_id, texts)}" for act in acts]
    room = LIMIT - markdown.length(texts.HISTORY) - 1
    return "\n".join((texts.HISTORY, *lines[: fitting(lines, room)]))


def _line(act: Act, server: int | None, texts: Texts) -> str:
    """Return an act as a line; who it was is said in the same server alone."""
    who = f"<@{act.member_id}>" if act.server == server else texts.ELSEWHERE
    detail = texts.isolated(markdown.escape(cut(act.detail, _DETAIL)))
    return texts.act(f"<t:{int(act.at.timestamp())}:f>", who, act.action, detail)
