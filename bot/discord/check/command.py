"""/check: what the bot may do here, and whether its parts work."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from bot import __version__
from bot.discord.check.access import missing, needed
from bot.discord.check.wording import CheckWording
from bot.discord.kit import markdown
from bot.discord.kit.channels import covering, is_silent, settings_at
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience, may_write
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, send, wait_or_defer
from bot.discord.kit.service import Service, service_of
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedule
from bot.wording import Wording
from bot.wording.permissions import PermissionLines

STORAGE_LIMIT = 5.0
"""Seconds after which a storage that has not answered counts as out of reach."""

MAX_ELSEWHERE = 5
"""Other channels that are named."""


@app_commands.command(
    name="check",
    description="What I may do in this channel, and whether everything works (curators).",
    extras=for_audience(Audience.CURATOR),
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def check_command(interaction: Interaction) -> None:
    """Report to the curator alone. If much is missing, it takes more than a message."""
    message = await wait_or_defer(interaction, check_message(interaction), private=True)
    for content in markdown.divided(message.content, LIMIT):
        await send(interaction, OutgoingMessage(content), private=True)


async def check_message(interaction: Interaction) -> OutgoingMessage:
    """The whole report."""
    guild = interaction.guild
    if guild is None:
        raise ValueError("a check outside a server")
    service, wording = service_of(interaction), member_wording(interaction)
    own, schedules = wording.lines_of(CheckWording), await _schedules(service, guild.id)
    lines = [
        f"**{own.here(f'<#{interaction.channel_id}>')}**",
        *_permission_lines(interaction, wording),
        _role_of_channel(interaction, own),
        *_elsewhere(interaction, guild, schedules or [], wording),
        f"**{own.EVERYTHING_ELSE}**",
        own.CONTENT_ON if interaction.client.intents.message_content else own.CONTENT_OFF,
        *_listening_in_vain(interaction, own),
        *await _part_lines(interaction, guild, wording),
        own.STORAGE_FAILS if schedules is None else own.STORAGE_WORKS,
    ]
    if schedules:
        paused = sum(one.paused is not None for one in schedules)
        lines.append(own.daily(len(schedules), paused))
    lines.append(own.version(__version__))
    headings = {lines[0], f"**{own.EVERYTHING_ELSE}**"}
    return OutgoingMessage(
        "\n".join(
            f"\n{line}" if line in headings else f"- {line}" for line in lines if line
        ).lstrip()
    )


async def _schedules(service: Service, server: int) -> list[DailySchedule] | None:
    """The server's daily passages, which tells whether the storage works; None: it does not."""
    try:
        return await asyncio.wait_for(service.storage.daily.of(server), STORAGE_LIMIT)
    except (StorageError, TimeoutError):
        return None


def _permission_lines(interaction: Interaction, wording: Wording) -> list[str]:
    """Every permission that matters in the channel, as Discord says that the bot has it."""
    own, names = wording.lines_of(CheckWording), wording.lines_of(PermissionLines)
    may = interaction.app_permissions
    return [
        own.permission(names.permission(name), getattr(may, name), own.cost(name))
        for name in needed(interaction.channel, settings_at(interaction))
    ]


def _role_of_channel(interaction: Interaction, own: CheckWording) -> str:
    settings, channel = settings_at(interaction), interaction.channel
    if is_silent(settings, channel):
        return own.SILENT_HERE
    listened_to = settings.listens | settings.forums
    listens = interaction.client.intents.message_content
    if listens and not listened_to.isdisjoint(covering(channel)):
        return own.LISTENS_HERE
    return own.NOT_LISTENING_HERE


def _elsewhere(
    interaction: Interaction, guild: discord.Guild, schedules: list[DailySchedule], wording: Wording
) -> list[str]:
    """Other channels that are set to be listened to, or get daily passages, and lack something."""
    own, names = wording.lines_of(CheckWording), wording.lines_of(PermissionLines)
    settings = settings_at(interaction)
    ids = {*settings.listens, *settings.forums, *(one.plan.channel for one in schedules)}
    lines = []
    for id_ in sorted(ids - {interaction.channel_id}):
        channel = guild.get_channel_or_thread(id_)
        if channel is None or isinstance(channel, discord.CategoryChannel):
            continue
        lacks = [names.permission(name) for name in missing(channel, guild.me, settings)]
        if lacks:
            lines.append(own.elsewhere(channel.mention, lacks))
    return lines[:MAX_ELSEWHERE]


def _listening_in_vain(interaction: Interaction, own: CheckWording) -> list[str]:
    settings = settings_at(interaction)
    wanted = settings.listens or settings.forums
    works = interaction.client.intents.message_content
    return [own.LISTENING_IN_VAIN] if wanted and not works else []


async def _part_lines(
    interaction: Interaction, guild: discord.Guild, wording: Wording
) -> list[str]:
    """Lines about models and texts; those about files only where the server may change them."""
    service, own = service_of(interaction), wording.lines_of(CheckWording)
    snapshot, mask = service.offered_in(guild.id)
    offered = await service.listing_in(guild.id)
    passages = len(snapshot.passages) if mask is None else int(mask.sum())
    lines = [
        wording.meaning(service.library.embedding_status) or own.WORDS_ONLY,
        own.READER_OFF if snapshot.searcher.reader is None else own.READER_ON,
        own.texts(len(offered.in_order), passages),
    ]
    library = service.library
    if library.engine is not None and not library.engine.status.ready:
        lines.append(own.ENGINE_FAILS)
    if may_write(interaction, guild.id):
        left_out = {problem.where for problem in library.skipped}
        if library.stale:
            lines.append(f"{own.stale(len(library.stale))} {own.SEE_RELOAD}")
        if left_out:
            lines.append(f"{own.left_out(len(left_out))} {own.SEE_RELOAD}")
    return lines
