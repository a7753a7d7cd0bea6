"""Questions that are edited: the reply follows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from simcord.backend.models import AllowedMentions

from bot.answering.asking import AskResult, Request
from bot.discord.ask import replies, reply_tracking
from bot.discord.ask.reply_tracking import FOLLOWED_FOR
from bot.discord.kit import sending
from bot.discord.kit.sending import OutgoingMessage
from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, Clock, World
from tests.discord.ask.test_attention import reply_quietly
from tests.discord.settled import listen, said_in, settle

ILL = "Who was too ill to attend the opening?"
TOLL = "Which toll was never raised?"
FAR = "What is the capital of Mongolia?"


@pytest.fixture
async def listening(world: World, service: Service) -> World:
    """Return the server where the bot listens in the channel."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await listen(world, service)
    return world


async def asked(world: World, service: Service) -> list[tuple[int, int]]:
    """Return how many questions are kept of each day, and how many of them are not covered."""
    await service.question_log.settle()
    days = await service.storage.questions.counts_by_day(world.guild.id, TODAY - timedelta(days=1))
    return [(day.asked, day.not_covered) for day in days]


def test_only_the_last_messages_are_tracked(monkeypatch: pytest.MonkeyPatch) -> None:
    """So memory stays bounded: 3 MB for all that are."""
    monkeypatch.setattr(reply_tracking, "MAX_TRACKED", 3)
    tracker = reply_tracking.ReplyTracker()
    messages: list[Any] = [SimpleNamespace(id=number, content="Who?") for number in range(5)]
    for message in messages:
        tracker.add(message, is_first_post=False)
    assert [tracker.knows(message.id) for message in messages] == [False, False, True, True, True]


def test_a_message_is_forgotten_when_its_edits_are_not_followed_any_more(clock: Clock) -> None:
    """And with it the question before it, which is in memory for ten minutes at most."""
    tracker = reply_tracking.ReplyTracker(clock)
    early: Any = SimpleNamespace(id=1, content="Who?")
    late: Any = SimpleNamespace(id=2, content="Why?")
    tracker.add(early, is_first_post=False)
    clock.now += FOLLOWED_FOR.total_seconds()
    tracker.add(late, is_first_post=False)
    tracker.forget_expired()
    assert tracker.knows(early.id)
    clock.now += 1
    tracker.forget_expired()
    assert [tracker.knows(one.id) for one in (early, late)] == [False, True]


async def test_the_bot_forgets_messages_by_itself(world: World, service: Service) -> None:
    """Whatever makes the service forget makes the tracker forget, too."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    tracker = service.state(reply_tracking.ReplyTracker)
    assert tracker.knows(message.id)
    tracker._clock = lambda: monotonic() + 2 * FOLLOWED_FOR.total_seconds()
    service.forget_expired()
    assert not tracker.knows(message.id)


async def test_the_reply_to_a_mention_follows_its_edit(world: World, service: Service) -> None:
    """In place, with the buttons of the new answer; the question is kept as it is now."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    (reply,) = said_in(world, world.channel)
    assert "Brunel" in reply.content
    await world.member.edit(message, f"{world.mention} {TOLL}")
    (changed,) = said_in(world, world.channel)
    assert changed.id == reply.id
    assert "toll" in changed.content
    assert "Brunel" not in changed.content
    labels = [child.label for row in changed.components for child in getattr(row, "children", ())]
    assert wording.DELETE in labels
    assert await asked(world, service) == [(1, 0)]


async def test_an_edit_without_an_answer_is_told_so(world: World, service: Service) -> None:
    """To one who has asked the bot."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    await world.member.edit(message, f"{world.mention} {FAR}")
    (reply,) = said_in(world, world.channel)
    assert wording.NOT_COVERED in reply.content
    assert await asked(world, service) == [(1, 1)]


async def test_the_reply_to_a_direct_message_follows_too(world: World) -> None:
    """Where every message is a question."""
    message = await world.member.send_dm(FAR)
    world.env.backend.edit_message(message.channel.id, message.id, {"content": ILL})
    await world.env.settle()
    history = world.member.user.dm_channel.history()
    assert len(history) == 2
    assert "Brunel" in history[-1].content


async def test_where_it_listens_an_edit_without_an_answer_takes_the_reply_away(
    listening: World, service: Service
) -> None:
    """Nobody has asked the bot; and one that has an answer now gets it."""
    message = await listening.member.send(listening.channel, ILL)
    assert len(said_in(listening, listening.channel)) == 1
    await listening.member.edit(message, "My cat is asleep")
    assert said_in(listening, listening.channel) == []
    assert await asked(listening, service) == []
    await listening.member.edit(message, TOLL)
    (reply,) = said_in(listening, listening.channel)
    assert "toll" in reply.content


async def test_an_edit_that_adds_the_mention_is_a_question(world: World) -> None:
    """People forget it first; one that takes it away asks no more."""
    message = await world.member.send(world.channel, ILL)
    assert said_in(world, world.channel) == []
    await world.member.edit(message, f"{world.mention} {ILL}")
    (reply,) = said_in(world, world.channel)
    assert reply.reference is not None
    assert reply.reference.message_id == message.id
    await world.member.edit(message, ILL)
    assert said_in(world, world.channel) == []


async def test_a_reply_with_its_ping_is_still_a_question_when_it_is_edited(world: World) -> None:
    """Its words may be missing from the update, for they do not mention the bot."""
    await world.member.send(world.channel, f"{world.mention} {ILL}")
    first = world.channel.last_message
    message = await world.member.send(world.channel, "why was he absent?", reply_to=first)
    reply = world.channel.last_message
    silently = {
        "content": "why was he not there?",
        "allowed_mentions": AllowedMentions(replied_user=False),
    }
    world.env.backend.edit_message(world.channel.id, message.id, silently)
    await world.env.settle()
    assert [m.id for m in said_in(world, world.channel)] == [first.id, reply.id]


async def test_an_edited_follow_up_still_follows_the_turn_before(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the question as it was before the edit."""
    turns: list[str | None] = []
    ask = Service.ask

    async def listen_in(self: Service, request: Request, *rest: Any) -> AskResult | None:
        turns.append(request.after.question if request.after else None)
        return await ask(self, request, *rest)

    monkeypatch.setattr(Service, "ask", listen_in)
    await world.member.send(world.channel, f"{world.mention} {ILL}")
    message = await world.member.send(world.channel, f"{world.mention} and why?")
    await world.member.edit(message, f"{world.mention} and why was that?")
    assert turns == [None, ILL, ILL]


async def test_a_preview_of_a_link_is_no_edit(world: World, service: Service) -> None:
    """Discord reports the message as updated, with the same words."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL} https://example.com")
    (reply,) = said_in(world, world.channel)
    before = len(world.env.http_requests)
    world.env.backend.edit_message(message.channel.id, message.id, {"embeds": [{"title": "E"}]})
    await world.env.settle()
    assert len(world.env.http_requests) == before
    assert [m.id for m in said_in(world, world.channel)] == [reply.id]


async def test_a_late_edit_is_not_followed(world: World) -> None:
    """What has been read for a while stays."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    (reply,) = said_in(world, world.channel)
    await world.env.advance_time((FOLLOWED_FOR + timedelta(seconds=1)).total_seconds())
    await world.member.edit(message, f"{world.mention} {TOLL}")
    (same,) = said_in(world, world.channel)
    assert same.content == reply.content


async def test_what_was_said_before_a_restart_is_not_followed(
    world: World, service: Service
) -> None:
    """The new process does not know its reply, and would say it twice."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    await world.restart(service)
    await world.member.edit(message, f"{world.mention} {TOLL}")
    (reply,) = said_in(world, world.channel)
    assert "Brunel" in reply.content


async def test_an_edit_while_the_answer_is_on_its_way_is_answered_once(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the message is in the end."""
    ask, send = Service.ask, sending.send_reply
    begun, replied = asyncio.Event(), asyncio.Event()

    async def slowly(self: Service, request: Request, *rest: Any) -> AskResult | None:
        begun.set()
        if request.text == ILL:
            await replied.wait()
        return await ask(self, request, *rest)

    async def noting(*what: Any) -> discord.Message | None:
        sent = await send(*what)
        replied.set()
        return sent

    monkeypatch.setattr(replies, "send_reply", noting)
    monkeypatch.setattr(Service, "ask", slowly)
    backend = world.env.backend
    message = backend.create_message(world.channel.id, world.member.id, f"{world.mention} {ILL}")
    await begun.wait()
    backend.edit_message(world.channel.id, message.id, {"content": f"{world.mention} {TOLL}"})
    await world.env.settle()
    (reply,) = said_in(world, world.channel)
    assert "toll" in reply.content
    assert "Brunel" not in reply.content
    await world.member.click(reply, label=wording.RIGHT)
    await service.question_log.settle()
    days = await service.storage.questions.counts_by_day(world.guild.id, TODAY - timedelta(days=1))
    assert [(day.asked, day.right) for day in days] == [(1, 1)]


async def test_an_edit_while_the_reply_is_being_sent_changes_that_reply(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No message gets two."""
    send, message = sending.send_reply, None

    async def edited_meanwhile(asked: discord.Message, reply: OutgoingMessage) -> Any:
        nonlocal message
        if message is None:
            message = asked
            edit = {"content": f"{world.mention} {TOLL}"}
            world.env.backend.edit_message(asked.channel.id, asked.id, edit)
            for _ in range(50):
                await asyncio.sleep(0)
        return await send(asked, reply)

    monkeypatch.setattr(replies, "send_reply", edited_meanwhile)
    await world.member.send(world.channel, f"{world.mention} {ILL}")
    (reply,) = said_in(world, world.channel)
    assert "toll" in reply.content
    assert "Brunel" not in reply.content


async def test_an_edit_counts_as_a_question(world: World, service: Service) -> None:
    """Whoever asks too fast keeps the reply that there is, and is told once."""
    await settle(world, service, member_questions=1)
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    await world.member.edit(message, f"{world.mention} {TOLL}")
    reply, told = said_in(world, world.channel)
    assert "Brunel" in reply.content
    assert "quick" in told.content


async def test_a_reply_that_was_deleted_is_sent_again_to_who_asks(listening: World) -> None:
    """And not where nobody asked."""
    for text, count in ((f"{listening.mention} {ILL}", 1), (ILL, 0)):
        message = await listening.member.send(listening.channel, text)
        reply = said_in(listening, listening.channel)[-1]
        listening.env.backend.delete_message(reply.channel.id, reply.id)
        await listening.member.edit(message, text.replace(ILL, TOLL))
        said = said_in(listening, listening.channel)
        assert len(said) == count
        for one in said:
            listening.env.backend.delete_message(one.channel.id, one.id)


async def test_an_edited_question_loses_the_votes_on_its_answer(
    world: World, service: Service
) -> None:
    """They were for other words."""
    message = await world.member.send(world.channel, f"{world.mention} {ILL}")
    await world.member.click(world.channel.last_message, label=wording.WRONG)
    await world.member.edit(message, f"{world.mention} {TOLL}")
    await service.question_log.settle()
    days = await service.storage.questions.counts_by_day(world.guild.id, TODAY - timedelta(days=1))
    assert [(day.asked, day.wrong) for day in days] == [(1, 0)]


async def test_a_quiet_reply_follows_its_edit(listening: World) -> None:
    """With the turn before, as when it came."""
    await listening.member.send(listening.channel, ILL)
    first = listening.channel.last_message
    await reply_quietly(listening, listening.member, first, "my cat is asleep")
    message = listening.channel.last_message
    await listening.member.edit(message, "why was he absent?")
    assert "stroke" in said_in(listening, listening.channel)[-1].content
