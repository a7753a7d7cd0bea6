"""Threads in which people have answered each other: the bot leaves these to them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.ask.thread_activity import READ_BACK
from bot.discord.kit.service import Service
from tests.conftest import World
from tests.discord.settled import listen, post, said_in, settle

QUESTION = "Who was too ill to attend the opening?"
OTHER = "Which toll was never raised?"


@pytest.fixture
async def forum(world: World, service: Service) -> Any:
    """Return a forum whose posts are answered, and in which the bot listens."""
    forum = world.guild.create_forum_channel("questions")
    ids = frozenset({forum.id})
    await settle(world, service, forums=ids, listens=ids | {world.channel.id})
    await listen(world, service)
    return forum


def history_reads(world: World) -> int:
    """Return how often the bot has asked Discord for the messages of a channel."""
    return sum(r.method == "GET" and r.path.endswith("/messages") for r in world.env.http_requests)


async def test_where_a_person_has_answered_the_bot_stays_out(world: World, forum: Any) -> None:
    """Unless it is asked."""
    thread = await post(world, forum, world.member, "Capital", "What is the capital of Mongolia?")
    await world.manager.send(thread, "Ulan Bator, I have been there.")
    await world.member.send(thread, QUESTION)
    assert said_in(world, thread) == []
    await world.member.send(thread, f"{world.mention} {QUESTION}")
    assert len(said_in(world, thread)) == 1
    await world.member.send(thread, OTHER, reply_to=thread.last_message)
    assert len(said_in(world, thread)) == 2


async def test_a_reply_from_before_a_person_answered_still_follows_its_edit(
    world: World, forum: Any
) -> None:
    """It is not taken away because somebody has added to it."""
    thread = await post(world, forum, world.member, "Capital", "What is the capital of Mongolia?")
    message = await world.member.send(thread, QUESTION)
    assert len(said_in(world, thread)) == 1
    await world.manager.send(thread, "It was Brunel, he had a stroke.")
    await world.member.edit(message, OTHER)
    (reply,) = said_in(world, thread)
    assert "toll" in reply.content


async def test_questions_and_remarks_of_others_are_no_answer(world: World, forum: Any) -> None:
    """Nor what the one who asked adds."""
    thread = await post(world, forum, world.member, "Capital", "What is the capital of Mongolia?")
    await world.member.send(thread, "I have looked everywhere.")
    await world.manager.send(thread, "lol nice")
    await world.manager.send(thread, QUESTION)
    assert len(said_in(world, thread)) == 1
    await world.member.send(thread, OTHER)
    assert len(said_in(world, thread)) == 2


async def test_in_a_thread_that_asks_nothing_talk_is_no_answer(world: World, forum: Any) -> None:
    """Only once somebody has asked something there."""
    del forum
    made = world.env.backend.create_thread(world.channel.id, "Bridges", world.member.id)
    thread = next(t for t in world.channel.threads if t.id == made.id)
    await world.member.send(thread, "I like bridges.")
    await world.manager.send(thread, "So do I.")
    await world.manager.send(thread, QUESTION)
    assert len(said_in(world, thread)) == 1
    await world.member.send(thread, "It was Brunel.")
    await world.manager.send(thread, OTHER)
    assert len(said_in(world, thread)) == 1


async def test_an_answer_that_comes_meanwhile_is_enough(
    world: World, forum: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person was quicker than the bot."""
    ask = Service.ask

    async def while_somebody_writes(self: Service, *args: Any, **options: Any) -> Any:
        thread = forum.threads[0]
        world.env.backend.create_message(thread.id, world.manager.id, "That was Brunel.")
        return await ask(self, *args, **options)

    monkeypatch.setattr(Service, "ask", while_somebody_writes)
    thread = await post(world, forum, world.member, "Opening", QUESTION)
    assert said_in(world, thread) == []


async def test_after_a_restart_the_thread_is_read_once(
    world: World, forum: Any, service: Service
) -> None:
    """And only when there is something to say."""
    answered = await post(world, forum, world.member, "Capital", "What is the capital of Mongolia?")
    await world.manager.send(answered, "Ulan Bator.")
    alone = await post(world, forum, world.member, "Toll", "Where is the capital of Mongolia?")
    await world.restart(service)
    await world.member.send(answered, "my cat is asleep")
    assert history_reads(world) == 0
    await world.member.send(answered, QUESTION)
    await world.member.send(answered, OTHER)
    assert said_in(world, answered) == []
    assert history_reads(world) == 1
    for question in (QUESTION, OTHER):
        await world.member.send(alone, question)
    assert len(said_in(world, alone)) == 2
    assert history_reads(world) == 2


@pytest.mark.parametrize(("status", "said"), [(403, 1), (500, 0)])
async def test_what_cannot_be_read_is_no_error(
    world: World, forum: Any, service: Service, status: int, said: int
) -> None:
    """Without the permission what was seen counts; when Discord fails, nobody waits for the bot."""
    thread = await post(world, forum, world.member, "Capital", "What is the capital of Mongolia?")
    await world.restart(service)
    world.env.inject_error("GET", "/channels/*/messages", status=status, code=50013, times=9)
    await world.member.send(thread, QUESTION)
    assert len(said_in(world, thread)) == said


async def test_in_the_bots_own_thread_another_person_may_answer_too(
    world: World, forum: Any, service: Service
) -> None:
    """The conversation there is with whoever began it."""
    del forum
    await settle(world, service, own_thread=True)
    await world.member.slash(world.channel, "ask", question=QUESTION)
    (thread,) = world.channel.threads
    await world.member.send(thread, OTHER)
    assert len(said_in(world, thread)) == 1
    await world.manager.send(thread, "The one for carts, I think.")
    await world.member.send(thread, "why was he absent?")
    assert len(said_in(world, thread)) == 1


def test_reading_back_needs_one_request() -> None:
    """Discord gives at most a hundred messages at once."""
    assert READ_BACK <= 100
