"""/daily: curators set where and when a passage is posted every day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import discord
import structlog
from discord import app_commands

from bot.discord.daily.changes import ScheduleChanges
from bot.discord.daily.checks import guild_of, why_not_mention, why_not_there
from bot.discord.daily.display import schedule_line
from bot.discord.daily.slots import find_zone, next_slot, parse_time
from bot.discord.daily.suggestions import suggest_channel, suggest_zone
from bot.discord.daily.wording import DailyWording
from bot.discord.kit import markdown
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, send, wait_or_defer
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_offered
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedule, PauseReason, Plan

Chosen = app_commands.AppCommandChannel | app_commands.AppCommandThread
Order = Literal["at random", "in order"]
CommandT = TypeVar("CommandT")

MAX_SCHEDULES = 10
"""Channels of a server with a daily passage."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.daily")


class PostingChannel(app_commands.Transformer):
    """A text channel or a thread, as Discord describes it; it may not be in the bot's cache."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The kind of the option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels that can be chosen."""
        kinds = discord.ChannelType
        threads = [kinds.public_thread, kinds.private_thread, kinds.news_thread]
        return [kinds.text, kinds.news, *threads]

    async def transform(self, interaction: Interaction, value: Any, /) -> Chosen:
        """Return the channel unchanged."""
        chosen: Chosen = value
        return chosen


daily = app_commands.Group(
    name="daily",
    description="Post a passage every day (curators).",
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(
        guild=True, dm_channel=False, private_channel=False
    ),
)


@daily.command(
    name="set",
    description="Post a passage in a channel every day (curators).",
    extras=for_audience(Audience.CURATOR),
)
@app_commands.describe(
    channel="The channel or thread",
    time="The time of day, such as 8:30",
    zone="The time zone, such as Europe/Berlin: pick it as you type",
    source="From this text only",
    order="Which passage comes next; at random unless you say otherwise",
    role="A role to mention",
)
@app_commands.autocomplete(zone=suggest_zone, source=suggest_offered)
async def set_daily(
    interaction: Interaction,
    channel: app_commands.Transform[Chosen, PostingChannel],
    time: app_commands.Range[str, 1, 20],
    zone: app_commands.Range[str, 1, 64],
    source: app_commands.Range[str, 1, 100] | None = None,
    order: Order = "at random",
    role: discord.Role | None = None,
) -> None:
    """Check what was typed, and store it."""
    guild, service = guild_of(interaction), service_of(interaction)
    wording = member_wording(interaction)
    own = wording.lines_of(DailyWording)

    async def work() -> str:
        minute = parse_time(time)
        if minute is None:
            return own.NOT_A_TIME
        known_zone = await service.run_quick(lambda: find_zone(zone))
        if known_zone is None:
            return own.not_a_zone(markdown.escape(zone))
        text = None
        if source is not None:
            text = (await service.listing_in(guild.id)).find(source)
            if text is None:
                return wording.unknown_source(markdown.escape(source))
        refused = await why_not_there(interaction, channel.id, own)
        refused = refused or why_not_mention(interaction, role, own)
        if refused is not None:
            return refused
        plan = Plan(
            channel.id,
            minute,
            known_zone,
            None if text is None else text.id,
            order == "in order",
            None if role is None else role.id,
        )
        due = next_slot(minute, known_zone, service.now())
        schedule = await service.storage.daily.set(guild.id, plan, due, MAX_SCHEDULES)
        if schedule is None:
            return own.too_many(MAX_SCHEDULES)
        service.state(ScheduleChanges).announce()
        line = schedule_line(schedule, service, own)
        await _record(interaction, plan, line)
        pings = role is None or role.mentionable or guild.me.guild_permissions.mention_everyone
        return "\n".join(filter(None, (own.is_set(line), "" if pings else own.WILL_NOT_PING)))

    await _respond(interaction, work(), own)


@daily.command(
    name="status",
    description="Which channels get a passage, and when the next one comes (curators).",
    extras=for_audience(Audience.CURATOR),
)
async def show_daily(interaction: Interaction) -> None:
    """List the server's schedules."""
    guild, service = guild_of(interaction), service_of(interaction)
    own = member_wording(interaction).lines_of(DailyWording)

    async def work() -> str:
        schedules = await service.storage.daily.of(guild.id)
        if not schedules:
            return own.NONE
        lines = [f"- {schedule_line(schedule, service, own)}" for schedule in schedules]
        return "\n".join([own.HEADING, *lines])

    await _respond(interaction, work(), own)


async def _pause(interaction: Interaction, schedule: DailySchedule, own: DailyWording) -> str:
    await service_of(interaction).storage.daily.pause(schedule, PauseReason.CURATOR)
    return own.is_paused(f"<#{schedule.plan.channel}>")


async def _resume(interaction: Interaction, schedule: DailySchedule, own: DailyWording) -> str:
    service, plan = service_of(interaction), schedule.plan
    refused = await why_not_there(interaction, plan.channel, own)
    if refused:
        return refused
    due = next_slot(plan.minute, plan.zone, service.now())
    await service.storage.daily.resume(schedule, due)
    service.state(ScheduleChanges).announce()
    schedules = await service.storage.daily.of(schedule.server)
    now = next((one for one in schedules if one.id == schedule.id), schedule)
    return own.resumed(schedule_line(now, service, own))


async def _remove(interaction: Interaction, schedule: DailySchedule, own: DailyWording) -> str:
    await service_of(interaction).storage.daily.remove(schedule)
    return own.removed(f"<#{schedule.plan.channel}>")


def _with_chosen_channel(command: CommandT) -> CommandT:
    """Describe the option `channel`, and suggest the channels with a daily passage."""
    described = app_commands.describe(channel="The channel or thread: pick it as you type")
    return app_commands.autocomplete(channel=suggest_channel)(described(command))


@daily.command(
    name="pause",
    description="Stop posting in a channel until you resume (curators).",
    extras=for_audience(Audience.CURATOR),
)
@_with_chosen_channel
async def pause_daily(interaction: Interaction, channel: app_commands.Range[str, 1, 100]) -> None:
    """Pause a channel's schedule."""
    await _change(interaction, channel, _pause)


@daily.command(
    name="resume",
    description="Post again in a channel that was paused (curators).",
    extras=for_audience(Audience.CURATOR),
)
@_with_chosen_channel
async def resume_daily(interaction: Interaction, channel: app_commands.Range[str, 1, 100]) -> None:
    """Resume a channel's schedule."""
    await _change(interaction, channel, _resume)


@daily.command(
    name="remove",
    description="Stop posting in a channel for good (curators).",
    extras=for_audience(Audience.CURATOR),
)
@_with_chosen_channel
async def remove_daily(interaction: Interaction, channel: app_commands.Range[str, 1, 100]) -> None:
    """Remove a channel's schedule."""
    await _change(interaction, channel, _remove)


async def _change(
    interaction: Interaction,
    channel: str,
    change: Callable[[Interaction, DailySchedule, DailyWording], Awaitable[str]],
) -> None:
    """Change the schedule of a channel, which was chosen from a list, and record it."""
    guild, service = guild_of(interaction), service_of(interaction)
    own = member_wording(interaction).lines_of(DailyWording)

    async def work() -> str:
        for schedule in await service.storage.daily.of(guild.id):
            if str(schedule.plan.channel) == channel.strip("<#> "):
                said = await change(interaction, schedule, own)
                await _record(interaction, schedule.plan, said)
                return said
        return own.NO_SUCH_SCHEDULE

    await _respond(interaction, work(), own)


async def _respond(interaction: Interaction, work: Awaitable[str], own: DailyWording) -> None:
    """Send the lines that `work` makes to the curator alone, or say that the storage failed.

    Ten schedules with all that can be set take more than a message.
    """

    async def safely() -> str:
        try:
            return await work
        except StorageError as error:
            _log.warning("daily passages could not be read or changed", reason=str(error))
            return own.STORAGE_FAILED

    lines = await wait_or_defer(interaction, safely(), private=True)
    for content in markdown.divided(lines, LIMIT):
        await send(interaction, OutgoingMessage(content), private=True)


async def _record(interaction: Interaction, plan: Plan, detail: str) -> None:
    service = service_of(interaction)
    guild, who = guild_of(interaction).id, interaction.user.id
    _log.info("daily passages changed", guild=guild, channel=plan.channel, member=who)
    try:
        await service.storage.audit.record(guild, who, "daily", detail, service.now())
    except StorageError as error:
        _log.warning("an act was not noted", reason=str(error))
