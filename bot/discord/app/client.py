"""The bot's client: connects Discord's events to the features, and handles their errors."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.discord.app.clock import DiscordClock
from bot.discord.app.discovery import discover
from bot.discord.app.monitoring import request_tracing
from bot.discord.app.network_faults import ALREADY_ANSWERED, GONE, is_network_fault
from bot.discord.app.running import StoppableClient
from bot.discord.app.sync import sync_if_changed
from bot.discord.app.translator import CatalogueTranslator
from bot.discord.app.upkeep import Upkeep
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording, wording_for_message
from bot.discord.kit.permissions import audience_of, name_of_command, permitted
from bot.discord.kit.sending import SEND_ERRORS, OutgoingMessage, send_reply
from bot.discord.kit.service import Service
from bot.operations.error_lines import in_one_line
from bot.search.opensearch.errors import EngineUnavailableError

REMEMBERED = timedelta(hours=1)
"""How long messages stay in memory: for threads that are opened on them, and edits that come without what they reply to."""


class _Tree(app_commands.CommandTree["VerbatimClient"]):
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Check permission here too, whatever Discord's client lets through."""
        command = interaction.command
        if command is None:  # raises CommandNotFound later
            return True
        return await permitted(interaction, name_of_command(command), audience_of(command))

    async def _call(self, interaction: Interaction) -> None:
        """Answer a command also where discord.py cannot read what Discord sends with it, such as a message."""
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:
            self.client.log.warning(
                "what came with a command could not be read", reason=in_one_line(error)
            )
            if interaction.type is not discord.InteractionType.autocomplete:
                await self.client.tell(interaction, member_wording(interaction).FAILED)

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Log an error of a command and apologise to the member."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            self.client.log.warning("a command that is not there any more", command=str(error))
            if interaction.type is not discord.InteractionType.autocomplete:
                await self.client.tell(interaction, member_wording(interaction).OUTDATED_COMMAND)
            return
        name = interaction.command.qualified_name if interaction.command else "unknown"
        await self.client.apologise(interaction, error.__cause__ or error, command=name)


class VerbatimClient(StoppableClient):
    """The bot on Discord. It needs no privileged intent unless it is to listen."""

    def __init__(self, service: Service, **options: Any) -> None:
        # Voice libraries that are not installed matter nothing to a bot that only writes.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            dm_messages=True,
            message_content=service.settings.listen,
        )
        clock = DiscordClock(service.now)
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            http_trace=request_tracing(service.metrics, clock),
            metrics=service.metrics,
            **options,
        )
        self.service = service
        self.service.states[VerbatimClient] = self  # so that it forgets when the others do
        self.features = discover()
        self._event_listeners = self.features.listeners(service, intents.message_content)
        self._upkeep = Upkeep(
            service, lambda: (guild.id for guild in self.guilds), self.serves, clock
        )
        self._syncing: asyncio.Task[None] | None = None
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in self.features.commands(service.policy):
            self.tree.add_command(command)

    def forget_expired(self) -> None:
        """Drop messages from discord.py's memory, which bounds only their number."""
        since = self.service.now() - REMEMBERED
        messages = self._connection._messages
        while messages and messages[0].created_at < since:
            messages.popleft()

    def serves(self, server: int) -> bool:
        """Whether this process gets the server's events, if the bot is there."""
        return True

    async def setup_hook(self) -> None:
        """Register the buttons, old ones included, and send changed commands to Discord."""
        self.add_dynamic_items(*self.features.buttons)
        await self.tree.set_translator(CatalogueTranslator())
        if not await self._sync_commands():
            self._syncing = asyncio.create_task(self._retry_sync())

    async def _sync_commands(self) -> bool:
        """Send the commands if they have changed; return False if another attempt may help."""
        try:
            sent = await sync_if_changed(self.tree)
        except Exception as error:  # mentions and the commands that are there still work
            self.log.exception("commands could not be compared or sent; those there stay in use")
            return not is_network_fault(error)
        self.log.info("commands sent" if sent else "commands are up to date")
        return True

    async def _retry_sync(self) -> None:
        """Send the commands when Discord can be reached again; until then a new bot has none."""
        backoff = replace(self.backoff, failures=0)
        await backoff.sleep(backoff.after(0.0))
        while not await self._sync_commands():
            await backoff.sleep(backoff.after(0.0))

    async def close(self) -> None:
        """Leave Discord."""
        if self._syncing is not None:
            self._syncing.cancel()
        await self._upkeep.end()
        for listener in self._event_listeners:
            await listener.close()
        await super().close()

    async def on_ready(self) -> None:
        """Log it, and note which servers have come and gone meanwhile."""
        snapshot = self.service.snapshot
        self.log.info(
            "ready", servers=len(self.guilds), texts=len(snapshot.sources), snapshot=snapshot.id
        )
        await self._upkeep.begin()
        for listener in self._event_listeners:
            listener.on_ready(self)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep the server's data, if the bot was there before."""
        await self._upkeep.returned(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Start the time after which the server's data are deleted."""
        await self._upkeep.left(guild.id)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Log it: nobody there is answered until Discord's outage is over."""
        self.log.warning("a server is unavailable: Discord has an outage", guild=guild.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Pass submitted forms to the features; discord.py dispatches everything else itself.

        It leaves what no feature knows unanswered. That comes from a version with other buttons.
        """
        kinds = discord.InteractionType
        if interaction.type is kinds.modal_submit:
            for form in self.features.forms:
                await form.submitted(interaction)
        if interaction.type in {kinds.modal_submit, kinds.component}:
            data: Any = interaction.data or {}
            custom_id = str(data.get("custom_id", ""))
            if not self.features.know(custom_id):
                kind = custom_id.partition(":")[0][:20]  # what follows may be a question
                self.log.warning("a button or form of another version", kind=kind)
                await self.tell(interaction, member_wording(interaction).OUTDATED_BUTTON)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Pass it on."""
        if self.user is not None:
            for listener in self._event_listeners:
                listener.on_thread_create(thread, self.user)

    async def on_message(self, message: discord.Message) -> None:
        """Pass it on."""
        if self.user is not None:
            for listener in self._event_listeners:
                await listener.on_message(message, self.user)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Pass it on. The raw event also comes for messages that discord.py has forgotten."""
        if self.user is not None:
            for listener in self._event_listeners:
                await listener.on_edit(payload.message, self.user)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log an error of an event, and apologise to the author of a message."""
        error = sys.exception()
        unavailable = isinstance(error, EngineUnavailableError)
        if unavailable:
            self.log.warning("not answered", reason=str(error))
        else:
            self.log.exception("an event failed", event_name=event_method)
        message = args[0] if args else None
        if event_method == "on_message" and isinstance(message, discord.Message):
            wording = wording_for_message(message, self.service)
            line = wording.SEARCH_UNAVAILABLE if unavailable else wording.FAILED
            try:
                await send_reply(message, OutgoingMessage(line))
            except SEND_ERRORS as error:
                self.log.warning("could not say so", reason=str(error))

    async def apologise(
        self, interaction: Interaction, error: BaseException, **context: Any
    ) -> None:
        """Log `error` with its traceback, and apologise to the member in one line."""
        if isinstance(error, discord.HTTPException):
            if error.code in GONE:
                self.log.warning("whom to answer was gone before", code=error.code, **context)
                return
            if error.code == ALREADY_ANSWERED:
                self.log.warning(
                    "answered before: does another process run with this token?", **context
                )
                return
        if isinstance(error, EngineUnavailableError):
            self.log.warning("not answered", reason=str(error), **context)
            await self.tell(interaction, member_wording(interaction).SEARCH_UNAVAILABLE)
            return
        self.log.error(
            "an interaction failed", guild=interaction.guild_id, exc_info=error, **context
        )
        await self.tell(interaction, member_wording(interaction).FAILED)

    async def tell(self, interaction: Interaction, line: str) -> None:
        """Send the member a private line; only log it if Discord refuses it."""
        try:
            if interaction.response.is_done():
                await interaction.followup.send(line, ephemeral=True)
            else:
                await interaction.response.send_message(line, ephemeral=True)
        except SEND_ERRORS as failure:
            self.log.warning("could not say so", reason=str(failure))
