"""The content of /settings: every setting with its value, and an explanation of the selected one."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.settings.values import (
    Defaults,
    Names,
    Setting,
    explanation,
    setting_name,
    value_of,
)
from bot.storage.servers import ServerSettings
from bot.wording import Wording

_SHOWN = (6, 3, 1)
"""Items of a list that are shown; the smaller numbers are tried if the message gets too long."""

_ITEM = 80
"""Characters of an item, roughly, in the description of a change."""
_TITLE = 60
ROOM = 600
"""Characters left for the description of a change."""


def settings_text(
    settings: ServerSettings,
    names: Names,
    defaults: Defaults,
    wording: Wording,
    setting: Setting | None,
    note: str,
    *,
    can_read_content: bool,
) -> str:
    """Lay out every setting, the explanation of `setting`, and the line `note`."""
    said = ""
    for most in _SHOWN:
        lines = [f"**{wording.SETTINGS}**"]
        for each in Setting:
            value = value_of(each, settings, names, defaults, wording, most)
            lines.append(f"- {wording.setting(f'**{setting_name(each, wording)}**', value)}")
        if setting is not None:
            lines += [
                "",
                f"**{setting_name(setting, wording)}**",
                explanation(setting, wording, can_read_content=can_read_content),
            ]
        if note:
            lines += ["", note]
        said = "\n".join(lines)
        if markdown.length(said) <= LIMIT:
            break
    return said[:LIMIT]


def describe_change(
    setting: Setting,
    was: ServerSettings,
    now: ServerSettings,
    names: Names,
    defaults: Defaults,
    wording: Wording,
    room: int = ROOM,
) -> str:
    """Describe the value of a setting before and after a change, in at most `room` characters if possible."""
    line = ""
    for most in (room // _ITEM, *_SHOWN):
        before, after = (value_of(setting, s, names, defaults, wording, most) for s in (was, now))
        line = wording.changed(setting_name(setting, wording), before, after)
        if markdown.length(line) <= room:
            break
    return line


def mentions(guild: discord.Guild, service: Service, wording: Wording) -> Names:
    """Names of channels, roles and texts for a message: mentions, which Discord resolves.

    Of a server of which Discord has told no more yet, nothing is taken to be gone.
    """
    return Names(
        lambda id_: f"<#{id_}>" if guild.unavailable or guild.get_channel(id_) else None,
        lambda id_: f"<@&{id_}>" if guild.unavailable or guild.get_role(id_) else None,
        lambda source: wording.isolated(markdown.escape(_cut(source.title))),
        service.snapshot.listing,
    )


def plain_names(guild: discord.Guild, service: Service) -> Names:
    """Names of channels, roles and texts as plain words for the audit log, since what they name may be deleted."""

    def channel(id_: int) -> str | None:
        found = guild.get_channel(id_)
        return f"#{found.name if found else id_}" if found or guild.unavailable else None

    def role(id_: int) -> str | None:
        found = guild.get_role(id_)
        return f"@{found.name if found else id_}" if found or guild.unavailable else None

    return Names(channel, role, lambda source: _cut(source.title), service.snapshot.listing)


def defaults_in(guild: discord.Guild, service: Service) -> Defaults:
    """The config's defaults, and the language that Discord states for the server."""
    language: Any = guild.preferred_locale
    return Defaults(service.settings.private, service.cooldowns.rates, str(language.value))


def _cut(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"
