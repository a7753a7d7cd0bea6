"""Menus for the values of a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import discord

from bot.discord.kit import markdown
from bot.discord.settings.values import CHANNELS, DEFAULT, Setting, setting_name
from bot.models import Source
from bot.storage.servers import ServerSettings
from bot.wording import Wording
from bot.wording.catalogue import languages

Menu = discord.ui.Select[Any] | discord.ui.ChannelSelect[Any] | discord.ui.RoleSelect[Any]

MAX_OPTIONS = 25
"""Options that Discord allows in a menu, and selections."""

_LABEL = 100
_CHANNEL = discord.SelectDefaultValueType.channel
_ROLE = discord.SelectDefaultValueType.role
_FORUMS = [discord.ChannelType.forum]
"""Without media channels: Discord's own description of its API does not list them for menus."""
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


def value_menu(
    setting: Setting, guild: discord.Guild, now: ServerSettings, wording: Wording, custom_id: str
) -> Menu:
    """Make the menu of a setting, with its current values selected."""
    if setting in CHANNELS:
        forums = setting is Setting.FORUMS
        return discord.ui.ChannelSelect(
            custom_id=custom_id,
            channel_types=_TYPES[setting],
            placeholder=wording.CHOOSE_FORUMS if forums else wording.CHOOSE_CHANNELS,
            min_values=0,
            max_values=MAX_OPTIONS,
            default_values=_present(getattr(now, setting), guild.get_channel, _CHANNEL),
        )
    if setting is Setting.CURATORS:
        return discord.ui.RoleSelect(
            custom_id=custom_id,
            placeholder=wording.CHOOSE_ROLES,
            min_values=0,
            max_values=MAX_OPTIONS,
            default_values=_present(now.curator_roles, guild.get_role, _ROLE),
        )
    return discord.ui.Select(
        custom_id=custom_id,
        placeholder=setting_name(setting, wording),
        options=_choices(setting, now, wording),
    )


def sources_menu(
    sources: Sequence[Source], page: int, now: ServerSettings, wording: Wording, custom_id: str
) -> Menu | None:
    """Make the menu with one page of the texts; None if there are none."""
    shown = sources[page * MAX_OPTIONS : (page + 1) * MAX_OPTIONS]
    if not shown:
        return None
    first, last, count = page * MAX_OPTIONS + 1, page * MAX_OPTIONS + len(shown), len(sources)
    return discord.ui.Select(
        custom_id=custom_id,
        placeholder=wording.CHOOSE_TEXTS
        if count <= MAX_OPTIONS
        else wording.texts_page(first, last, count),
        min_values=0,
        max_values=len(shown),
        options=[_option_of(source, now.sources, wording) for source in shown],
    )


def _present(
    ids: Iterable[int], known: Callable[[int], object], kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    """The selected entries that still exist; Discord refuses others."""
    there = [id_ for id_ in sorted(ids) if known(id_)]
    return [discord.SelectDefaultValue(id=id_, type=kind) for id_ in there[:MAX_OPTIONS]]


def _option_of(
    source: Source, chosen: frozenset[str] | None, wording: Wording
) -> discord.SelectOption:
    return discord.SelectOption(
        label=_cut(source.title),
        description=_cut(f"{source.author}, {wording.counted_posts(len(source.posts))}"),
        value=source.digest,
        default=chosen is None or source.id in chosen,
    )


def _choices(setting: Setting, now: ServerSettings, wording: Wording) -> list[discord.SelectOption]:
    """The options of a setting that has a single value."""
    yes_no = {True: "yes", False: "no"}
    if setting is Setting.OWN_THREAD:
        own = yes_no[now.own_thread]
        there = {"yes": wording.OPENS_THREAD, "no": wording.OPENS_NONE}
    elif setting is Setting.PRIVATE:
        own = DEFAULT if now.private is None else yes_no[now.private]
        there = {
            DEFAULT: wording.BOTS_OWN,
            "yes": wording.ASKER_ALONE,
            "no": wording.EVERYBODY,
        }
    else:
        own = now.language or DEFAULT
        there = {DEFAULT: wording.AS_DISCORD}
        there |= {tag: wording.language(tag) for tag in languages()[: MAX_OPTIONS - 1]}
    return [
        discord.SelectOption(label=_cut(label), value=value, default=value == own)
        for value, label in there.items()
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    while markdown.length(line) > _LABEL:
        line = f"{line[:-2]}…"
    return line
