"""The text that a member means: suggested while they type."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.channels import server_of
from bot.discord.kit.service import service_of
from bot.library.listing import Listing
from bot.models import Source

MAX_CHOICES = 25
"""Choices that Discord shows: who does not see theirs among them types more of its name."""

MAX_CHOICE_LENGTH = 100


async def suggest_source(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Return the texts whose title, author or name holds what has been typed so far."""
    return _suggested(service_of(interaction).snapshot.listing, typed)


async def suggest_offered(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Return the same of the texts that the server offers."""
    return _suggested(await service_of(interaction).listing_in(server_of(interaction)), typed)


def _suggested(listing: Listing, typed: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=_name(source), value=_value(source))
        for source in listing.named(typed, MAX_CHOICES)
    ]


def _name(source: Source) -> str:
    """Return title and author, as much as a choice has room for."""
    name = f"{source.title} – {source.author}"
    if markdown.length(name) <= MAX_CHOICE_LENGTH:
        return name
    while markdown.length(name) > MAX_CHOICE_LENGTH - 1:
        name = name[:-1]
    return f"{name}…"


def _value(source: Source) -> str:
    """Return the source's id, or, where that is too long for a choice, its digest."""
    return source.id if markdown.length(source.id) <= MAX_CHOICE_LENGTH else source.digest
