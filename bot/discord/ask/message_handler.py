"""Messages: those that ask the bot, or that it can help where it listens, and its replies to them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.answering.overheard import Overheard
from bot.answering.small_talk import asks_for_context
from bot.discord.ask.attention import (
    MAX_LISTENED,
    Attention,
    NewPosts,
    attention_to,
    is_from_member,
    questions_of,
    replies_to,
)
from bot.discord.ask.reply_tracking import Exchange, Exchanges
from bot.discord.ask.thread_activity import Company
from bot.discord.kit.buttons import ACKNOWLEDGE_AFTER, UNHEARD
from bot.discord.kit.language import texts_of
from bot.discord.kit.sending import Reply, answer_reply, conversation_key
from bot.discord.kit.service import Service
from bot.discord.quote.deleting import DeleteButton
from bot.discord.read.buttons import context_of, quotes_of
from bot.library.snapshots import Snapshot
from bot.models import Answer, Turn


class Hearing:
    """Hears every message that Discord delivers, and follows those that are edited soon after."""

    def __init__(self, service: Service, log: structlog.stdlib.BoundLogger) -> None:
        self._service = service
        self._log = log
        self._posts = NewPosts()
        self._company = Company()
        self._exchanges = Exchanges()
        self._listened = 0

    def expect_first_message(self, thread: discord.Thread, me: discord.ClientUser) -> None:
        """Wait for the first message of a new thread, which may be a forum's post."""
        self._posts.add(thread)
        self._company.opened(thread, me.id)

    async def hear(self, message: discord.Message, me: discord.ClientUser, *, reads: bool) -> None:
        """Answer a message that asks the bot (`me`), or that it can help where it listens.

        `reads`: whether Discord shows the bot every message's words.
        """
        if not is_from_member(message):
            return
        self._company.note(message, me.id)
        exchange = self._exchanges.of(message, first=self._posts.is_first(message))
        await self._take(message, me, exchange, reads=reads)

    async def follow(
        self, message: discord.Message, me: discord.ClientUser, *, reads: bool
    ) -> None:
        """Let the reply follow a `message` that has been edited, or answer it now if it asks now."""
        exchange = self._exchanges.edited(message) if is_from_member(message) else None
        if exchange is not None:
            await self._take(message, me, exchange, reads=reads)

    async def _take(
        self, message: discord.Message, me: discord.ClientUser, exchange: Exchange, *, reads: bool
    ) -> None:
        """Answer a message as it is now; what was answered before and asks no more loses its reply."""
        version = exchange.begin()
        settings = self._service.servers.of(_server(message))
        attention = attention_to(message, me, settings, reads=reads, first=exchange.first)
        if exchange.asked and replies_to(message, me):  # an update may come without its ping
            if not message.content:
                return
            attention = Attention.ASKED
        if attention is Attention.NONE:
            await self._withdraw(exchange, version)
            return
        questions = questions_of(message, me, first=exchange.first)
        if attention is not Attention.ASKED and attention is not Attention.REPLY:
            await self._help(message, me, exchange, version, questions, attention)
        elif asks_for_context(questions[0]) and (context := await self._context_of(message, me)):
            await self._say(message, exchange, version, context)
        elif attention is Attention.ASKED:
            await self._answer_asked(message, exchange, version, questions[0])
        else:
            await self._help(message, me, exchange, version, questions, attention)

    async def _answer_asked(
        self, message: discord.Message, exchange: Exchange, version: int, text: str
    ) -> None:
        if await self._must_wait(message):
            return
        exchange.asked = True
        work = asyncio.ensure_future(self._answered(message, exchange, text))
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
        if not work.done():
            try:
                async with message.channel.typing():
                    await asyncio.wait({work})
            except UNHEARD as error:
                self._log.warning("could not show that it types", reason=str(error))
        given, snapshot = await work
        await self._answer(message, exchange, version, given, snapshot)

    async def _help(
        self,
        message: discord.Message,
        me: discord.ClientUser,
        exchange: Exchange,
        version: int,
        questions: list[str],
        attention: Attention,
    ) -> None:
        """Answer a message that nobody addressed to the bot, if the answer is worth a word."""
        if self._listened >= MAX_LISTENED:
            return
        self._listened += 1
        try:
            snapshot = await self._service.snapshot_in(_server(message))
            found = await self._best(message, me, exchange, questions, attention, snapshot)
            if found is None or not found.welcome:
                await self._withdraw(exchange, version)
                if found is not None and attention is Attention.POST:
                    exchange.question = self._kept(message, found.answer)
            elif not self._seconds(message):
                await self._answer(message, exchange, version, found.answer, snapshot)
        except Exception:  # nobody asked, so nobody waits for a word
            self._log.exception("a message that was listened to could not be answered")
        finally:
            self._listened -= 1

    async def _best(
        self,
        message: discord.Message,
        me: discord.ClientUser,
        exchange: Exchange,
        questions: list[str],
        attention: Attention,
        snapshot: Snapshot,
    ) -> Overheard | None:
        """Return the answer to the first of `questions` that has one worth a word.

        Without one, that to the first that asks something; None: nothing is asked. Where people
        have answered each other, no answer is welcome, unless the bot had answered before them.
        """
        spoken_to = attention is Attention.REPLY
        with_bot = spoken_to or attention is Attention.CONVERSATION
        before = self._before(message, exchange) if with_bot else None
        best = None
        for question in questions:
            found = await self._service.overhear(
                question, before, snapshot, with_bot=with_bot, spoken_to=spoken_to
            )
            if found is not None and found.welcome:
                if spoken_to or exchange.reply is not None:
                    return found
                left_to_people = await self._company.has_answered(message, me.id)
                return replace(found, welcome=not left_to_people)
            best = best or found
        return best

    def _kept(self, message: discord.Message, given: Answer) -> int | None:
        """Keep the question of `given`, and return the id that votes go by, if it is kept."""
        return self._service.records.keep(given, _server(message), message.author.id)

    def _before(self, message: discord.Message, exchange: Exchange) -> Turn | None:
        """Return the turn before `message`, also when it was answered already and is edited."""
        if exchange.reply is None:
            exchange.before = self._service.before(*_conversations(message))
        return exchange.before

    async def _answered(
        self, message: discord.Message, exchange: Exchange, text: str
    ) -> tuple[Answer, Snapshot]:
        service = self._service
        before = self._before(message, exchange)
        snapshot = await service.snapshot_in(_server(message))
        return await service.answer(text, before, snapshot), snapshot

    async def _answer(
        self,
        message: discord.Message,
        exchange: Exchange,
        version: int,
        given: Answer,
        snapshot: Snapshot,
    ) -> None:
        service = self._service
        if exchange.version != version:  # edited again meanwhile
            return
        self._forget(exchange)
        exchange.question = self._kept(message, given)
        reply = answer_reply(
            given,
            snapshot,
            service.policy.quotes,
            texts_of(message, service.servers),
            owner=message.author.id,
            question=exchange.question,
        )
        sent = await self._say(message, exchange, version, reply)
        if sent is not None:
            service.remember(given, _conversations(message)[-1], sent)

    async def _say(
        self, message: discord.Message, exchange: Exchange, version: int, reply: Reply
    ) -> int | None:
        """Put `reply` in the place of the last one, or send it; return the id of the message.

        One that somebody has deleted is sent again only to a member who asks the bot.
        """
        async with exchange.delivering:
            if exchange.version != version:
                return None
            if exchange.reply is not None:
                try:
                    await exchange.reply.edit(content=reply.content, view=reply.view)
                except discord.NotFound:
                    if not exchange.asked:
                        return None
                else:
                    return exchange.reply.id
            sent = await self._reply(message, reply)
            if sent is None:
                return None
            exchange.reply = discord.PartialMessage(channel=sent.channel, id=sent.id)
            return sent.id

    async def _withdraw(self, exchange: Exchange, version: int) -> None:
        """Delete the reply to what has been edited, and asks nothing or has no answer now."""
        async with exchange.delivering:
            if exchange.version != version:
                return
            self._forget(exchange)
            reply, exchange.reply = exchange.reply, None
            if reply is not None:
                with suppress(discord.NotFound):
                    await reply.delete()

    def _forget(self, exchange: Exchange) -> None:
        """Keep the question no longer as it was before an edit."""
        if exchange.question is not None:
            self._service.records.withdraw(exchange.question)
            exchange.question = None

    async def _must_wait(self, message: discord.Message) -> bool:
        """Return whether the author asks faster than is allowed, and tell them once if so."""
        seconds, server = self._seconds(message), _server(message)
        if seconds and not self._service.cooldowns.is_told(message.author.id, server):
            texts = texts_of(message, self._service.servers)
            await self._reply(message, Reply(texts.slow_down(seconds)))
        return seconds > 0

    def _seconds(self, message: discord.Message) -> int:
        return self._service.wait(message.author.id, message.channel.id, _server(message))

    async def _context_of(self, message: discord.Message, me: discord.ClientUser) -> Reply | None:
        """Return the context of the quote that `message` replies to; None if it is no quote."""
        replied = message.reference.resolved if message.reference else None
        if not isinstance(replied, discord.Message) or replied.author != me:
            return None
        quotes = quotes_of(replied)
        if quotes is None:
            return None
        texts = texts_of(message, self._service.servers)
        found = await context_of(self._service, _server(message), texts, quotes.marks, quotes.first)
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
            self._log.info("no permission to reply", channel=message.channel.id)
        try:
            return await message.channel.send(reply.content, **extras)
        except discord.Forbidden:
            self._log.warning("no permission to send messages", channel=message.channel.id)
            return None


def _server(message: discord.Message) -> int | None:
    return message.guild.id if message.guild else None


def _conversations(message: discord.Message) -> list[Any]:
    """Return what the turn before may be remembered by: the message replied to; the conversation."""
    keys: list[Any] = [conversation_key(message.channel, message.author)]
    if message.reference is not None and message.reference.message_id is not None:
        keys.insert(0, message.reference.message_id)
    return keys
