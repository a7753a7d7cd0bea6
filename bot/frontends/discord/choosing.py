"""The text that a member means: suggested while they type, and found by what they typed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.channels import server_of
from bot.frontends.discord.service import service_of
from bot.models import Source

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100


async def suggest_source(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Return the texts whose title, author or name holds what has been typed so far."""
    return _suggested(service_of(interaction).snapshot.sources.values(), typed)


async def suggest_offered(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Return the same of the texts that the server offers."""
    offered = service_of(interaction).sources_in(server_of(interaction))
    return _suggested(offered.values(), typed)


def _suggested(sources: Iterable[Source], typed: str) -> list[app_commands.Choice[str]]:
    wanted = typed.casefold()
    choices = (
        app_commands.Choice(
            name=_cut(f"{source.title} – {source.author}", MAX_CHOICE_LENGTH), value=_value(source)
        )
        for source in sources
        if any(wanted in text.casefold() for text in (source.title, source.author, source.id))
    )
    return list(islice(choices, MAX_CHOICES))


def find(sources: Iterable[Source], name: str) -> Source | None:
    """Return the source that `name` means: its digest, id, title, or the only one it is part of."""
    listed = list(sources)
    for source in listed:
        if name in {_value(source), source.id, source.title}:
            return source
    wanted = name.casefold().strip()
    partly = [s for s in listed if wanted in s.title.casefold() or wanted in s.id.casefold()]
    return partly[0] if len(partly) == 1 else None


def _value(source: Source) -> str:
    """Return the source's id, or, where that is too long for a choice, its digest."""
    return source.id if len(source.id) <= MAX_CHOICE_LENGTH else source.digest


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
