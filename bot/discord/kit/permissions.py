"""Who may use a command, menu, button or form.

Each declares its audience where it is defined; what declares none is refused to everybody.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.service import service_of
from bot.wording import Wording

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class Audience(Enum):
    """Who may use something. The values are the wording of docs/permissions.md."""

    ANYONE = "anyone who sees it"
    ASKER = "the member who asked"
    ASKER_OR_MODERATOR = "the member who asked, or one who may Manage Messages"
    CURATOR = "a curator of the server"
    WRITING_CURATOR = "a curator of a server that may change the texts"
    MANAGER = "a member who may Manage Server"


AUDIENCE = "audience"
"""The key of a command's audience in its `extras`."""


def for_audience(audience: Audience, **extras: Any) -> dict[Any, Any]:
    """Make the `extras` of a command for this audience."""
    return {AUDIENCE: audience, **extras}


def audience_of(command: AnyCommand) -> Audience | None:
    """The audience that a command declares."""
    found: Audience | None = command.extras.get(AUDIENCE)
    return found


def name_of_command(command: AnyCommand) -> str:
    """The name of a command in the table of permissions: `/read`, or a message menu's own."""
    if isinstance(command, app_commands.ContextMenu):
        return command.name
    return f"/{command.qualified_name}"


async def permitted(
    interaction: Interaction, name: str, audience: Audience | None, asker: int | None = None
) -> bool:
    """Check whether the member belongs to `audience`; if not, tell them why in private.

    `name` is what they want to use, for the log; `asker` the member who asked the question that it
    belongs to, if any. Autocompletion is answered with no choices instead.
    """
    line = refusal(interaction, name, audience, asker)
    if line is None:
        return True
    _log.info("refused", name=name, guild=interaction.guild_id)
    if interaction.type is discord.InteractionType.autocomplete:
        await interaction.response.autocomplete([])
    else:
        await interaction.client.tell(interaction, line)
    return False


def refusal(
    interaction: Interaction, name: str, audience: Audience | None, asker: int | None = None
) -> str | None:
    """The line that tells a member why they may not use `name`; None if they may."""
    wording = member_wording(interaction)
    if audience is None:
        _log.error("refused: no audience is declared", name=name)
        return wording.FAILED
    if audience is Audience.ANYONE:
        return None
    if audience in {Audience.ASKER, Audience.ASKER_OR_MODERATOR}:
        if interaction.user.id == asker:
            return None
        if audience is Audience.ASKER:
            return wording.NOT_YOURS_TO_SHARE
        return None if is_moderator(interaction) else wording.NOT_YOURS_TO_DELETE
    return _curator_refusal(interaction, audience, wording)


def _curator_refusal(interaction: Interaction, audience: Audience, wording: Wording) -> str | None:
    here = server_of(interaction)
    if here is None:  # where only the member has installed the bot, or in a direct message
        return wording.NO_CURATORS_HERE
    manages = interaction.permissions.manage_guild
    if not manages and not has_curator_role(interaction, here):
        return wording.CURATORS_ONLY
    if audience is Audience.MANAGER and not manages:
        return wording.MANAGERS_ONLY
    if audience is Audience.WRITING_CURATOR and not may_write(interaction, here):
        return wording.not_writing(here)
    return None


def is_moderator(interaction: Interaction) -> bool:
    """Whether the member may Manage Messages in this channel."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def has_curator_role(interaction: Interaction, server: int) -> bool:
    """Whether the member has a curator role, by the config or by the server's settings."""
    service = service_of(interaction)
    roles = {*service.settings.curator_roles, *service.servers.of(server).curator_roles}
    return any(role.id in roles for role in getattr(interaction.user, "roles", ()))


def may_write(interaction: Interaction, server: int) -> bool:
    """Whether curators of `server` may change and see the texts' files, which all servers share.

    The operator lists such servers in the config; without that list, a bot's only server is one,
    unless it is in shards.
    """
    settings = service_of(interaction).settings
    if settings.writing_servers is not None:
        return server in settings.writing_servers
    # With shards, a process does not see the servers of the others.
    return settings.shards is None and len(interaction.client.guilds) == 1
