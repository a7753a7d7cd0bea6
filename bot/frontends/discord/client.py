"""The bot on Discord: messages that ask it something, its commands and buttons, its errors."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.answering.small_talk import asks_for_context
from bot.frontends.discord.answers import DeleteButton, MoreButton, ShareButton, TurnButton
from bot.frontends.discord.attention import (
    MAX_LISTENED,
    Attention,
    NewPosts,
    attention_to,
    questions_of,
)
from bot.frontends.discord.buttons import ACKNOWLEDGE_AFTER, Lasting
from bot.frontends.discord.commands import COMMANDS
from bot.frontends.discord.curating.adding import AddButton, DropButton, FormButton, take_form
from bot.frontends.discord.curating.controls import CONTROLS, set_rates
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
from bot.frontends.discord.running import StoppableClient
from bot.frontends.discord.service import Service
from bot.frontends.discord.speech import own_texts, texts_of
from bot.frontends.discord.sync import sync_if_changed
from bot.frontends.discord.translator import CatalogueTranslator
from bot.frontends.discord.upkeep import Upkeep
from bot.frontends.discord.voting import ExpectButton, VoteButton, take_expectation
from bot.models import Answer
from bot.snapshots import Snapshot

BUTTONS: tuple[type[Lasting[Any]], ...] = (
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
    *CONTROLS,
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
        self._posts = NewPosts()
        self._listened = 0
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in COMMANDS:
            self.tree.add_command(command)

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

    async def close(self) -> None:
        """Leave Discord."""
        self._upkeep.daily.cancel()
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
        self._posts.add(thread)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take what was typed into a form; commands and buttons have their own ways."""
        if interaction.type is discord.InteractionType.modal_submit:
            await go_to_post(interaction)
            await take_form(interaction)
            await set_rates(interaction)
            await take_expectation(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, one that mentions the bot or replies to it, or one it hears."""
        me, server = self.user, message.guild.id if message.guild else None
        if me is None:
            return
        first = self._posts.is_first(message)
        settings = self.service.servers.of(server)
        reads = self.intents.message_content
        attention = attention_to(message, me, settings, reads=reads, first=first)
        if attention is Attention.NONE:
            return
        questions = questions_of(message, me, first=first)
        if attention is not Attention.ASKED:
            await self._help(message, questions, attention)
            return
        text = questions[0]
        if asks_for_context(text) and (context := await self._context_of(message)) is not None:
            await self._reply(message, context)
            return
        if await self._must_wait(message):
            return
        work = asyncio.ensure_future(self._answered(message, text))
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
        if not work.done():
            async with message.channel.typing():
                await asyncio.wait({work})
        given, snapshot = await work
        await self._answer(message, given, snapshot)

    async def _help(
        self, message: discord.Message, questions: list[str], attention: Attention
    ) -> None:
        """Answer a message that nobody addressed to the bot, if the answer is worth a word."""
        if self._listened >= MAX_LISTENED:
            return
        self._listened += 1
        try:
            best = await self._best(message, questions, attention)
        except Exception:  # nobody asked, so nobody waits for a word
            self.log.exception("a message that was listened to could not be answered")
            return
        finally:
            self._listened -= 1
        if best is not None and not self._seconds(message):
            await self._answer(message, *best)

    async def _best(
        self, message: discord.Message, questions: list[str], attention: Attention
    ) -> tuple[Answer, Snapshot] | None:
        """Return the answer to the first of `questions` that has one worth a word.

        A post of a forum is a question also when it gets none; what is merely heard is not.
        """
        tried = []
        for question in questions:
            found = await self._answered(message, question)
            if attention.welcomes(found[0]):
                return found
            tried.append(found[0])
        if attention is Attention.POST:
            self._kept(message, tried[0])
        return None

    def _kept(self, message: discord.Message, given: Answer) -> int | None:
        """Keep the question of `given`, and return the id that votes go by, if it is kept."""
        server = message.guild.id if message.guild else None
        return self.service.records.keep(given, server, message.author.id)

    async def _answered(self, message: discord.Message, text: str) -> tuple[Answer, Snapshot]:
        service = self.service
        snapshot = await service.snapshot_in(message.guild.id if message.guild else None)
        return await service.answer(
            text, service.before(*_conversations(message)), snapshot
        ), snapshot

    async def _answer(self, message: discord.Message, given: Answer, snapshot: Snapshot) -> None:
        service = self.service
        reply = answer_reply(
            given,
            snapshot,
            service.policy.quotes,
            texts_of(message, service.servers, given.language),
            owner=message.author.id,
            question=self._kept(message, given),
        )
        sent = await self._reply(message, reply)
        if sent is not None:
            service.remember(given, _conversations(message)[-1], sent.id)

    async def _must_wait(self, message: discord.Message) -> bool:
        """Return whether the author asks faster than is allowed, and tell them once if so."""
        seconds, server = self._seconds(message), message.guild.id if message.guild else None
        if seconds and not self.service.cooldowns.is_told(message.author.id, server):
            texts = texts_of(message, self.service.servers)
            await self._reply(message, Reply(texts.slow_down(seconds)))
        return seconds > 0

    def _seconds(self, message: discord.Message) -> int:
        server = message.guild.id if message.guild else None
        return self.service.wait(message.author.id, message.channel.id, server)

    async def _context_of(self, message: discord.Message) -> Reply | None:
        """Return the context of the quote that `message` replies to; None if it is no quote."""
        replied = message.reference.resolved if message.reference else None
        if not isinstance(replied, discord.Message) or replied.author != self.user:
            return None
        quotes = quotes_of(replied)
        if quotes is None:
            return None
        texts = texts_of(message, self.service.servers)
        server = message.guild.id if message.guild else None
        found = await context_of(self.service, server, texts, quotes.marks, quotes.first)
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
                await message.channel.send(texts_of(message, self.service.servers).FAILED)
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


def _conversations(message: discord.Message) -> list[Any]:
    """Return what the turn before may be remembered by: the message replied to; the conversation."""
    keys: list[Any] = [conversation_key(message.channel, message.author)]
    if message.reference is not None and message.reference.message_id is not None:
        keys.insert(0, message.reference.message_id)
    return keys
