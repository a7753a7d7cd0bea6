"""The bot on Discord: messages that ask it something, its commands and buttons, its errors."""

from __future__ import annotations

import asyncio
import re
import signal
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.answering.small_talk import asks_for_context
from bot.frontends.discord.answers import DeleteButton, MoreButton, ShareButton, TurnButton
from bot.frontends.discord.buttons import ACKNOWLEDGE_AFTER, LastingButton
from bot.frontends.discord.commands import COMMANDS
from bot.frontends.discord.curating.adding import AddButton, DropButton, FormButton, take_form
from bot.frontends.discord.curating.gaps import ExportButton, GapsButton
from bot.frontends.discord.curating.reload import LoadGoodButton
from bot.frontends.discord.curating.removing import RemoveButton
from bot.frontends.discord.privacy import ForgetButton
from bot.frontends.discord.reading import (
    ContextButton,
    JumpButton,
    ReadButton,
    context_of,
    go_to_post,
    quotes_of,
)
from bot.frontends.discord.replies import (
    MeantButton,
    Reply,
    answer_reply,
    conversation_key,
)
from bot.frontends.discord.service import Service
from bot.frontends.discord.speech import own_texts, texts_of
from bot.frontends.discord.sync import sync_if_changed
from bot.frontends.discord.translator import CatalogueTranslator
from bot.frontends.discord.voting import ExpectButton, VoteButton, take_expectation
from bot.models import Problem, VerbatimError

BUTTONS: tuple[type[LastingButton], ...] = (
    TurnButton,
    MoreButton,
    ContextButton,
    ReadButton,
    JumpButton,
    ShareButton,
    DeleteButton,
    MeantButton,
    LoadGoodButton,
    VoteButton,
    ExpectButton,
    GapsButton,
    ExportButton,
    ForgetButton,
    AddButton,
    FormButton,
    DropButton,
    RemoveButton,
)

_NO_LONGER_THERE = 10062  # the interaction's three seconds, or the member, are gone


class _Tree(app_commands.CommandTree["VerbatimClient"]):
    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Record an error of a command in full, and tell the member kindly."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            self.client.log.warning("a command that is not there any more", command=str(error))
            await interaction.response.send_message(
                own_texts(interaction).OUTDATED_COMMAND, ephemeral=True
            )
            return
        name = interaction.command.qualified_name if interaction.command else "unknown"
        await self.client.apologise(interaction, error.__cause__ or error, command=name)


class VerbatimClient(discord.Client):
    """Answers what it is asked. It needs no privileged intent."""

    def __init__(self, service: Service) -> None:
        # A bot that only writes has no use for a warning that voice libraries are not installed.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.service = service
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in COMMANDS:
            self.tree.add_command(command)

    async def run_until_stopped(self, token: str) -> None:
        """Run on Discord until SIGINT or SIGTERM. The log is set up already.

        Raises:
            VerbatimError: Discord refuses the token, or cannot be reached.

        """
        try:
            await self._run(token)
        except discord.LoginFailure as error:
            reason = "refuses the token: reset it on the application's page *Bot*, and set it anew"
            raise VerbatimError(Problem("Discord", reason)) from error
        except OSError as error:
            reason = f"cannot be reached ({error}): is the network up?"
            raise VerbatimError(Problem("Discord", reason)) from error

    async def _run(self, token: str) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        async with self:
            running = asyncio.ensure_future(self.start(token))
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if stop.is_set():
                self.log.info("stopping")
                await self.close()
            await running

    async def setup_hook(self) -> None:
        """Make old buttons work, and send the commands to Discord if they have changed."""
        self.add_dynamic_items(*BUTTONS)
        await self.tree.set_translator(CatalogueTranslator())
        try:
            sent = await sync_if_changed(self.tree)
        except discord.HTTPException:
            self.log.exception("commands could not be compared or sent; those there stay in use")
        else:
            self.log.info("commands sent" if sent else "commands are up to date")

    async def on_ready(self) -> None:
        """Record that the bot is there."""
        snapshot = self.service.snapshot
        self.log.info(
            "ready", servers=len(self.guilds), texts=len(snapshot.sources), snapshot=snapshot.id
        )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take what was typed into a form; commands and buttons have their own ways."""
        if interaction.type is discord.InteractionType.modal_submit:
            await go_to_post(interaction)
            await take_form(interaction)
            await take_expectation(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, or one that mentions the bot or replies to it."""
        me = self.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        if message.guild is not None and me not in message.mentions:
            return
        text = re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
        if asks_for_context(text) and (context := await self._context_of(message)) is not None:
            await self._reply(message, context)
            return
        if await self._must_wait(message):
            return
        keys: list[Any] = [conversation_key(message.channel, message.author)]
        if message.reference is not None and message.reference.message_id is not None:
            keys.insert(0, message.reference.message_id)
        service, snapshot = self.service, self.service.snapshot
        work = asyncio.ensure_future(service.answer(text, service.before(*keys)))
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
        if not work.done():
            async with message.channel.typing():
                await asyncio.wait({work})
        given = await work
        server = message.guild.id if message.guild else None
        reply = answer_reply(
            given,
            snapshot,
            service.policy.quotes,
            texts_of(message, given.language),
            owner=message.author.id,
            question=service.records.keep(given, server, message.author.id),
        )
        sent = await self._reply(message, reply)
        if sent is not None:
            service.remember(given, keys[-1], sent.id)

    async def _must_wait(self, message: discord.Message) -> bool:
        """Return whether the author asks faster than is allowed, and tell them once if so."""
        cooldowns, author = self.service.cooldowns, message.author.id
        seconds = cooldowns.wait(author, message.channel.id)
        if seconds and not cooldowns.is_told(author):
            await self._reply(message, Reply(texts_of(message).slow_down(seconds)))
        return seconds > 0

    async def _context_of(self, message: discord.Message) -> Reply | None:
        """Return the context of the quote that `message` replies to; None if it is no quote."""
        replied = message.reference.resolved if message.reference else None
        if not isinstance(replied, discord.Message) or replied.author != self.user:
            return None
        quotes = quotes_of(replied)
        if quotes is None:
            return None
        texts = texts_of(message)
        found = await context_of(self.service, texts, quotes.marks, quotes.first)
        if found is None:
            return Reply(texts.GONE)
        content, view = found
        return Reply(content, view.add_item(DeleteButton(message.author.id, texts)))

    async def _reply(self, message: discord.Message, reply: Reply) -> discord.Message | None:
        """Send `reply` under `message`; without it where the message is gone or cannot be read."""
        extras: dict[str, Any] = {"suppress_embeds": True}
        if reply.view is not None:
            extras["view"] = reply.view
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            return await message.channel.send(
                reply.content, reference=reference, mention_author=False, **extras
            )
        except discord.Forbidden:
            self.log.info("no permission to reply", channel=message.channel.id)
        try:
            return await message.channel.send(reply.content, **extras)
        except discord.Forbidden:
            self.log.warning("no permission to send messages", channel=message.channel.id)
            return None

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Record an error of an event in full, and tell the author of a message kindly."""
        self.log.exception("an event failed", event_name=event_method)
        message = args[0] if args else None
        if event_method == "on_message" and isinstance(message, discord.Message):
            try:
                await message.channel.send(texts_of(message).FAILED)
            except discord.HTTPException as error:
                self.log.warning("could not say so", status=error.status, code=error.code)

    async def apologise(
        self, interaction: discord.Interaction[Any], error: BaseException, **context: Any
    ) -> None:
        """Record `error` in full, and say one kind line to the member."""
        if isinstance(error, discord.NotFound) and error.code == _NO_LONGER_THERE:
            self.log.warning("an interaction was gone before it was answered", **context)
            return
        self.log.error(
            "an interaction failed", guild=interaction.guild_id, exc_info=error, **context
        )
        failed = own_texts(interaction).FAILED
        try:
            if interaction.response.is_done():
                await interaction.followup.send(failed, ephemeral=True)
            else:
                await interaction.response.send_message(failed, ephemeral=True)
        except discord.HTTPException as failure:
            self.log.warning("could not say so", status=failure.status, code=failure.code)
