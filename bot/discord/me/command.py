"""/me: a member's own preferences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Self

import discord
import structlog
from discord import app_commands
from typing_extensions import override

from bot.discord.kit.buttons import (
    PersistentButton,
    PersistentItem,
    Select,
    make_button,
    make_view,
)
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import OutgoingMessage, acknowledge_if_slow, replace_own_message, send
from bot.discord.kit.service import service_of
from bot.discord.me.choices import Preference, menu_of, with_value
from bot.discord.me.wording import PreferenceWording
from bot.storage.connections import StorageError
from bot.storage.preferences import Preferences
from bot.wording import ENGLISH, Wording

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.preferences")


@app_commands.command(
    name="me",
    description="Your own choices: language, who sees your answers, how many quotes, what is kept.",
    extras=for_audience(Audience.ANYONE),
)
async def me(interaction: Interaction) -> None:
    """Show the member's preferences, to them alone."""
    await send(interaction, preferences_message(interaction), private=True)


def preferences_message(interaction: Interaction, note: str = "") -> OutgoingMessage:
    """The menus with what is chosen now, under the line `note` if there is one."""
    service, wording = service_of(interaction), member_wording(interaction)
    own, now = wording.lines_of(PreferenceWording), service.preferences.of(interaction.user.id)
    shown = [
        each
        for each in Preference
        if each is not Preference.KEEP or service.storage.keeps_questions
    ]
    items: list[discord.ui.Item[Any]] = [
        PreferenceMenu(menu_of(each, now, service.policy.quotes, own), each) for each in shown
    ]
    if now != Preferences():
        items.append(ResetButton(wording))
    return OutgoingMessage("\n".join(filter(None, (note, own.HEADING))), make_view(*items))


async def _change(interaction: Interaction, alter: Callable[[Preferences], Preferences]) -> None:
    """Save a change, and show the new preferences."""
    preferences, user = service_of(interaction).preferences, interaction.user.id
    note = ""
    try:
        await acknowledge_if_slow(preferences.change(user, alter), interaction.response.defer)
    except StorageError as error:
        _log.warning("preferences could not be kept", reason=str(error))
        note = member_wording(interaction).lines_of(PreferenceWording).STORAGE_FAILED
    message = preferences_message(interaction, note)
    await replace_own_message(interaction, message.content, message.view)


class PreferenceMenu(
    PersistentItem[Select], template=r"me:(?P<preference>language|private|quotes|keep)"
):
    """Changes one preference of whoever uses it."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, item: Select, preference: Preference) -> None:
        super().__init__(item)
        self._preference = preference

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, Preference(match["preference"]))

    async def press(self, interaction: Interaction) -> None:
        """Save what was selected."""
        data: Any = interaction.data
        value = str(data["values"][0])
        await _change(interaction, lambda now: with_value(now, self._preference, value))


class ResetButton(PersistentButton, template="me:reset"):
    """Resets all preferences of whoever clicks."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.lines_of(PreferenceWording).RESET, "me:reset"))

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Delete the preferences, which restores the defaults."""
        await _change(interaction, lambda _: Preferences())
