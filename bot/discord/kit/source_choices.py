"""Autocompletion of the name of a text."""

from __future__ import annotations

from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.service import service_of
from bot.library.listing import Listing
from bot.models import Source

MAX_CHOICES = 25
"""Choices that Discord shows at most."""

MAX_CHOICE_LENGTH = 100


async def suggest_source(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """List all texts whose title, author or id contains what was typed."""
    return _suggested(service_of(interaction).snapshot.listing, typed)


async def suggest_offered(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """List those of them that the server offers."""
    return _suggested(await service_of(interaction).listing_in(server_of(interaction)), typed)


def _suggested(listing: Listing, typed: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=_name(source), value=_value(source))
        for source in listing.named(typed, MAX_CHOICES)
    ]


def _name(source: Source) -> str:
    """Title and author, cut to the length of a choice."""
    name = f"{source.title} – {source.author}"
    if markdown.length(name) <= MAX_CHOICE_LENGTH:
        return name
    while markdown.length(name) > MAX_CHOICE_LENGTH - 1:
        name = name[:-1]
    return f"{name}…"


def _value(source: Source) -> str:
    """The source's id; its digest if the id is too long for a choice."""
    return source.id if markdown.length(source.id) <= MAX_CHOICE_LENGTH else source.digest
