"""The menus and buttons under /settings. They work after a restart, and check who uses them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import discord

from bot.frontends.catalogue import languages
from bot.frontends.discord.buttons import (
    Interaction,
    Lasting,
    LastingButton,
    Select,
    button,
    show,
    view_of,
)
from bot.frontends.discord.channels import settings_at
from bot.frontends.discord.curating import panel, rates
from bot.frontends.discord.curating.rights import is_curator, may_manage
from bot.frontends.discord.curating.values import (
    AS_IT_IS,
    CHANNELS,
    LISTS,
    Setting,
    gone_from,
    name_of,
    with_choice,
    with_items,
    without,
)
from bot.frontends.discord.replies import ACKNOWLEDGE_AFTER, Reply
from bot.frontends.discord.service import service_of
from bot.frontends.discord.speech import own_texts
from bot.frontends.texts import ENGLISH, Texts
from bot.models import Source
from bot.operations.storage.connections import StorageError
from bot.operations.storage.servers import ServerSettings

MENU = 25
"""Options of a menu, and choices in it, at most."""

_LABEL = 100
_FORUMS = [discord.ChannelType.forum, discord.ChannelType.media]
_SPOKEN_IN = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.category,
]
_TYPES = {
    Setting.LISTENS: _SPOKEN_IN,
    Setting.SILENT: [*_SPOKEN_IN, *_FORUMS],
    Setting.FORUMS: _FORUMS,
}
_PLACE = r"(?P<setting>[a-z_]{1,20}):(?P<page>\d{1,4})"
Alteration = Callable[[ServerSettings], ServerSettings]


def settings_reply(
    interaction: Interaction, setting: Setting | None = None, page: int = 0, note: str = ""
) -> Reply:
    """Return the message of /settings as things are now, with the controls of `setting`."""
    guild, service, texts = _guild(interaction), service_of(interaction), own_texts(interaction)
    reads = interaction.client.intents.message_content
    names, usual = panel.mentions(guild, service, texts), panel.usual_in(guild, service)
    now = settings_at(interaction)
    said = panel.content(now, names, usual, texts, setting, note, reads=reads)
    view = view_of(SettingMenu.of(setting, texts))
    if setting is not None:
        for item in _controls(interaction, setting, page, texts):
            view.add_item(item)
    return Reply(said, view)


def _controls(
    interaction: Interaction, setting: Setting, page: int, texts: Texts
) -> list[discord.ui.Item[Any]]:
    """Return the menu of a setting, and its buttons."""
    guild, service, now = _guild(interaction), service_of(interaction), settings_at(interaction)
    if setting is Setting.COOLDOWNS:
        buttons = [("numbers", texts.TYPE_NUMBERS, page)]
        if now.member_questions is not None or now.channel_questions is not None:
            buttons.append(("empty", texts.USUAL_NUMBERS, page))
        return [SettingButton(act, setting, at, label) for act, label, at in buttons]
    sources = list(service.snapshot.sources.values())
    page = min(page, max(0, len(sources) - 1) // MENU) if setting is Setting.SOURCES else 0
    menu = _menu(setting, guild, now, sources[page * MENU : (page + 1) * MENU], texts)
    items: list[discord.ui.Item[Any]] = []
    if menu is not None:
        menu.custom_id = f"settings:set:{setting.value}:{page}"
        items.append(ValueMenu(menu, setting, page))
    acts = []
    if setting is Setting.SOURCES:
        if page:
            acts.append(("show", texts.PREVIOUS, page - 1))
        if (page + 1) * MENU < len(sources):
            acts.append(("show", texts.NEXT, page + 1))
        if now.sources is not None:
            acts.append(("empty", texts.OFFER_ALL, page))
    elif setting in LISTS and getattr(now, setting):
        acts.append(("empty", texts.EMPTY_LIST, page))
    if setting in LISTS and gone_from(now, setting, panel.plain_names(guild, service)):
        acts.append(("gone", texts.TAKE_OUT_GONE, page))
    return [*items, *(SettingButton(act, setting, at, label) for act, label, at in acts)]


def _menu(
    setting: Setting,
    guild: discord.Guild,
    now: ServerSettings,
    sources: list[Source],
    texts: Texts,
) -> Any:
    """Return the menu with the values of a setting; None: there is nothing to choose from."""
    if setting in CHANNELS:
        return discord.ui.ChannelSelect(
            channel_types=_TYPES[setting],
            placeholder=texts.CHOOSE_FORUMS if setting is Setting.FORUMS else texts.CHOOSE_CHANNELS,
            min_values=0,
            max_values=MENU,
            default_values=[
                discord.SelectDefaultValue(id=id_, type=discord.SelectDefaultValueType.channel)
                for id_ in sorted(getattr(now, setting))
                if guild.get_channel(id_)
            ][:MENU],
        )
    if setting is Setting.CURATORS:
        return discord.ui.RoleSelect(
            placeholder=texts.CHOOSE_ROLES,
            min_values=0,
            max_values=MENU,
            default_values=[
                discord.SelectDefaultValue(id=id_, type=discord.SelectDefaultValueType.role)
                for id_ in sorted(now.curator_roles)
                if guild.get_role(id_)
            ][:MENU],
        )
    if setting is Setting.SOURCES:
        options = [_option_of(source, now.sources, texts) for source in sources]
        if not options:
            return None
        return discord.ui.Select(
            placeholder=texts.CHOOSE_TEXTS, min_values=0, max_values=len(options), options=options
        )
    return discord.ui.Select(
        placeholder=name_of(setting, texts), options=_choices(setting, now, texts)
    )


def _option_of(source: Source, chosen: frozenset[str] | None, texts: Texts) -> discord.SelectOption:
    return discord.SelectOption(
        label=_cut(source.title),
        description=_cut(f"{source.author}, {texts.counted_posts(len(source.posts))}"),
        value=source.digest,
        default=chosen is None or source.id in chosen,
    )


def _choices(setting: Setting, now: ServerSettings, texts: Texts) -> list[discord.SelectOption]:
    """Return the options of a setting that has one value."""
    yes_no = {True: "yes", False: "no"}
    if setting is Setting.OWN_THREAD:
        own = yes_no[now.own_thread]
        there = {"yes": texts.OPENS_THREAD, "no": texts.OPENS_NONE}
    elif setting is Setting.PRIVATE:
        own = AS_IT_IS if now.private is None else yes_no[now.private]
        there = {
            AS_IT_IS: texts.BOTS_OWN,
            "yes": texts.ASKER_ALONE,
            "no": texts.EVERYBODY,
        }
    else:
        own = now.language or AS_IT_IS
        there = {AS_IT_IS: texts.AS_DISCORD}
        there |= {tag: texts.language(tag) for tag in languages()[: MENU - 1]}
    return [
        discord.SelectOption(label=_cut(label), value=value, default=value == own)
        for value, label in there.items()
    ]


async def keep(
    interaction: Interaction, setting: Setting, alter: Alteration, page: int = 0
) -> None:
    """Keep what a curator has chosen, and show the settings as they are then.

    Where it cannot be kept, say so: then nothing has changed.
    """
    guild, service, texts = _guild(interaction), service_of(interaction), own_texts(interaction)
    usual = panel.usual_in(guild, service)
    plain = panel.plain_names(guild, service)
    work = asyncio.ensure_future(
        service.servers.update(
            guild.id,
            alter,
            interaction.user.id,
            lambda was, now: panel.change(setting, was, now, plain, usual, ENGLISH),
            service.now(),
        )
    )
    await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
    if not work.done():
        await interaction.response.defer()
    try:
        was, now = await work
    except StorageError:
        interaction.client.log.exception("settings could not be kept", guild=guild.id)
        await _turn(interaction, settings_reply(interaction, setting, page, texts.NOT_KEPT))
        return
    names = panel.mentions(guild, service, texts)
    note = texts.NO_CHANGE if was == now else panel.change(setting, was, now, names, usual, texts)
    await _turn(interaction, settings_reply(interaction, setting, page, note))


async def _turn(interaction: Interaction, reply: Reply) -> None:
    """Put `reply` in the place of the message that was used."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=reply.content, view=reply.view)
    else:
        await interaction.response.edit_message(content=reply.content, view=reply.view)


async def may_set(interaction: Interaction, setting: Setting | None = None) -> bool:
    """Return whether the member may change `setting`, and tell them if they may not.

    Curators by a role make nobody else a curator.
    """
    if not is_curator(interaction):
        await show(interaction, own_texts(interaction).CURATORS_ONLY)
        return False
    if setting is Setting.CURATORS and not may_manage(interaction):
        await show(interaction, own_texts(interaction).MANAGERS_ONLY)
        return False
    return True


def _guild(interaction: Interaction) -> discord.Guild:
    """Return the server; curators are found only where the bot is a member."""
    guild = interaction.guild
    if guild is None:
        raise ValueError("settings outside a server")
    return guild


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 1]}…"


class SettingMenu(Lasting[Select], template=r"settings:which"):
    """Chooses which setting is to be changed."""

    @classmethod
    def of(cls, setting: Setting | None, texts: Texts) -> Self:
        """Return the menu, with `setting` chosen."""
        options = [
            discord.SelectOption(label=name_of(s, texts), value=s.value, default=s is setting)
            for s in Setting
        ]
        return cls(
            discord.ui.Select(
                custom_id="settings:which", placeholder=texts.CHOOSE_SETTING, options=options
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        """Return the menu as it was."""
        return cls(item)

    async def press(self, interaction: Interaction) -> None:
        """Show the controls of the setting."""
        if await may_set(interaction):
            await _turn(interaction, settings_reply(interaction, Setting(_values(interaction)[0])))


class ValueMenu(Lasting[Select], template=rf"settings:set:{_PLACE}"):
    """Chooses the value, or the values, of a setting; of the texts a page of them."""

    def __init__(self, item: Any, setting: Setting, page: int) -> None:
        super().__init__(item)
        self._setting = setting
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        """Return the menu as it was."""
        return cls(item, Setting(match["setting"]), int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Keep what was chosen."""
        if not await may_set(interaction, self._setting):
            return
        values = _values(interaction)
        if self._setting not in LISTS:
            await self._keep(interaction, lambda now: with_choice(now, self._setting, values[0]))
        elif self._setting is Setting.SOURCES:
            await self._keep_sources(interaction, values)
        else:
            await self._keep_ids(interaction, frozenset(map(int, values)))

    async def _keep_ids(self, interaction: Interaction, chosen: frozenset[int]) -> None:
        """Keep channels or roles: what is gone is not in the menu, and stays in the list."""
        guild = _guild(interaction)
        if guild.id in chosen:
            reply = settings_reply(
                interaction, self._setting, note=own_texts(interaction).NOT_EVERYBODY
            )
            await _turn(interaction, reply)
            return
        known = guild.get_role if self._setting is Setting.CURATORS else guild.get_channel
        there = frozenset(id_ for id_ in chosen if known(id_))

        def alter(now: ServerSettings) -> ServerSettings:
            shown = frozenset(id_ for id_ in getattr(now, self._setting) if known(id_))
            return with_items(now, self._setting, shown, there, frozenset())

        await self._keep(interaction, alter)

    async def _keep_sources(self, interaction: Interaction, values: list[str]) -> None:
        """Keep the texts of a page: those on other pages stay as they are."""
        service, texts = service_of(interaction), own_texts(interaction)
        options = {option.value for option in self.item.options}
        every = service.snapshot.sources
        shown = frozenset(id_ for id_, s in every.items() if s.digest in options)
        chosen = frozenset(id_ for id_ in shown if every[id_].digest in values)

        def alter(now: ServerSettings) -> ServerSettings:
            return with_items(now, self._setting, shown, chosen, frozenset(every))

        if not alter(settings_at(interaction)).sources:
            note = texts.ONE_TEXT_AT_LEAST
            await _turn(interaction, settings_reply(interaction, self._setting, self._page, note))
            return
        await self._keep(interaction, alter)

    async def _keep(self, interaction: Interaction, alter: Alteration) -> None:
        await keep(interaction, self._setting, alter, self._page)


class SettingButton(LastingButton, template=rf"settings:do:(?P<act>[a-z]{{1,10}}):{_PLACE}"):
    """Does something to a setting at once: empties it, takes out what is gone, turns its page."""

    def __init__(self, act: str, setting: Setting, page: int, label: str = "Settings") -> None:
        super().__init__(button(label, f"settings:do:{act}:{setting.value}:{page}"))
        self._act = act
        self._setting = setting
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button as it was."""
        return cls(match["act"], Setting(match["setting"]), int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Do it."""
        if not await may_set(interaction, self._setting):
            return
        setting, service = self._setting, service_of(interaction)
        if self._act == "empty":
            await keep(interaction, setting, lambda now: without(now, setting), self._page)
        elif self._act == "gone":
            names = panel.plain_names(_guild(interaction), service)

            def alter(now: ServerSettings) -> ServerSettings:
                gone = gone_from(now, setting, names)
                return with_items(now, setting, gone, frozenset(), frozenset())

            await keep(interaction, setting, alter, self._page)
        elif self._act == "numbers":
            now, usual = settings_at(interaction), service.cooldowns.rates
            texts = own_texts(interaction)
            fields = rates.RateFields(now, usual, interaction.id, texts)
            await interaction.response.send_modal(fields)
        else:
            await _turn(interaction, settings_reply(interaction, setting, self._page))


async def set_rates(interaction: Interaction) -> None:
    """Keep the numbers that were typed into `RateFields`; leave any other field alone."""
    if not rates.is_rates(interaction):
        return
    try:
        if not await may_set(interaction, Setting.COOLDOWNS):
            return
        try:
            member, channel = rates.typed(interaction)
        except ValueError:
            note = own_texts(interaction).not_a_rate(rates.MOST)
            await _turn(interaction, settings_reply(interaction, Setting.COOLDOWNS, note=note))
            return
        await keep(
            interaction,
            Setting.COOLDOWNS,
            lambda now: replace(now, member_questions=member, channel_questions=channel),
        )
    except Exception as error:
        await interaction.client.apologise(interaction, error, button=rates.RateFields.__name__)


def _values(interaction: Interaction) -> list[str]:
    data: Any = interaction.data
    return list(data["values"])


CONTROLS: tuple[type[Lasting[Any]], ...] = (SettingMenu, ValueMenu, SettingButton)
