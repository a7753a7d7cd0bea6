"""Who may use what on Discord: one table, which every command, menu, button and form looks up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.discord.kit.channels import server_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.service import service_of
from bot.wording import Texts

Interaction = discord.Interaction[Any]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class Audience(Enum):
    """Those who may use something. The values are for the documents."""

    ANYONE = "anyone who sees it"
    ASKER = "the member who asked"
    ASKER_OR_MODERATOR = "the member who asked, or one who may Manage Messages"
    CURATOR = "a curator of the server"
    WRITING_CURATOR = "a curator of a server that may change the texts"
    MANAGER = "a member who may Manage Server"


AUDIENCES: Mapping[str, Audience] = {
    "/ask": Audience.ANYONE,
    "/quote": Audience.ANYONE,
    "/sources": Audience.ANYONE,
    "/read": Audience.ANYONE,
    "/help": Audience.ANYONE,
    "/privacy": Audience.ANYONE,
    "Find the source": Audience.ANYONE,
    "/knowledge add": Audience.WRITING_CURATOR,
    "/knowledge remove": Audience.WRITING_CURATOR,
    "/knowledge show": Audience.WRITING_CURATOR,
    "/knowledge history": Audience.WRITING_CURATOR,
    "/reload": Audience.WRITING_CURATOR,
    "Add to the knowledge": Audience.WRITING_CURATOR,
    "/settings": Audience.CURATOR,
    "/gaps": Audience.CURATOR,
    "/stats": Audience.CURATOR,
    # buttons and forms of members
    "TurnButton": Audience.ANYONE,
    "MoreButton": Audience.ANYONE,
    "ContextButton": Audience.ANYONE,
    "ReadButton": Audience.ANYONE,
    "JumpButton": Audience.ANYONE,
    "PostNumber": Audience.ANYONE,
    "MeantButton": Audience.ANYONE,
    "VoteButton": Audience.ANYONE,
    "ExpectButton": Audience.ANYONE,
    "Expectation": Audience.ANYONE,
    "ForgetButton": Audience.ANYONE,
    "ShelfButton": Audience.ANYONE,
    "ShareButton": Audience.ASKER,
    "DeleteButton": Audience.ASKER_OR_MODERATOR,
    # buttons, menus and forms of curators: what all servers share
    "LoadGoodButton": Audience.WRITING_CURATOR,
    "FormButton": Audience.WRITING_CURATOR,
    "AdditionForm": Audience.WRITING_CURATOR,
    "AddButton": Audience.WRITING_CURATOR,
    "DropButton": Audience.WRITING_CURATOR,
    "RemoveButton": Audience.WRITING_CURATOR,
    "HistoryButton": Audience.WRITING_CURATOR,
    # buttons, menus and forms of curators: their own server
    "GapsButton": Audience.CURATOR,
    "ExportButton": Audience.CURATOR,
    "SettingMenu": Audience.CURATOR,
    "ValueMenu": Audience.CURATOR,
    "ValueMenu curator_roles": Audience.MANAGER,  # curators by a role make nobody else one
    "SettingButton": Audience.CURATOR,
    "SettingButton curator_roles": Audience.MANAGER,
    "RateFields": Audience.CURATOR,
}
"""Who may use each command (by its name after a slash), message menu, button, menu and form.

What is not in it nobody may use.
"""


def name_of_command(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu) -> str:
    """Return what a command is called in the table."""
    if isinstance(command, app_commands.ContextMenu):
        return command.name
    return f"/{command.qualified_name}"


async def permitted(interaction: Interaction, name: str, asker: int | None = None) -> bool:
    """Return whether the member may use `name`, and tell them alone why if they may not.

    `asker`: the id of the member who asked, for what is theirs. While a command's option is typed,
    who may not use it is suggested nothing.
    """
    line = refusal(interaction, name, asker)
    if line is None:
        return True
    _log.info("refused", name=name, guild=interaction.guild_id)
    if interaction.type is discord.InteractionType.autocomplete:
        await interaction.response.autocomplete([])
    else:
        await interaction.client.tell(interaction, line)
    return False


def refusal(interaction: Interaction, name: str, asker: int | None = None) -> str | None:
    """Return the line that says why the member may not use `name`; None: they may."""
    texts, audience = own_texts(interaction), AUDIENCES.get(name)
    if audience is None:
        _log.error("refused: not in the table of permissions", name=name)
        return texts.FAILED
    if audience is Audience.ANYONE:
        return None
    if audience in {Audience.ASKER, Audience.ASKER_OR_MODERATOR}:
        if interaction.user.id == asker:
            return None
        if audience is Audience.ASKER:
            return texts.NOT_YOURS_TO_SHARE
        return None if is_moderator(interaction) else texts.NOT_YOURS_TO_DELETE
    return _refusal_of_curators(interaction, audience, texts)


def _refusal_of_curators(interaction: Interaction, audience: Audience, texts: Texts) -> str | None:
    here = server_of(interaction)
    if here is None:  # where only the member has installed the bot, or in a direct message
        return texts.NO_CURATORS_HERE
    manages = interaction.permissions.manage_guild
    if not manages and not has_curator_role(interaction, here):
        return texts.CURATORS_ONLY
    if audience is Audience.MANAGER and not manages:
        return texts.MANAGERS_ONLY
    if audience is Audience.WRITING_CURATOR and not may_write(interaction, here):
        return texts.not_writing(here)
    return None


def is_moderator(interaction: Interaction) -> bool:
    """Return whether the member may Manage Messages where this is."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def has_curator_role(interaction: Interaction, server: int) -> bool:
    """Return whether the member has a role that makes curators, in general or in this server."""
    service = service_of(interaction)
    roles = {*service.settings.curator_roles, *service.servers.of(server).curator_roles}
    return any(role.id in roles for role in getattr(interaction.user, "roles", ()))


def may_write(interaction: Interaction, server: int) -> bool:
    """Return whether curators of `server` may change and see what all servers share.

    The operator names those servers; unless that is done, it is the only one that the bot is in.
    """
    named = service_of(interaction).settings.writing_servers
    return len(interaction.client.guilds) == 1 if named is None else server in named
