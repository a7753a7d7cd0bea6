"""The menus of /me: a member's preferences, each with its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

import discord

from bot.discord.kit.buttons import Select
from bot.discord.kit.quotes.encoding import MOST_BOLD
from bot.discord.me.wording import PreferenceWording
from bot.storage.preferences import Preferences
from bot.wording.catalogue import languages

USUAL = "usual"
"""The value that follows the server, or Discord."""


class Preference(StrEnum):
    """What can be chosen. The values are part of the menus' format."""

    LANGUAGE = "language"
    PRIVATE = "private"
    QUOTES = "quotes"
    KEEP = "keep"


def menu_of(
    preference: Preference, now: Preferences, usual_quotes: int, own: PreferenceWording
) -> Select:
    """Make the menu of a preference, with its current value selected."""
    chosen = value_of(preference, now)
    options = [
        discord.SelectOption(
            label=label,
            value=value,
            description=_note(preference, value, own),
            default=value == chosen,
        )
        for value, label in _values(preference, usual_quotes, own)
    ]
    shown = next((option.label for option in options if option.default), options[0].label)
    return discord.ui.Select(custom_id=f"me:{preference}", placeholder=shown, options=options)


def value_of(preference: Preference, now: Preferences) -> str:
    """The current value, as an option of the menu."""
    if preference is Preference.LANGUAGE:
        return now.language or USUAL
    if preference is Preference.PRIVATE:
        return USUAL if now.private is None else ("yes" if now.private else "no")
    if preference is Preference.QUOTES:
        return USUAL if now.quotes is None else str(now.quotes)
    return "yes" if now.keep else "no"


def with_value(now: Preferences, preference: Preference, value: str) -> Preferences:
    """Choose another value. A value that no menu offers changes nothing."""
    chosen = None if value == USUAL else value
    if preference is Preference.LANGUAGE:
        return replace(now, language=chosen) if chosen in {None, *languages()} else now
    if preference is Preference.PRIVATE:
        return replace(now, private=None if chosen is None else chosen == "yes")
    if preference is Preference.QUOTES:
        if chosen is None:
            return replace(now, quotes=None)
        inside = chosen.isdecimal() and 1 <= int(chosen) <= MOST_BOLD
        return replace(now, quotes=int(chosen)) if inside else now
    return replace(now, keep=value != "no")


def _note(preference: Preference, value: str, own: PreferenceWording) -> str | None:
    """The description of an option, for what does not fit into its label."""
    if preference is Preference.PRIVATE and value != USUAL:
        return own.ANSWERS_MEANT
    return own.KEPT_HOW if preference is Preference.KEEP and value == "yes" else None


def _values(
    preference: Preference, usual_quotes: int, own: PreferenceWording
) -> Iterator[tuple[str, str]]:
    """Yield the values of a preference with their labels."""
    if preference is Preference.LANGUAGE:
        yield USUAL, own.LANGUAGE_OF_DISCORD
        yield from ((tag, own.language_is(tag)) for tag in languages())
    elif preference is Preference.PRIVATE:
        yield USUAL, own.PRIVATE_AS_SERVER
        yield "yes", own.PRIVATE
        yield "no", own.PUBLIC
    elif preference is Preference.QUOTES:
        yield USUAL, own.usual_quotes(usual_quotes)
        yield from ((str(count), own.quotes_are(count)) for count in range(1, MOST_BOLD + 1))
    else:
        yield "yes", own.KEPT
        yield "no", own.NOT_KEPT
