"""Posts daily passages when they are due: late after an outage, never twice."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import tasks

from bot.discord.daily.changes import ScheduleChanges
from bot.discord.daily.slots import last_slot, next_slot
from bot.discord.daily.wording import DailyWording
from bot.discord.kit.buttons import make_view
from bot.discord.kit.channels import is_silent, missing_to_post
from bot.discord.kit.features import Listener
from bot.discord.kit.language import server_wording_of
from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.quotes.layout import quote_page
from bot.discord.kit.quotes.links import context_button, follow_up_button
from bot.discord.kit.sending import SEND_ERRORS, OutgoingMessage
from bot.discord.kit.service import Service
from bot.library import picking
from bot.library.snapshots import Snapshot
from bot.models import Passage, Quote
from bot.storage.connections import StorageError
from bot.storage.daily import DailySchedule, PauseReason, ReadingPlace
from bot.wording import Wording

AGAIN = 20.0
"""Seconds until another attempt, after one has failed."""

LONGEST_PAUSE = 600.0
"""Seconds after which schedules are read again though none is due: another process may have changed them."""

FINISHING = 5.0
"""Seconds that a passage which is being posted gets when the bot stops."""

TOO_NEAR = timedelta(hours=1)
"""A passage that is late by more than this is left out if the next one is due within this time."""

NONCE_KNOWN = timedelta(minutes=3)
"""How long Discord certainly remembers a nonce, and so does not post the same message twice."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.daily")


class DailyPoster(Listener):
    """Looks for due schedules of the servers that this process serves, and posts their passages.

    The slot is claimed in the storage before its passage is sent: if the process dies in between, that
    day has none.
    """

    def __init__(self, service: Service, _: bool) -> None:
        self._service = service
        self._client: discord.Client | None = None
        self._working = asyncio.Lock()
        self._storage_fails = False
        self._changed = False
        """Whether a schedule has been changed since the last look began."""

    def on_ready(self, client: discord.Client) -> None:
        """Start to look for due schedules."""
        self._client = client
        if not self._looking.is_running():
            self._looking.start()
        changes = self._service.state(ScheduleChanges)
        changes.announce = self._look_again

    async def close(self) -> None:
        """Stop, after finishing what is in progress; what takes too long stays unposted."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._working.acquire(), FINISHING)
        self._looking.cancel()

    def _look_again(self) -> None:
        """Look at once, or again after the look that is going on: it may have read the schedules already."""
        self._changed = True
        self._looking.change_interval(seconds=0)

    @tasks.loop(seconds=0)
    async def _looking(self) -> None:
        self._changed = False
        pause = await self.post_due()
        self._looking.change_interval(seconds=0 if self._changed else pause)

    async def post_due(self) -> float:
        """Post every passage that is due now; return the seconds until the next attempt."""
        storage, now = self._service.storage.daily, self._service.now()
        async with self._working:
            try:
                done = [await self._post_safely(schedule) for schedule in await storage.due(now)]
                coming = await storage.next_due(self._service.now())
                self._storage_fails = False
            except StorageError as error:  # tried again soon, so one line is enough
                if not self._storage_fails:
                    _log.warning("daily passages wait for the storage", reason=str(error))
                self._storage_fails = True
                return AGAIN
        if not all(done):
            return AGAIN
        if coming is None:
            return LONGEST_PAUSE
        return min(LONGEST_PAUSE, max(1.0, (coming - self._service.now()).total_seconds()))

    async def _post_safely(self, schedule: DailySchedule) -> bool:
        """Post a passage; False if it should be tried again soon."""
        guild = self._client.get_guild(schedule.server) if self._client else None
        if guild is None:  # another process serves it
            return True
        if guild.unavailable:
            return False
        now, plan = self._service.now(), schedule.plan
        try:
            next_due = next_slot(plan.minute, plan.zone, now)
            slot = last_slot(plan.minute, plan.zone, now)
            if now - slot > TOO_NEAR > next_due - now:
                await self._service.storage.daily.skip(schedule, next_due)
                return True
            return await self._post(guild, schedule, next_due)
        except SEND_ERRORS as error:
            _log.warning("a daily passage waits for Discord", guild=guild.id, reason=str(error))
            return False
        except StorageError:
            raise
        except Exception:  # the others must not wait for it
            _log.exception("a daily passage failed", guild=guild.id, channel=plan.channel)
            await self._service.storage.daily.skip(schedule, now + timedelta(days=1))
            return True

    async def _post(
        self, guild: discord.Guild, schedule: DailySchedule, next_due: datetime
    ) -> bool:
        """Claim the slot and send its passage, or pause the schedule and say why in the log.

        False if the slot was given back.
        """
        storage, plan = self._service.storage.daily, schedule.plan
        channel = await self._find_channel(guild, plan.channel)
        obstacle = channel if isinstance(channel, PauseReason) else self._obstacle(guild, channel)
        if isinstance(channel, PauseReason) or obstacle is not None:
            await self._pause(schedule, obstacle)
            return True
        sources = self._sources(guild, schedule)
        if sources is not None and not sources:
            await self._pause(schedule, PauseReason.TEXT)
            return True
        snapshot = self._service.snapshot
        shown = frozenset() if plan.in_order else await storage.shown(schedule)
        pick = await self._service.run_quick(lambda: _pick(snapshot, sources, schedule, shown))
        if pick is None:
            await storage.skip(schedule, next_due)
            return True
        passage = snapshot.passages[pick.number]
        place = ReadingPlace(passage.source.id, passage.post.number, passage.span.start)
        if not await storage.claim(
            schedule, next_due, place, passage.key, new_round=pick.new_round or plan.in_order
        ):
            return True
        return await self._send(guild, channel, schedule, passage, next_due)

    async def _send(
        self,
        guild: discord.Guild,
        channel: Any,
        schedule: DailySchedule,
        passage: Passage,
        next_due: datetime,
    ) -> bool:
        """Send a passage whose slot is claimed; False if the slot was given back."""
        message = daily_message(
            passage, schedule.plan.role, server_wording_of(guild, self._service.servers)
        )
        roles = [discord.Object(schedule.plan.role)] if schedule.plan.role else False
        try:
            await channel.send(
                message.content,
                view=message.view,
                suppress_embeds=True,
                nonce=f"{schedule.id}-{int(schedule.due_at.timestamp()) // 60}",
                allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles),
            )
        except (discord.Forbidden, discord.NotFound) as error:
            gone = isinstance(error, discord.NotFound)
            await self._pause(schedule, PauseReason.CHANNEL if gone else PauseReason.PERMISSION)
        except SEND_ERRORS as error:
            again = _can_repeat(error, self._service.now() - schedule.due_at)
            _log.warning(
                "a daily passage could not be sent",
                guild=guild.id,
                channel=schedule.plan.channel,
                again=again,
                reason=str(error),
            )
            if again:
                await self._service.storage.daily.release(schedule, next_due, passage.key)
                return False
        return True

    async def _find_channel(self, guild: discord.Guild, channel: int) -> Any:
        """The channel or thread; the reason for a pause if it is gone or hidden."""
        found = guild.get_channel_or_thread(channel)
        if found is not None:
            return found
        try:
            return await guild.fetch_channel(channel)  # a thread that is archived
        except discord.NotFound:
            return PauseReason.CHANNEL
        except (discord.Forbidden, discord.InvalidData):
            return PauseReason.PERMISSION

    def _obstacle(self, guild: discord.Guild, channel: Any) -> PauseReason | None:
        if missing_to_post(guild, channel):
            return PauseReason.PERMISSION
        if is_silent(self._service.servers.of(guild.id), channel):
            return PauseReason.SILENT
        return None

    def _sources(self, guild: discord.Guild, schedule: DailySchedule) -> frozenset[str] | None:
        """The ids of the texts to choose from; None: all; empty: the text is not there."""
        offered, wanted = self._service.servers.of(guild.id).sources, schedule.plan.source
        if wanted is None:
            return offered
        there = wanted in self._service.snapshot.sources and (offered is None or wanted in offered)
        return frozenset({wanted}) if there else frozenset()

    async def _pause(self, schedule: DailySchedule, reason: PauseReason | None) -> None:
        if reason is not None and await self._service.storage.daily.pause(schedule, reason):
            _log.warning(
                "a daily passage is paused",
                guild=schedule.server,
                channel=schedule.plan.channel,
                reason=reason.value,
            )


def daily_message(passage: Passage, role: int | None, wording: Wording) -> OutgoingMessage:
    """The passage with its line above, which mentions the role if there is one."""
    heading = f"**{wording.lines_of(DailyWording).TODAY}**"
    if role is not None:
        heading += f" <@&{role}>"
    quote = Quote(passage)
    content = quote_page([quote], 1, wording, heading=heading, numbered=False).content
    context = context_button([QuoteRef.of(quote)], 0, 1, wording.IN_CONTEXT)
    return OutgoingMessage(content, make_view(context, follow_up_button(wording)))


def _pick(
    snapshot: Snapshot,
    sources: frozenset[str] | None,
    schedule: DailySchedule,
    shown: frozenset[int],
) -> picking.Pick | None:
    if schedule.plan.in_order:
        return picking.in_order(snapshot, sources, schedule.last)
    seed = f"{schedule.id} {schedule.due_at.isoformat()}"
    return picking.at_random(snapshot, sources, shown, seed, schedule.last)


def _can_repeat(error: Exception, late: timedelta) -> bool:
    """Whether the message can be sent again: it never left, or Discord still knows its nonce."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 and late < NONCE_KNOWN
    return isinstance(error, aiohttp.ClientConnectorError)
