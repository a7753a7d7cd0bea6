"""What the menus, buttons and the form of /settings do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from typing_extensions import override

from bot.discord.kit.buttons import ModalHandler, PersistentButton, PersistentItem, Select
from bot.discord.kit.channels import settings_at
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.sending import OutgoingMessage, replace_message
from bot.discord.kit.service import service_of
from bot.discord.settings import panel, rate_fields
from bot.discord.settings.message import (
    BUTTON_ID,
    MENU_ID,
    VALUES_ID,
    setting_button,
    setting_menu,
    settings_message,
)
from bot.discord.settings.saving import SettingsChange, guild_of, save_setting
from bot.discord.settings.values import (
    LISTS,
    Setting,
    missing_ids,
    reset,
    with_option,
    with_selection,
)
from bot.storage.servers import ServerSettings
from bot.wording import Wording

_EXCEPTIONS = {Setting.CURATORS.value: Audience.MANAGER}
"""Who is a curator by a role alone cannot make others curators."""


async def save_and_show(
    interaction: Interaction, setting: Setting, alter: SettingsChange, page: int = 0
) -> None:
    """Save a change, and show the new settings."""
    note = await save_setting(interaction, setting, alter)
    await _replace(interaction, settings_message(interaction, setting, page, note))


async def _replace(interaction: Interaction, message: OutgoingMessage) -> None:
    await replace_message(interaction, message.content, message.view)


class SettingMenu(PersistentItem[Select], template=MENU_ID):
    """Chooses which setting to change."""

    audience: ClassVar[Audience | None] = Audience.CURATOR

    @classmethod
    def of(cls, setting: Setting | None, wording: Wording) -> Self:
        """Make the menu, with `setting` selected."""
        return cls(setting_menu(setting, wording))

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item)

    async def press(self, interaction: Interaction) -> None:
        """Show the controls of the setting."""
        await _replace(interaction, settings_message(interaction, Setting(_values(interaction)[0])))


class ValueMenu(PersistentItem[Select], template=VALUES_ID):
    """Chooses the value or values of a setting; texts are shown one page at a time."""

    audience: ClassVar[Audience | None] = Audience.CURATOR
    audience_exceptions: ClassVar[Mapping[str, Audience]] = _EXCEPTIONS

    def __init__(self, item: Any, setting: Setting, page: int) -> None:
        super().__init__(item)
        self._setting = setting
        self._page = page

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, Setting(match["setting"]), int(match["page"]))

    @property
    def exception(self) -> str | None:
        """The setting, if its audience is an exception."""
        return self._setting.value if self._setting.value in _EXCEPTIONS else None

    async def press(self, interaction: Interaction) -> None:
        """Save what was selected."""
        values = _values(interaction)
        if self._setting not in LISTS:
            await self._keep(interaction, lambda now: with_option(now, self._setting, values[0]))
        elif self._setting is Setting.SOURCES:
            await self._keep_sources(interaction, values)
        else:
            await self._keep_ids(interaction, frozenset(map(int, values)))

    async def _keep_ids(self, interaction: Interaction, chosen: frozenset[int]) -> None:
        """Save only the channels or roles that changed, so that another curator's changes stay.

        Channels and roles that no longer exist are not in the menu; they stay in the list.
        """
        guild = guild_of(interaction)
        # @everyone has the server's id. So has the first channel of a server made before 2017.
        if self._setting is Setting.CURATORS and guild.id in chosen:
            reply = settings_message(
                interaction, self._setting, note=member_wording(interaction).NOT_EVERYBODY
            )
            await _replace(interaction, reply)
            return
        known = guild.get_role if self._setting is Setting.CURATORS else guild.get_channel
        menu: Any = self.item
        before = frozenset(value.id for value in menu.default_values)
        touched = frozenset(id_ for id_ in before ^ chosen if known(id_))
        await self._keep(
            interaction,
            lambda now: with_selection(now, self._setting, touched, touched & chosen, frozenset()),
        )

    async def _keep_sources(self, interaction: Interaction, values: list[str]) -> None:
        """Save the texts that changed; the others, and those on other pages, stay as they are."""
        service, wording = service_of(interaction), member_wording(interaction)
        options = {o.value for o in self.item.options if o.default is not (o.value in values)}
        there = service.snapshot.listing.by_digest
        shown = frozenset(there[digest].id for digest in options if digest in there)
        chosen = frozenset(there[digest].id for digest in options & {*values} if digest in there)
        every = frozenset(service.snapshot.sources)

        def changed(now: ServerSettings) -> ServerSettings:
            return with_selection(now, self._setting, shown, chosen, every)

        def alter(now: ServerSettings) -> ServerSettings:
            return changed(now) if changed(now).sources else now

        if not changed(settings_at(interaction)).sources:
            note = wording.ONE_TEXT_AT_LEAST
            await _replace(
                interaction, settings_message(interaction, self._setting, self._page, note)
            )
            return
        await self._keep(interaction, alter)

    async def _keep(self, interaction: Interaction, alter: SettingsChange) -> None:
        await save_and_show(interaction, self._setting, alter, self._page)


class SettingButton(PersistentButton, template=BUTTON_ID):
    """Resets a setting, removes deleted channels or roles from it, opens its form, or turns its page."""

    audience: ClassVar[Audience | None] = Audience.CURATOR
    audience_exceptions: ClassVar[Mapping[str, Audience]] = _EXCEPTIONS

    def __init__(self, act: str, setting: Setting, page: int, label: str = "Settings") -> None:
        super().__init__(setting_button(act, setting, page, label))
        self._act = act
        self._setting = setting
        self._page = page

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["act"], Setting(match["setting"]), int(match["page"]))

    @property
    def exception(self) -> str | None:
        """The setting, if its audience is an exception."""
        return self._setting.value if self._setting.value in _EXCEPTIONS else None

    async def press(self, interaction: Interaction) -> None:
        """Carry out the button's action."""
        setting, service = self._setting, service_of(interaction)
        if self._act == "empty":
            await save_and_show(interaction, setting, lambda now: reset(now, setting), self._page)
        elif self._act == "gone":
            names = panel.plain_names(guild_of(interaction), service)

            def alter(now: ServerSettings) -> ServerSettings:
                gone = missing_ids(now, setting, names)
                return with_selection(now, setting, gone, frozenset(), frozenset())

            await save_and_show(interaction, setting, alter, self._page)
        elif self._act == "numbers":
            now, defaults = settings_at(interaction), service.cooldowns.rates
            wording = member_wording(interaction)
            fields = rate_fields.RateLimitForm(now, defaults, interaction.id, wording)
            await interaction.response.send_modal(fields)
        else:
            await _replace(interaction, settings_message(interaction, setting, self._page))


async def set_rates(interaction: Interaction, _: re.Match[str]) -> None:
    """Save the numbers typed into the form."""
    try:
        member, channel = rate_fields.read_form(interaction)
    except ValueError:
        note = member_wording(interaction).not_a_rate(rate_fields.MOST)
        await _replace(interaction, settings_message(interaction, Setting.COOLDOWNS, note=note))
        return
    await save_and_show(
        interaction,
        Setting.COOLDOWNS,
        lambda now: replace(now, member_questions=member, channel_questions=channel),
    )


RATE_LIMIT_FORM = ModalHandler(
    rate_fields.RateLimitForm, rate_fields.FORM_ID, Audience.CURATOR, set_rates
)


def _values(interaction: Interaction) -> list[str]:
    data: Any = interaction.data
    return list(data["values"])
