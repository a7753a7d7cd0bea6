"""Buttons, menus and forms that still work after a restart: their state is in their `custom_id`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Self, TypeVar

import discord

from bot.discord.kit import markdown
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.permissions import Audience, permitted

Button = discord.ui.Button[Any]
Select = discord.ui.Select[Any]
ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any])

MAX_LABEL = 80
"""Characters of a button's label that Discord shows on every device."""

FORM_TIMEOUT = 600
"""Seconds that discord.py remembers an open form. Forms are found by `custom_id`, not by memory."""


class StatelessView(discord.ui.View):
    """A view that discord.py forgets once it is sent: clicks are matched by `custom_id`, not by view.

    discord.py keeps the view of each message for as long as the process lives, unless it is finished.
    """

    def is_finished(self) -> bool:
        """Always, so that it is not kept."""
        return True


def make_view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Make a view that discord.py does not keep in memory."""
    view = StatelessView(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def make_button(label: str, custom_id: str, row: int | None = None) -> Button:
    """Make a grey button; colours would suggest a meaning."""
    while markdown.length(label) > MAX_LABEL:
        label = label[:-1]
    return discord.ui.Button(label=label, custom_id=custom_id, row=row)


class PersistentItem(discord.ui.DynamicItem[ItemT], ABC, Generic[ItemT], template=r"(?!)"):
    """A component that is found by its `custom_id`, after checking who may use it.

    A class without an `audience` refuses everybody.
    """

    audience: ClassVar[Audience | None] = None
    audience_exceptions: ClassVar[Mapping[str, Audience]] = MappingProxyType({})
    """Audiences that differ for some of its states, by a name for the state."""

    @property
    def exception(self) -> str | None:
        """The name of this one's state in `audience_exceptions`, if it has one."""
        return None

    @property
    def asker(self) -> int | None:
        """The id of the member who asked, if that decides who may use it."""
        return None

    @abstractmethod
    async def press(self, interaction: Interaction) -> None:
        """Handle the click of a member who is permitted."""

    async def callback(self, interaction: Interaction) -> None:
        """Check permission, then press; log any error and apologise in one line."""
        name, audience = type(self).__name__, self.audience
        if self.exception is not None:
            name = f"{name} {self.exception}"
            audience = self.audience_exceptions.get(self.exception)
        try:
            if await permitted(interaction, name, audience, self.asker):
                await self.press(interaction)
        except Exception as error:  # the member waits for a response, whatever it was
            await interaction.client.apologise(interaction, error, button=type(self).__name__)


class PersistentButton(PersistentItem[Button], template=r"(?!)"):
    """A button with its state in its `custom_id`."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py when the button is clicked."""
        return cls.of(match)

    @classmethod
    @abstractmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Restore the button from a `custom_id` that matched the class's template."""


@dataclass(frozen=True, slots=True)
class ModalHandler:
    """Handles the submission of a form, also of one that was opened before a restart.

    `handle` gets the interaction and the match of `template` with the form's `custom_id`.
    """

    modal: type[discord.ui.Modal]
    template: re.Pattern[str]
    audience: Audience
    handle: Callable[[Interaction, re.Match[str]], Awaitable[None]]

    async def submitted(self, interaction: Interaction) -> None:
        """Handle the submission if it is of this form and the member may use it."""
        data: Any = interaction.data or {}
        match = self.template.fullmatch(data.get("custom_id", ""))
        if match is None:
            return
        name = self.modal.__name__
        try:
            if await permitted(interaction, name, self.audience):
                await self.handle(interaction, match)
        except Exception as error:  # the member waits for a response, whatever it was
            await interaction.client.apologise(interaction, error, button=name)


def typed_text(interaction: Interaction) -> str:
    """What was typed into a form with a single field."""
    data: Any = interaction.data
    return str(data["components"][0]["component"]["value"]).strip()
