"""/privacy: what the bot keeps of a member, and how to delete it."""

from __future__ import annotations

import re
from typing import ClassVar, Self

import discord
import structlog
from discord import app_commands
from typing_extensions import override

from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import OutgoingMessage, send, send_private, send_private_when_ready
from bot.discord.kit.service import service_of
from bot.storage.connections import StorageError
from bot.storage.preferences import Preferences
from bot.wording import ENGLISH, Wording

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.privacy")


@app_commands.command(
    description="What I keep about you, who sees it, and how to delete it.",
    extras=for_audience(Audience.ANYONE),
)
@app_commands.describe(forget="Delete your questions, votes and choices; you are asked once more")
async def privacy(interaction: Interaction, forget: bool = False) -> None:
    """Explain what is kept, or ask for confirmation before deleting it."""
    wording = member_wording(interaction)
    if forget:
        reply = OutgoingMessage(wording.FORGET_SURE, _confirmation(wording))
    else:
        service = service_of(interaction)
        content = wording.privacy(service.storage.days, service.grace_days)
        reply = OutgoingMessage(content, make_view(ForgetButton("ask", wording)))
    await send(interaction, reply, private=True)


class ForgetButton(PersistentButton, template=r"forget:(?P<way>ask|yes|no)"):
    """Deletes what is stored about whoever clicks, after asking them."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, way: str, wording: Wording = ENGLISH) -> None:
        label = {"ask": wording.FORGET, "yes": wording.FORGET_YES, "no": wording.FORGET_NO}[way]
        super().__init__(make_button(label, f"forget:{way}"))
        self._way = way

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["way"])

    async def press(self, interaction: Interaction) -> None:
        """Ask for confirmation, delete, or do nothing."""
        wording = member_wording(interaction)
        if self._way == "ask":
            await send_private(interaction, wording.FORGET_SURE, _confirmation(wording))
        elif self._way == "no":
            await interaction.response.edit_message(content=wording.NOTHING_DELETED, view=None)
        else:
            await send_private_when_ready(interaction, _forget(interaction, wording), in_place=True)


def _confirmation(wording: Wording) -> discord.ui.View:
    return make_view(ForgetButton("yes", wording), ForgetButton("no", wording))


async def _forget(interaction: Interaction, wording: Wording) -> OutgoingMessage:
    service = service_of(interaction)
    try:
        await service.question_log.written()
        gone = await service.storage.questions.forget(interaction.user.id)
        preferred = service.preferences.of(interaction.user.id) != Preferences()
        await service.preferences.change(interaction.user.id, lambda _: Preferences())
    except StorageError as error:
        _log.warning("a member's data could not be deleted", reason=str(error))
        return OutgoingMessage(wording.STORAGE_FAILED, _confirmation(wording))
    return OutgoingMessage(wording.forgotten(gone.questions, gone.votes, preferences=preferred))
