"""The settings of a server one by one: their values in words, and their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from bot.discord.kit.cooldowns import Rates
from bot.library.listing import Listing
from bot.models import Source
from bot.storage.servers import ServerSettings
from bot.wording import Wording
from bot.wording.catalogue import wording_in

IdT = TypeVar("IdT", int, str)

DEFAULT = "-"
"""The option that leaves a setting to the bot's config, or to Discord."""


class Setting(StrEnum):
    """A setting. The values are the fields of `ServerSettings`, and part of the menus' format."""

    LISTENS = "listens"
    SILENT = "silent"
    FORUMS = "forums"
    PRIVATE = "private"
    OWN_THREAD = "own_thread"
    SOURCES = "sources"
    CURATORS = "curator_roles"
    LANGUAGE = "language"
    COOLDOWNS = "cooldowns"


CHANNELS = {Setting.LISTENS, Setting.SILENT, Setting.FORUMS}
LISTS = CHANNELS | {Setting.SOURCES, Setting.CURATORS}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of channels and roles by id (None: it is gone), and of texts."""

    channel: Callable[[int], str | None]
    role: Callable[[int], str | None]
    title: Callable[[Source], str]
    listing: Listing
    """All texts that there are."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The defaults: those of the config, and the language of the server's Discord."""

    private: bool
    rates: Rates
    language: str


def setting_name(setting: Setting, wording: Wording) -> str:
    """The name of a setting."""
    return {
        Setting.LISTENS: wording.LISTENING_CHANNELS,
        Setting.SILENT: wording.SILENT_CHANNELS,
        Setting.FORUMS: wording.ANSWERED_FORUMS,
        Setting.PRIVATE: wording.ASK_ANSWERS,
        Setting.OWN_THREAD: wording.ASK_THREADS,
        Setting.SOURCES: wording.OFFERED_TEXTS,
        Setting.CURATORS: wording.CURATOR_ROLES,
        Setting.LANGUAGE: wording.SPOKEN_LANGUAGE,
        Setting.COOLDOWNS: wording.COOLDOWNS,
    }[setting]


def explanation(setting: Setting, wording: Wording, *, can_read_content: bool) -> str:
    """The explanation of a setting; `can_read_content`: whether the bot has the message-content intent."""
    said = {
        Setting.LISTENS: wording.ABOUT_LISTENING,
        Setting.SILENT: wording.ABOUT_SILENT,
        Setting.FORUMS: wording.ABOUT_FORUMS,
        Setting.PRIVATE: wording.ABOUT_ANSWERS,
        Setting.OWN_THREAD: wording.ABOUT_THREADS,
        Setting.SOURCES: wording.ABOUT_TEXTS,
        Setting.CURATORS: wording.ABOUT_CURATORS,
        Setting.LANGUAGE: wording.ABOUT_LANGUAGE,
        Setting.COOLDOWNS: wording.ABOUT_COOLDOWNS,
    }[setting]
    missing = {
        Setting.LISTENS: wording.LISTENING_NEEDS,
        Setting.FORUMS: wording.FORUMS_NEED,
        Setting.OWN_THREAD: wording.THREADS_NEED,
    }.get(setting)
    if can_read_content or missing is None:
        return said
    return f"{said}\n{missing} {wording.HOW_TO_LISTEN}"


def value_of(
    setting: Setting,
    settings: ServerSettings,
    names: Names,
    defaults: Defaults,
    wording: Wording,
    most: int,
) -> str:
    """The value of a setting in words; of a list, at most `most` items."""
    if setting in CHANNELS:
        return _listed(getattr(settings, setting), names.channel, wording, most)
    if setting is Setting.CURATORS:
        return _listed(settings.curator_roles, names.role, wording, most)
    if setting is Setting.SOURCES:
        if settings.sources is None:
            return wording.ALL_TEXTS
        return _titles(settings.sources, names, wording, most)
    if setting is Setting.COOLDOWNS:
        member = rate_of(settings.member_questions, defaults.rates.member, wording)
        return wording.rates(
            member, rate_of(settings.channel_questions, defaults.rates.channel, wording)
        )
    return _choice_of(setting, settings, defaults, wording)


def _choice_of(
    setting: Setting, settings: ServerSettings, defaults: Defaults, wording: Wording
) -> str:
    if setting is Setting.OWN_THREAD:
        return wording.OPENS_THREAD if settings.own_thread else wording.OPENS_NONE
    if setting is Setting.LANGUAGE:
        if settings.language is None:
            return wording.as_discord(wording.language(wording_in(defaults.language).locale))
        return wording.language(settings.language)
    private = defaults.private if settings.private is None else settings.private
    seen = wording.ASKER_ALONE if private else wording.EVERYBODY
    return wording.by_default(seen) if settings.private is None else seen


def rate_of(own: int | None, defaults: int, wording: Wording) -> str:
    """A rate limit in words."""
    rate = defaults if own is None else own
    shown = wording.number(rate) if rate else wording.ANY_NUMBER
    return wording.by_default(shown) if own is None else shown


def _listed(
    ids: Iterable[IdT], name: Callable[[IdT], str | None], wording: Wording, most: int
) -> str:
    names = [name(id_) for id_ in sorted(ids)]
    there = [known for known in names if known is not None]
    return wording.listed_of(there[:most], max(0, len(there) - most), len(names) - len(there))


def _titles(ids: frozenset[str], names: Names, wording: Wording, most: int) -> str:
    """The titles of the first `most` texts; no more are looked up than are shown."""
    listing = names.listing
    there = sum(id_ in listing.sources for id_ in ids)
    first = islice((source for source in listing.in_order if source.id in ids), most)
    return wording.listed_of(
        [names.title(source) for source in first], max(0, there - most), len(ids) - there
    )


def with_selection(
    settings: ServerSettings,
    setting: Setting,
    shown: frozenset[int] | frozenset[str],
    chosen: frozenset[int] | frozenset[str],
    every: frozenset[str],
) -> ServerSettings:
    """Change a list by a menu: of the items `shown`, those `chosen` are in it afterwards.

    Items that the menu did not show stay as they are. `every` are the ids of all texts, which is
    what an unset list of texts means.
    """
    now = getattr(settings, setting)
    before: frozenset[int | str] = every if now is None else now
    return _with(settings, setting, before - shown | chosen)


def with_option(settings: ServerSettings, setting: Setting, choice: str) -> ServerSettings:
    """Set a setting to the value of a menu's option."""
    left = choice == DEFAULT
    if setting is Setting.PRIVATE:
        return replace(settings, private=None if left else choice == "yes")
    if setting is Setting.OWN_THREAD:
        return replace(settings, own_thread=choice == "yes")
    return replace(settings, language=None if left else choice)


def reset(settings: ServerSettings, setting: Setting) -> ServerSettings:
    """Empty a list, or reset any other setting."""
    if setting is Setting.COOLDOWNS:
        return replace(settings, member_questions=None, channel_questions=None)
    return _with(settings, setting, None if setting is Setting.SOURCES else frozenset())


def _with(settings: ServerSettings, setting: Setting, value: Any) -> ServerSettings:
    return replace(settings, **{setting.value: value})


def missing_ids(
    settings: ServerSettings, setting: Setting, names: Names
) -> frozenset[int] | frozenset[str]:
    """The ids in a list whose channels, roles or texts are gone."""
    if setting is Setting.SOURCES:
        return frozenset(id_ for id_ in settings.sources or () if id_ not in names.listing.sources)
    known = names.role if setting is Setting.CURATORS else names.channel
    return frozenset(id_ for id_ in getattr(settings, setting) if known(id_) is None)
