"""What a feature's folder adds to the bot: commands, buttons, forms, and a listener for messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.answering.answerer import Policy
from bot.discord.kit.buttons import ModalHandler, PersistentItem
from bot.discord.kit.permissions import AnyCommand, Audience, audience_of, name_of_command
from bot.discord.kit.service import Service

Command = AnyCommand | app_commands.Group


class Listener:
    """Handles what happens outside interactions. Every method may be left out."""

    async def on_message(self, message: discord.Message, bot_user: discord.ClientUser) -> None:
        """Handle a new message in a channel that the bot sees."""

    async def on_edit(self, message: discord.Message, bot_user: discord.ClientUser) -> None:
        """Handle an edited message, whether or not discord.py has the original in memory."""

    def on_ready(self, client: discord.Client) -> None:
        """Start background work; called again after each new session."""

    async def close(self) -> None:
        """Finish what is in progress, because the bot stops."""

    def on_thread_create(self, thread: discord.Thread, bot_user: discord.ClientUser) -> None:
        """Handle a new thread, before the first message in it."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One folder's part of the bot.

    The folder's `__init__` holds one as `FEATURE`; `app.discovery` finds it there.
    """

    commands: Sequence[Command] = ()
    commands_for: Callable[[Policy], Sequence[Command]] | None = None
    """Makes further commands, whose options depend on the configuration."""
    buttons: Sequence[type[PersistentItem[Any]]] = ()
    """Buttons and menus."""
    forms: Sequence[ModalHandler] = ()
    listener: Callable[[Service, bool], Listener] | None = None
    """Makes the feature's listener; it is told whether the bot has the message-content intent."""


@dataclass(frozen=True, slots=True)
class Features:
    """All features together."""

    features: Sequence[Feature]

    def commands(self, policy: Policy | None = None) -> tuple[Command, ...]:
        """All commands, those for everybody first. Without `policy`, the default one applies."""
        found: list[Command] = []
        for feature in self.features:
            if feature.commands_for is not None:
                found += feature.commands_for(policy or Policy())
            found += feature.commands
        return tuple(sorted(found, key=_openness))

    @property
    def buttons(self) -> tuple[type[PersistentItem[Any]], ...]:
        """The classes of all buttons and menus."""
        return tuple(button for feature in self.features for button in feature.buttons)

    @property
    def forms(self) -> tuple[ModalHandler, ...]:
        """The handlers of all forms."""
        return tuple(form for feature in self.features for form in feature.forms)

    def know(self, custom_id: str) -> bool:
        """Whether a button, a menu or a form has this id."""
        templates = [button.__discord_ui_compiled_template__ for button in self.buttons]
        templates += [form.template for form in self.forms]
        return any(template.fullmatch(custom_id) for template in templates)

    def listeners(self, service: Service, can_read_content: bool) -> tuple[Listener, ...]:
        """Make every feature's listener."""
        made = (feature.listener for feature in self.features)
        return tuple(make(service, can_read_content) for make in made if make is not None)

    def audiences(self) -> dict[str, Audience | None]:
        """Who may use what: commands, then buttons and menus, then forms, by name."""
        found = {
            name_of_command(command): audience_of(command)
            for listed in self.commands()
            for command in subcommands(listed)
        }
        for button in self.buttons:
            found[button.__name__] = button.audience
            for exception, audience in button.audience_exceptions.items():
                found[f"{button.__name__} {exception}"] = audience
        return found | {form.modal.__name__: form.audience for form in self.forms}


def subcommands(command: Command) -> Iterator[AnyCommand]:
    """The commands that can be used: a group's own, or `command` itself."""
    if isinstance(command, app_commands.Group):
        for inner in command.commands:
            yield from subcommands(inner)
    else:
        yield command


def _openness(command: Command) -> tuple[bool, int]:
    """Sort key: slash commands before message menus, and the most open first."""
    order = [*Audience, None]
    first = min(order.index(audience_of(inner)) for inner in subcommands(command))
    return isinstance(command, app_commands.ContextMenu), first
