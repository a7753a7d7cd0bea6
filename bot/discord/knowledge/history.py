"""Records what curators do to the texts, and lists it."""

from __future__ import annotations

import re
from typing import ClassVar, Self

import structlog
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, send_private_when_ready
from bot.discord.kit.service import service_of, utc_now
from bot.discord.knowledge.previews import cut, fitting
from bot.models import Source
from bot.storage.audit import AuditEntry
from bot.storage.connections import StorageError
from bot.wording import Wording

ACTIONS = ("add", "replace", "remove", "reload")
SHOWN = 10
_DETAIL = 120


_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


async def record_act(interaction: Interaction, action: str, of: Source | str) -> str:
    """Record an act; return a line about it if that fails, else an empty one."""
    detail = of if isinstance(of, str) else f"{of.id}: {of.title}"
    who, where = interaction.user.id, interaction.guild_id
    _log.info("texts changed", action=action, detail=detail, member=who, guild=where)
    try:
        audit = service_of(interaction).storage.audit
        await audit.record(where, who, action, detail, utc_now())
    except StorageError as error:
        _log.warning("an act was not noted", reason=str(error))
        return member_wording(interaction).NOT_NOTED
    return ""


async def history_message(interaction: Interaction, skip: int = 0) -> OutgoingMessage:
    """List the last acts after `skip`, of all servers, as they share the texts."""
    wording = member_wording(interaction)
    try:
        audit = service_of(interaction).storage.audit
        acts = await audit.latest_by_action(ACTIONS, SHOWN + 1, skip)
    except StorageError as error:
        _log.warning("the history cannot be read", reason=str(error))
        return OutgoingMessage(wording.HISTORY_UNKNOWN)
    if not acts and not skip:
        return OutgoingMessage(wording.NO_HISTORY)
    lines = [f"- {_line(act, interaction.guild_id, wording)}" for act in acts[:SHOWN]]
    room = LIMIT - markdown.length(wording.HISTORY) - 1
    shown = lines[: fitting(lines, room)]
    buttons = []
    if skip:
        buttons.append(HistoryButton(max(0, skip - SHOWN), wording.PREVIOUS))
    if len(shown) < len(acts):
        buttons.append(HistoryButton(skip + len(shown), wording.NEXT))
    return OutgoingMessage(
        "\n".join((wording.HISTORY, *shown)), make_view(*buttons) if buttons else None
    )


class HistoryButton(PersistentButton, template=r"history:(?P<skip>\d{1,6})"):
    """Turns to earlier or later acts, for curators."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, skip: int, label: str = "Page") -> None:
        super().__init__(make_button(label, f"history:{skip}"))
        self._skip = skip

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(int(match["skip"]))

    async def press(self, interaction: Interaction) -> None:
        """Replace the clicked list."""
        work = history_message(interaction, self._skip)
        await send_private_when_ready(interaction, work, in_place=True)


def _line(act: AuditEntry, server: int | None, wording: Wording) -> str:
    """An act as one line; it names the curator only to their own server."""
    who = f"<@{act.member_id}>" if act.server == server else wording.ELSEWHERE
    detail = wording.isolated(markdown.escape(cut(act.detail, _DETAIL)))
    return wording.act(f"<t:{int(act.at.timestamp())}:f>", who, act.action, detail)
