"""The form for the rate limits of members and channels, in questions a minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Self

import discord

from bot.discord.kit.buttons import FORM_TIMEOUT
from bot.discord.kit.cooldowns import Rates
from bot.discord.kit.interactions import Interaction
from bot.storage.servers import ServerSettings
from bot.wording import Wording

MOST = 10_000
FORM_ID = re.compile(r"rates:\d+")
_MEMBER, _CHANNEL = "member", "channel"


class RateLimitForm(discord.ui.Modal):
    """Two fields for the questions a minute, filled in with the current numbers.

    `opened` makes the `custom_id` unique, or discord.py would take two members' forms for one.
    """

    def __init__(
        self, settings: ServerSettings, defaults: Rates, opened: int, wording: Wording
    ) -> None:
        super().__init__(title=wording.COOLDOWNS, timeout=FORM_TIMEOUT, custom_id=f"rates:{opened}")
        for custom_id, label, now in (
            (
                _MEMBER,
                wording.member_rate(_shown(defaults.member, wording)),
                settings.member_questions,
            ),
            (
                _CHANNEL,
                wording.channel_rate(_shown(defaults.channel, wording)),
                settings.channel_questions,
            ),
        ):
            field: discord.ui.TextInput[Self] = discord.ui.TextInput(
                custom_id=custom_id,
                required=False,
                max_length=len(str(MOST)),
                default=None if now is None else str(now),
            )
            self.add_item(
                discord.ui.Label(text=label, description=wording.ZERO_IS_ANY, component=field)
            )


def _shown(rate: int, wording: Wording) -> str:
    return wording.number(rate) if rate else wording.ANY_NUMBER


def read_form(interaction: Interaction) -> tuple[int | None, int | None]:
    """Read the numbers for a member and a channel; None for an empty field.

    Raises ValueError for anything but a whole number in range.
    """
    found = dict(_fields(interaction.data))
    return _number(found[_MEMBER]), _number(found[_CHANNEL])


def _fields(data: Any) -> Iterator[tuple[str, str]]:
    for label in data["components"]:
        field = label["component"]
        yield field["custom_id"], str(field["value"] or "").strip()


def _number(text: str) -> int | None:
    if not text:
        return None
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= MOST:
        raise ValueError(text)
    return number
