"""Autocomplete for /daily: time zones, and channels that have a daily passage."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog
from discord import app_commands

from bot.discord.daily.checks import guild_of
from bot.discord.daily.display import clock
from bot.discord.daily.slots import matching_zones
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import MAX_CHOICES
from bot.storage.connections import StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.daily")


async def suggest_zone(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """List the time zones that contain what was typed, with the time there."""
    service = service_of(interaction)

    def work() -> list[app_commands.Choice[str]]:
        now = service.now()
        return [
            app_commands.Choice(name=f"{name} ({now.astimezone(ZoneInfo(name)):%H:%M})", value=name)
            for name in matching_zones(typed, MAX_CHOICES)
        ]

    return await service.run_quick(work)


async def suggest_channel(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """List the channels with a daily passage, also those that are gone; none if the storage fails."""
    guild = guild_of(interaction)
    try:
        schedules = await service_of(interaction).storage.daily.of(guild.id)
    except StorageError as error:
        _log.warning("channels could not be suggested", reason=str(error))
        return []
    choices = []
    for schedule in schedules:
        plan = schedule.plan
        there = guild.get_channel_or_thread(plan.channel)
        name = f"#{there.name if there else plan.channel} – {clock(plan.minute)} {plan.zone}"
        if typed.casefold().strip("# ") in name.casefold():
            choices.append(app_commands.Choice(name=name[:100], value=str(plan.channel)))
    return choices[:MAX_CHOICES]
