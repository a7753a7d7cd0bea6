"""Messages: those that ask the bot, or that it can help where it listens, and its replies to them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import structlog

from bot.answering.small_talk import asks_for_context
from bot.frontends.discord.attention import (
    MAX_LISTENED,
    Attention,
    NewPosts,
    attention_to,
    questions_of,
)
from bot.frontends.discord.buttons import ACKNOWLEDGE_AFTER, UNHEARD
from bot.frontends.discord.deleting import DeleteButton
from bot.frontends.discord.reading import context_of, quotes_of
from bot.frontends.discord.replies import Reply, answer_reply, conversation_key
from bot.frontends.discord.service import Service
from bot.frontends.discord.speech import texts_of
from bot.models import Answer
from bot.snapshots import Snapshot


class Hearing:
    """Hears every message that Discord delivers."""

    def __init__(self, service: Service, log: structlog.stdlib.BoundLogger) -> None:
        self._service = service
        self._log = log
        self._posts = NewPosts()
        self._listened = 0

    def expect_first_message(self, thread: discord.Thread) -> None:
        """Wait for the first message of a new thread, which may be a forum's post."""
        self._posts.add(thread)

    async def hear(self, message: discord.Message, me: discord.ClientUser, *, reads: bool) -> None:
        """Answer a message that asks the bot (`me`), or that it can help where it listens.

        `reads`: whether Discord shows the bot every message's words.
        """
        first = self._posts.is_first(message)
        settings = self._service.servers.of(_server(message))
        attention = attention_to(message, me, settings, reads=reads, first=first)
        if attention is Attention.NONE:
            return
        questions = questions_of(message, me, first=first)
        if attention is not Attention.ASKED:
            await self._help(message, questions, attention)
            return
        text = questions[0]
        if asks_for_context(text) and (context := await self._context_of(message, me)) is not None:
            await self._reply(message, context)
            return
        if await self._must_wait(message):
            return
        work = asyncio.ensure_future(self._answered(message, text))
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
        if not work.done():
            try:
                async with message.channel.typing():
                    await asyncio.wait({work})
            except UNHEARD as error:
                self._log.warning("could not show that it types", reason=str(error))
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
            if best is not None and not self._seconds(message):
                await self._answer(message, *best)
        except Exception:  # nobody asked, so nobody waits for a word
            self._log.exception("a message that was listened to could not be answered")
        finally:
            self._listened -= 1

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
        return self._service.records.keep(given, _server(message), message.author.id)

    async def _answered(self, message: discord.Message, text: str) -> tuple[Answer, Snapshot]:
        service = self._service
        snapshot = await service.snapshot_in(_server(message))
        return await service.answer(
            text, service.before(*_conversations(message)), snapshot
        ), snapshot

    async def _answer(self, message: discord.Message, given: Answer, snapshot: Snapshot) -> None:
        service = self._service
        reply = answer_reply(
            given,
            snapshot,
            service.policy.quotes,
            texts_of(message, service.servers),
            owner=message.author.id,
            question=self._kept(message, given),
        )
        sent = await self._reply(message, reply)
        if sent is not None:
            service.remember(given, _conversations(message)[-1], sent.id)

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
