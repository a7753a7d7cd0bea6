"""The message of /settings: every setting with its value, and what the chosen one is for."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.settings.values import Names, Setting, Usual, about, name_of, value_of
from bot.storage.servers import ServerSettings
from bot.wording import Wording

_SHOWN = (6, 3, 1)
"""Items of a list that are shown: fewer where they do not fit."""

_ITEM = 80
"""Characters of an item before and after a change, about: many more would not fit."""
_TITLE = 60
ROOM = 600
"""Characters that a change takes beside all settings."""


def content(
    settings: ServerSettings,
    names: Names,
    usual: Usual,
    wording: Wording,
    setting: Setting | None,
    note: str,
    *,
    reads: bool,
) -> str:
    """Return every setting with its value, what `setting` is for, and the line `note`."""
    said = ""
    for most in _SHOWN:
        lines = [f"**{wording.SETTINGS}**"]
        for each in Setting:
            value = value_of(each, settings, names, usual, wording, most)
            lines.append(f"- {wording.setting(f'**{name_of(each, wording)}**', value)}")
        if setting is not None:
            lines += ["", f"**{name_of(setting, wording)}**", about(setting, wording, reads=reads)]
        if note:
            lines += ["", note]
        said = "\n".join(lines)
        if markdown.length(said) <= LIMIT:
            break
    return said[:LIMIT]


def change(
    setting: Setting,
    was: ServerSettings,
    now: ServerSettings,
    names: Names,
    usual: Usual,
    wording: Wording,
    room: int = ROOM,
) -> str:
    """Return the line that says what a setting was and what it is: as much as the room is for."""
    line = ""
    for most in (room // _ITEM, *_SHOWN):
        before, after = (value_of(setting, s, names, usual, wording, most) for s in (was, now))
        line = wording.changed(name_of(setting, wording), before, after)
        if markdown.length(line) <= room:
            break
    return line


def mentions(guild: discord.Guild, service: Service, wording: Wording) -> Names:
    """Return what is shown of channels, roles and texts in a message."""
    return Names(
        lambda id_: f"<#{id_}>" if guild.get_channel(id_) else None,
        lambda id_: f"<@&{id_}>" if guild.get_role(id_) else None,
        lambda source: wording.isolated(markdown.escape(_cut(source.title))),
        service.snapshot.listing,
    )


def plain_names(guild: discord.Guild, service: Service) -> Names:
    """Return what channels, roles and texts are called, for those who read it when they are gone."""

    def channel(id_: int) -> str | None:
        found = guild.get_channel(id_)
        return f"#{found.name}" if found else None

    def role(id_: int) -> str | None:
        found = guild.get_role(id_)
        return f"@{found.name}" if found else None

    return Names(channel, role, lambda source: _cut(source.title), service.snapshot.listing)


def usual_in(guild: discord.Guild, service: Service) -> Usual:
    """Return what holds in a server where nothing is set."""
    language: Any = guild.preferred_locale
    return Usual(service.settings.private, service.cooldowns.rates, str(language.value))


def _cut(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"
