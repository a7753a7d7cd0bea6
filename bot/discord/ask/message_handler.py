"""Handles messages: those that ask the bot, those it can answer where it listens, and their edits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Any

import discord
import structlog

from bot.answering.asking import Addressing, AskResult, Request
from bot.answering.small_talk import asks_for_context
from bot.discord.ask import replies
from bot.discord.ask.answers import answer_message
from bot.discord.ask.attention import (
    MAX_OVERHEARD,
    Attention,
    PendingPosts,
    attention_to,
    is_from_member,
    questions_of,
    replies_to,
)
from bot.discord.ask.reply_tracking import ReplyTracker, TrackedMessage
from bot.discord.ask.starter_cache import StarterCache, welcoming_buttons
from bot.discord.ask.thread_activity import ThreadActivity
from bot.discord.kit.buttons import make_view
from bot.discord.kit.channels import server_of_message
from bot.discord.kit.conversations import conversation_key
from bot.discord.kit.features import Listener
from bot.discord.kit.language import wording_for_message
from bot.discord.kit.quotes.context import context_message
from bot.discord.kit.quotes.links import delete_button, quotes_under
from bot.discord.kit.sending import (
    ACKNOWLEDGE_AFTER,
    SEND_ERRORS,
    OutgoingMessage,
    is_of_another_process,
    send_reply,
)
from bot.discord.kit.service import Service
from bot.library.snapshots import Snapshot
from bot.models import Turn
from bot.search.opensearch.errors import EngineUnavailableError

_ADDRESSING = {
    Attention.LISTENING: Addressing.OVERHEARD,
    Attention.POST: Addressing.OVERHEARD,
    Attention.CONVERSATION: Addressing.IN_BOT_THREAD,
    Attention.REPLY: Addressing.REPLY_TO_BOT,
    Attention.ASKED: Addressing.TO_BOT,
}

NOTICE_EVERY = 3_600.0
"""Seconds between two reports of another process that uses the same token."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class MessageHandler(Listener):
    """Answers messages, and follows edits of recent ones."""

    def __init__(self, service: Service, can_read_content: bool) -> None:
        """`can_read_content`: whether the bot has the message-content intent."""
        self._service = service
        self._can_read_content = can_read_content
        self._pending_posts = PendingPosts()
        self._thread_activity = ThreadActivity()
        self._tracker = service.states[ReplyTracker] = ReplyTracker()  # new after a restart
        self._overheard = 0
        self._noticed: float | None = None
        """When another process was last reported."""

    def on_ready(self, client: discord.Client) -> None:
        """Look for questions to begin with, so that nobody waits for them."""
        self._service.state(StarterCache).known(self._service, self._service.snapshot)

    def on_thread_create(self, thread: discord.Thread, bot_user: discord.ClientUser) -> None:
        """Expect the first message, which Discord delivers separately."""
        self._pending_posts.add(thread)
        self._thread_activity.opened(thread, bot_user.id)

    async def on_message(self, message: discord.Message, bot_user: discord.ClientUser) -> None:
        """Answer a message if it asks the bot, or if the bot listens and knows an answer."""
        if message.author.id == bot_user.id:
            self._notice_another_process(message)
            return
        if not is_from_member(message) or self._tracker.knows(message.id):
            return
        self._thread_activity.note(message, bot_user.id)
        is_first_post = self._pending_posts.is_first(message)
        await self._handle(message, bot_user, self._tracker.add(message, is_first_post))

    def _notice_another_process(self, reply: discord.Message) -> None:
        """Say in the log, once an hour at most, that somebody else answers the same questions with our token."""
        asked = reply.reference.message_id if reply.reference else None
        if asked is None or not self._tracker.knows(asked) or not is_of_another_process(reply):
            return
        if self._noticed is None or monotonic() - self._noticed >= NOTICE_EVERY:
            self._noticed = monotonic()
            _log.warning(
                "another process answers with this token, so members get two answers: stop one of them",
                channel=reply.channel.id,
            )

    async def on_edit(self, message: discord.Message, bot_user: discord.ClientUser) -> None:
        """Update the reply to an edited message, or answer it if it asks something now."""
        tracked = self._tracker.edited(message) if is_from_member(message) else None
        if tracked is not None:
            await self._handle(message, bot_user, tracked)

    async def _handle(
        self, message: discord.Message, bot_user: discord.ClientUser, tracked: TrackedMessage
    ) -> None:
        """Answer a message as it reads now; delete the reply if it asks nothing any more."""
        version = tracked.next_version()
        attention = attention_to(
            message,
            bot_user,
            self._service.servers.of(server_of_message(message)),
            can_read_content=self._can_read_content,
            is_first_post=tracked.is_first_post,
        )
        if tracked.asked and replies_to(message, bot_user):  # an update may come without its ping
            if not message.content:
                return
            attention = Attention.ASKED
        if attention is Attention.NONE:
            await self._withdraw(tracked, version)
            return
        questions = questions_of(message, bot_user, is_first_post=tracked.is_first_post)
        if attention in {Attention.ASKED, Attention.REPLY}:
            context = await self._requested_context(message, bot_user, questions[0])
            if context is not None:
                await replies.deliver(message, tracked, version, context)
                return
        if attention is Attention.ASKED:
            await self._answer_asked(message, tracked, version, questions[0])
        else:
            await self._answer_overheard(message, bot_user, tracked, version, questions, attention)

    async def _answer_asked(
        self, message: discord.Message, tracked: TrackedMessage, version: int, question: str
    ) -> None:
        if await self._is_rate_limited(message):
            return
        tracked.asked = True
        request = Request(question, self._previous_turn(message, tracked))
        work = asyncio.ensure_future(self._ask(message, request))
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_AFTER)
        if not work.done():
            try:
                async with message.channel.typing():
                    await asyncio.wait({work})
            except SEND_ERRORS as error:
                _log.warning("could not show that it types", reason=str(error))
        result = await work
        if result is not None:
            await self._reply(message, tracked, version, result)

    async def _ask(self, message: discord.Message, request: Request) -> AskResult | None:
        snapshot = await self._service.snapshot_in(server_of_message(message))
        way = "direct" if server_of_message(message) is None else "mention"
        return await self._service.ask(request, snapshot, way, message.author.id)

    async def _answer_overheard(
        self,
        message: discord.Message,
        bot_user: discord.ClientUser,
        tracked: TrackedMessage,
        version: int,
        questions: list[str],
        attention: Attention,
    ) -> None:
        """Answer a message that does not mention the bot, if the answer is worth saying."""
        if self._overheard >= MAX_OVERHEARD:
            return
        self._overheard += 1
        try:
            snapshot = await self._service.snapshot_in(server_of_message(message))
            result = await self._best(message, bot_user, tracked, questions, attention, snapshot)
            if result is None or not result.worth_saying:
                await self._withdraw(tracked, version)
                if result is not None and attention is Attention.POST:
                    tracked.question = self._keep(message, result)
            elif not self._seconds_to_wait(message):
                await self._reply(message, tracked, version, result)
        except EngineUnavailableError as error:
            _log.warning("a message that was listened to was not answered", reason=str(error))
        except Exception:  # nobody asked the bot, so nobody waits for an apology
            _log.exception("a message that was listened to could not be answered")
        finally:
            self._overheard -= 1

    async def _best(
        self,
        message: discord.Message,
        bot_user: discord.ClientUser,
        tracked: TrackedMessage,
        questions: list[str],
        attention: Attention,
        snapshot: Snapshot,
    ) -> AskResult | None:
        """Try `questions` in order: the first answer worth saying, else the first answer at all.

        None if nothing is asked. Where people have answered each other in a thread, nothing is
        worth saying, unless the bot answered before them.
        """
        addressing = _ADDRESSING[attention]
        before = self._previous_turn(message, tracked) if addressing.is_with_bot else None
        best = None
        for question in questions:
            request = Request(question, before, addressing=addressing)
            result = await self._service.ask(request, snapshot, attention.value, message.author.id)
            if result is not None and result.worth_saying:
                if attention is Attention.REPLY or tracked.reply is not None:
                    return result
                answered = await self._thread_activity.has_answered(message, bot_user.id)
                return replace(result, worth_saying=not answered)
            best = best or result
        return best

    def _keep(self, message: discord.Message, result: AskResult) -> int | None:
        return self._service.keep(result, server_of_message(message), message.author.id)

    def _previous_turn(self, message: discord.Message, tracked: TrackedMessage) -> Turn | None:
        """The turn before `message`; for an edited message, before its first answer."""
        if tracked.reply is None:
            tracked.before = self._service.previous_turn(*_conversations(message))
        return tracked.before

    async def _reply(
        self, message: discord.Message, tracked: TrackedMessage, version: int, result: AskResult
    ) -> None:
        """Send an answer, keep its question in the place of an earlier version, and remember it."""
        service = self._service
        if tracked.version != version:  # edited again meanwhile
            return
        self._forget_question(tracked)
        tracked.question = self._keep(message, result)
        reply = answer_message(
            result,
            service.policy_for(message.author.id).quotes,
            wording_for_message(message, service),
            owner=message.author.id,
            question=tracked.question,
            below_talk=welcoming_buttons(service, result.answer, result.snapshot),
        )
        sent = await replies.deliver(message, tracked, version, reply)
        if sent is not None:
            service.remember(result, _conversations(message)[-1], sent)

    async def _withdraw(self, tracked: TrackedMessage, version: int) -> None:
        """Delete the reply to an edited message that asks nothing, or has no answer, any more."""
        async with tracked.delivering:
            if tracked.version == version:
                self._forget_question(tracked)
                await replies.delete_reply(tracked)

    def _forget_question(self, tracked: TrackedMessage) -> None:
        """Delete the question that was kept before an edit."""
        if tracked.question is not None:
            self._service.question_log.withdraw(tracked.question)
            tracked.question = None

    async def _is_rate_limited(self, message: discord.Message) -> bool:
        """Count the question; if it exceeds the limits, tell the author once."""
        seconds, server = self._seconds_to_wait(message), server_of_message(message)
        if seconds and not self._service.cooldowns.is_told(message.author.id, server):
            wording = wording_for_message(message, self._service)
            await send_reply(message, OutgoingMessage(wording.slow_down(seconds)))
        return seconds > 0

    def _seconds_to_wait(self, message: discord.Message) -> int:
        return self._service.seconds_to_wait(
            message.author.id, message.channel.id, server_of_message(message)
        )

    async def _requested_context(
        self, message: discord.Message, bot_user: discord.ClientUser, question: str
    ) -> OutgoingMessage | None:
        """The context of a quote, if `message` replies to the quote and asks for it."""
        replied = message.reference.resolved if message.reference else None
        if not isinstance(replied, discord.Message) or replied.author != bot_user:
            return None
        quotes = quotes_under(replied) if asks_for_context(question) else None
        if quotes is None:
            return None
        wording = wording_for_message(message, self._service)
        shown = await context_message(self._service, server_of_message(message), wording, *quotes)
        if shown is None:
            return OutgoingMessage(wording.GONE)
        view = shown.view or make_view()
        return replace(shown, view=view.add_item(delete_button(message.author.id, wording)))


def _conversations(message: discord.Message) -> list[Any]:
    """Keys under which the previous turn may be: the message replied to, then the conversation."""
    keys: list[Any] = [conversation_key(message.channel, message.author)]
    if message.reference is not None and message.reference.message_id is not None:
        keys.insert(0, message.reference.message_id)
    return keys
