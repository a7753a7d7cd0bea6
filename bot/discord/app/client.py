"""The bot on Discord: messages that ask it something, its commands and buttons, its errors."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.discord.app.network_faults import is_network_fault
from bot.discord.app.running import StoppableClient
from bot.discord.app.sync import sync_if_changed
from bot.discord.app.translator import CatalogueTranslator
from bot.discord.app.upkeep import Upkeep
from bot.discord.ask.commands import commands_for
from bot.discord.ask.message_handler import Hearing
from bot.discord.feedback.voting import EXPECTATION, ExpectButton, VoteButton
from bot.discord.kit.buttons import UNHEARD, Lasting, Submission
from bot.discord.kit.language import own_texts, texts_of
from bot.discord.kit.permissions import name_of_command, permitted
from bot.discord.kit.sending import MeantButton
from bot.discord.kit.service import Service
from bot.discord.knowledge.adding import ADDITION_FORM, AddButton, DropButton, FormButton
from bot.discord.knowledge.history import HistoryButton
from bot.discord.knowledge.reload import LoadGoodButton
from bot.discord.knowledge.removing import RemoveButton
from bot.discord.privacy.command import ForgetButton
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.deleting import DeleteButton
from bot.discord.read.buttons import POST_NUMBER, ContextButton, JumpButton, ReadButton
from bot.discord.read.source_list import ShelfButton
from bot.discord.reports.gaps import ExportButton, GapsButton
from bot.discord.settings.controls import CONTROLS, RATE_FIELDS

BUTTONS: tuple[type[Lasting[Any]], ...] = (
    TurnButton,
    MoreButton,
    ContextButton,
    ReadButton,
    JumpButton,
    ShelfButton,
    ShareButton,
    DeleteButton,
    MeantButton,
    LoadGoodButton,
    VoteButton,
    ExpectButton,
    GapsButton,
    ExportButton,
    HistoryButton,
    ForgetButton,
    AddButton,
    FormButton,
    DropButton,
    RemoveButton,
    *CONTROLS,
)

FORMS: tuple[Submission, ...] = (POST_NUMBER, ADDITION_FORM, RATE_FIELDS, EXPECTATION)

_NO_LONGER_THERE = {10062, 10008}  # the interaction, whose three seconds are over; its message


class _Tree(app_commands.CommandTree["VerbatimClient"]):
    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether the member may use the command, whatever Discord's client lets through."""
        command = interaction.command
        if command is None:  # what is not there any more is told apart as it is called
            return True
        return await permitted(interaction, name_of_command(command))

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Record an error of a command in full, and tell the member kindly."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            self.client.log.warning("a command that is not there any more", command=str(error))
            if interaction.type is not discord.InteractionType.autocomplete:
                await self.client.tell(interaction, own_texts(interaction).OUTDATED_COMMAND)
            return
        name = interaction.command.qualified_name if interaction.command else "unknown"
        await self.client.apologise(interaction, error.__cause__ or error, command=name)


class VerbatimClient(StoppableClient):
    """Answers what it is asked. It needs no privileged intent, unless it is to listen."""

    def __init__(self, service: Service) -> None:
        # A bot that only writes has no use for a warning that voice libraries are not installed.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            dm_messages=True,
            message_content=service.settings.listen,
        )
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.service = service
        self._upkeep = Upkeep(service, lambda: (guild.id for guild in self.guilds))
        self._hearing = Hearing(service, self.log)
        self._sending: asyncio.Task[None] | None = None
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in commands_for(service.policy):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Make old buttons work, and send the commands to Discord if they have changed."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.set_translator(CatalogueTranslator())
        if not await self._deal_with_commands():
            self._sending = asyncio.create_task(self._try_commands_again())

    async def _deal_with_commands(self) -> bool:
        """Compare the commands, and send them; return False where another attempt may help."""
        try:
            sent = await sync_if_changed(self.tree)
        except Exception as error:  # mentions and the commands that are there still work
            self.log.exception("commands could not be compared or sent; those there stay in use")
            return not is_network_fault(error)
        self.log.info("commands sent" if sent else "commands are up to date")
        return True

    async def _try_commands_again(self) -> None:
        """Send the commands when Discord takes them again: until then a new bot has none."""
        pauses = replace(self.pauses, failures=0)
        await pauses.sleep(pauses.after(0.0))
        while not await self._deal_with_commands():
            await pauses.sleep(pauses.after(0.0))

    async def close(self) -> None:
        """Leave Discord."""
        if self._sending is not None:
            self._sending.cancel()
        await self._upkeep.end()
        await super().close()

    async def on_ready(self) -> None:
        """Record that the bot is there, and which servers have come and gone meanwhile."""
        snapshot = self.service.snapshot
        self.log.info(
            "ready", servers=len(self.guilds), texts=len(snapshot.sources), snapshot=snapshot.id
        )
        await self._upkeep.begin()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep what was kept of the server, if the bot was there before."""
        await self._upkeep.returned(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin to wait for the server's return."""
        await self._upkeep.left(guild.id)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Wait for the first message of a thread."""
        if self.user is not None:
            self._hearing.expect_first_message(thread, self.user)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take what was typed into a form; commands and buttons have their own ways."""
        if interaction.type is discord.InteractionType.modal_submit:
            for form in FORMS:
                await form.submitted(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, one that mentions the bot or replies to it, or one it hears."""
        if self.user is not None:
            await self._hearing.hear(message, self.user, reads=self.intents.message_content)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Let the reply to a message follow its edit, whether discord.py remembers it or not."""
        if self.user is not None:
            reads = self.intents.message_content
            await self._hearing.follow(payload.message, self.user, reads=reads)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Record an error of an event in full, and tell the author of a message kindly."""
        self.log.exception("an event failed", event_name=event_method)
        message = args[0] if args else None
        if event_method == "on_message" and isinstance(message, discord.Message):
            try:
                await message.channel.send(texts_of(message, self.service.servers).FAILED)
            except UNHEARD as error:
                self.log.warning("could not say so", reason=str(error))

    async def apologise(
        self, interaction: discord.Interaction[Any], error: BaseException, **context: Any
    ) -> None:
        """Record `error` in full, and say one kind line to the member."""
        if isinstance(error, discord.NotFound) and error.code in _NO_LONGER_THERE:
            self.log.warning("whom to answer was gone before", code=error.code, **context)
            return
        self.log.error(
            "an interaction failed", guild=interaction.guild_id, exc_info=error, **context
        )
        await self.tell(interaction, own_texts(interaction).FAILED)

    async def tell(self, interaction: discord.Interaction[Any], line: str) -> None:
        """Say `line` to the member alone, if Discord lets it through: it is the last word."""
        try:
            if interaction.response.is_done():
                await interaction.followup.send(line, ephemeral=True)
            else:
                await interaction.response.send_message(line, ephemeral=True)
        except UNHEARD as failure:
            self.log.warning("could not say so", reason=str(failure))
