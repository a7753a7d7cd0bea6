"""The message of /settings: what is set, and the controls of the selected setting.

What the controls do is in `controls`, which finds them by their `custom_id`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord.kit.buttons import Button, Select, make_button, make_view
from bot.discord.kit.channels import settings_at
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.sending import OutgoingMessage
from bot.discord.kit.service import service_of
from bot.discord.settings import panel
from bot.discord.settings.menus import MAX_OPTIONS, sources_menu, value_menu
from bot.discord.settings.saving import guild_of
from bot.discord.settings.values import LISTS, Setting, missing_ids, setting_name
from bot.models import Source
from bot.storage.servers import ServerSettings
from bot.wording import Wording

_SETTING_AND_PAGE = r"(?P<setting>[a-z_]{1,20}):(?P<page>\d{1,4})"
MENU_ID = r"settings:which"
VALUES_ID = rf"settings:set:{_SETTING_AND_PAGE}"
BUTTON_ID = rf"settings:do:(?P<act>[a-z]{{1,10}}):{_SETTING_AND_PAGE}"


def settings_message(
    interaction: Interaction, setting: Setting | None = None, page: int = 0, note: str = ""
) -> OutgoingMessage:
    """Make the message of /settings, with the controls of `setting` and the line `note`."""
    guild, service = guild_of(interaction), service_of(interaction)
    wording = member_wording(interaction)
    can_read_content = interaction.client.intents.message_content
    names, defaults = panel.mentions(guild, service, wording), panel.defaults_in(guild, service)
    now = settings_at(interaction)
    said = panel.settings_text(
        now, names, defaults, wording, setting, note, can_read_content=can_read_content
    )
    view = make_view(setting_menu(setting, wording))
    if setting is not None:
        for item in _controls(interaction, setting, page, wording):
            view.add_item(item)
    return OutgoingMessage(said, view)


def _controls(
    interaction: Interaction, setting: Setting, page: int, wording: Wording
) -> list[discord.ui.Item[Any]]:
    """The menu of a setting, and its buttons."""
    guild, service, now = guild_of(interaction), service_of(interaction), settings_at(interaction)
    if setting is Setting.COOLDOWNS:
        items: list[discord.ui.Item[Any]] = [
            setting_button("numbers", setting, page, wording.TYPE_NUMBERS)
        ]
        if now.member_questions is not None or now.channel_questions is not None:
            items.append(setting_button("empty", setting, page, wording.USUAL_NUMBERS))
        return items
    if setting is Setting.SOURCES:
        items = _sources_controls(service.snapshot.listing.in_order, now, page, wording)
    else:
        items = [value_menu(setting, guild, now, wording, _id(setting, 0))]
    if setting in LISTS:
        if setting is not Setting.SOURCES and getattr(now, setting):
            items.append(setting_button("empty", setting, page, wording.EMPTY_LIST))
        if missing_ids(now, setting, panel.plain_names(guild, service)):
            items.append(setting_button("gone", setting, page, wording.TAKE_OUT_GONE))
    return items


def _sources_controls(
    sources: Sequence[Source], now: ServerSettings, page: int, wording: Wording
) -> list[discord.ui.Item[Any]]:
    page = min(page, max(0, len(sources) - 1) // MAX_OPTIONS)
    items: list[discord.ui.Item[Any]] = []
    menu = sources_menu(sources, page, now, wording, _id(Setting.SOURCES, page))
    if menu is not None:
        items.append(menu)
    if page:
        items.append(setting_button("show", Setting.SOURCES, page - 1, wording.PREVIOUS))
    if (page + 1) * MAX_OPTIONS < len(sources):
        items.append(setting_button("show", Setting.SOURCES, page + 1, wording.NEXT))
    if now.sources is not None:
        items.append(setting_button("empty", Setting.SOURCES, page, wording.OFFER_ALL))
    return items


def _id(setting: Setting, page: int) -> str:
    return f"settings:set:{setting.value}:{page}"


def setting_menu(setting: Setting | None, wording: Wording) -> Select:
    """The menu that chooses which setting to change, with `setting` selected."""
    options = [
        discord.SelectOption(label=setting_name(s, wording), value=s.value, default=s is setting)
        for s in Setting
    ]
    return discord.ui.Select(
        custom_id="settings:which", placeholder=wording.CHOOSE_SETTING, options=options
    )


def setting_button(act: str, setting: Setting, page: int, label: str) -> Button:
    """The button that does `act`: see `SettingButton`."""
    return make_button(label, f"settings:do:{act}:{setting.value}:{page}")
