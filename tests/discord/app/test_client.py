"""Mentions, direct messages and replies."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from discord.gateway import DiscordWebSocket

from bot.answering.asking import AskResult, Request
from bot.answering.conversation import MINUTES_REMEMBERED
from bot.discord.app.client import REMEMBERED, VerbatimClient
from bot.discord.kit.service import Service
from bot.errors import VerbatimError
from bot.search.opensearch.errors import EngineUnavailableError
from bot.wording import ENGLISH as wording
from tests.conftest import Clock, World
from tests.discord.loopback import HandClock
from tests.discord.settled import listen, settle
from tests.discord.slowness import hold

QUESTION = "Who was too ill to attend the opening?"


async def test_a_mention_is_answered_with_a_reply(world: World) -> None:
    """Without pinging the asker again."""
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    assert "Brunel" in answer.content
    assert answer.reference.message_id == asked.id
    assert answer.flags.suppress_embeds
    sent = [r for r in world.env.http_requests if r.path.endswith("/messages")][-1]
    assert sent.json["allowed_mentions"]["parse"] == []
    assert sent.json["allowed_mentions"]["replied_user"] is False


async def test_messages_stay_in_memory_for_an_hour(world: World, service: Service) -> None:
    """discord.py itself would keep a thousand of them for as long as it takes."""
    await world.member.send_dm(QUESTION)
    (asked, *_) = world.env.bot.cached_messages
    service.now = lambda: asked.created_at + REMEMBERED
    service.forget_expired()
    assert asked in world.env.bot.cached_messages
    service.now = lambda: asked.created_at + REMEMBERED + timedelta(seconds=1)
    service.forget_expired()
    assert asked not in world.env.bot.cached_messages


async def test_a_direct_message_is_a_question(world: World) -> None:
    """Without a mention."""
    await world.member.send_dm(QUESTION)
    assert "Brunel" in world.member.user.dm_channel.history()[-1].content


async def test_other_messages_and_other_bots_are_left_alone(world: World) -> None:
    """The bot speaks when it is spoken to."""
    await world.member.send(world.channel, QUESTION)
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.mention} {QUESTION}")
    assert [m for m in world.channel.history() if m.author.id == world.env.bot.user.id] == []


async def test_a_bare_mention_says_what_can_be_asked(world: World) -> None:
    """People try it first."""
    await world.member.send(world.channel, world.mention)
    assert "Ask me a question" in world.channel.last_message.content


async def test_a_reply_to_the_bot_is_understood_with_what_went_before(world: World) -> None:
    """Also by somebody else than who asked first."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    await world.manager.send(world.channel, "why was he absent?", reply_to=answer)
    assert "stroke" in world.channel.last_message.content


async def test_a_follow_up_of_the_same_member_is_understood_for_a_while(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not of another member, and not the next day."""
    before: list[str | None] = []
    ask = Service.ask

    async def listen(self: Service, request: Request, *rest: Any) -> AskResult | None:
        before.append(request.after.question if request.after else None)
        return await ask(self, request, *rest)

    monkeypatch.setattr(Service, "ask", listen)
    await world.member.slash(world.channel, "ask", question=QUESTION)
    await world.manager.send(world.channel, f"{world.mention} and why?")
    await world.member.send(world.channel, f"{world.mention} and why?")
    clock.now += 2 * MINUTES_REMEMBERED * 60
    await world.member.send(world.channel, f"{world.mention} and where?")
    assert before == [None, None, QUESTION, None]


async def test_a_thread_is_one_conversation(world: World) -> None:
    """Whoever speaks in it."""
    channel = world.env.bot.get_channel(world.channel.id)
    await channel.create_thread(name="T", type=discord.ChannelType.public_thread)
    thread = world.channel.threads[0]
    await world.member.send(thread, f"{world.mention} {QUESTION}")
    await world.manager.send(thread, f"{world.mention} why was he absent?")
    assert "stroke" in thread.last_message.content


async def test_without_permission_to_reply_it_sends_plainly(world: World) -> None:
    """A reply needs more permissions than a message."""
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "Brunel" in world.channel.last_message.content
    assert world.channel.last_message.reference is None


async def test_without_permission_to_send_it_stays_quiet_and_goes_on(world: World) -> None:
    """No error, and the next question is answered."""
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, times=2)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert world.channel.last_message.author.id != world.env.bot.user.id
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "Brunel" in world.channel.last_message.content


async def test_a_channel_where_the_bot_may_not_speak_is_no_error(world: World) -> None:
    """By the channel's own permissions."""
    quiet = world.guild.create_text_channel(
        "quiet",
        overwrites={world.env.bot.user: discord.PermissionOverwrite(send_messages=False)},
    )
    await world.member.send(quiet, f"{world.mention} {QUESTION}")
    assert len(quiet.history()) == 1


@pytest.mark.parametrize("status", [500, 429])
async def test_an_error_of_discords_is_reported_kindly(world: World, status: int) -> None:
    """And is in the log."""
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=status)
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    simcord.assert_error(world.env, discord.HTTPException)
    apology = world.channel.last_message
    assert apology.content == wording.FAILED
    assert apology.reference.message_id == asked.id


async def test_a_failure_to_say_so_is_no_further_error(world: World) -> None:
    """Discord may be down altogether."""
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=500, times=None)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    simcord.assert_error(world.env, discord.HTTPException)


async def test_a_slow_answer_shows_that_the_bot_is_typing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then comes."""
    held = hold(world, monkeypatch, Service, "ask")
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert any(r.path.endswith("/typing") for r in world.env.http_requests)
    await held.let_go()
    assert "Brunel" in world.channel.last_message.content


async def test_a_long_message_is_answered(world: World) -> None:
    """Discord lets members write 2,000 characters."""
    text = f"{world.mention} who designed the bridge " + "x" * 1_900
    await world.member.send(world.channel, text[:2_000])
    assert world.channel.last_message.author.id == world.env.bot.user.id


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (discord.LoginFailure("Improper token has been passed."), "refuses the token"),
        (discord.DiscordException("no"), "does not let the bot go on"),
        (KeyError("username"), "stopped by an error that the log describes: KeyError"),
    ],
)
async def test_what_keeps_it_from_discord_is_said_in_a_line(
    simcord_bot: VerbatimClient, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """The operator sees no stack trace, and never the token."""

    async def refused(self: VerbatimClient, token: str) -> None:
        raise error

    monkeypatch.setattr(VerbatimClient, "start", refused)
    with pytest.raises(VerbatimError, match=said) as caught:
        await simcord_bot.run_until_stopped("the.bot.token")
    assert "the.bot.token" not in str(caught.value)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_in_good_order(
    simcord_bot: VerbatimClient, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """As a service manager does it."""
    closed = asyncio.Event()
    close = VerbatimClient.close

    async def start(self: VerbatimClient, token: str) -> None:
        os.kill(os.getpid(), number)
        await closed.wait()

    async def close_and_tell(self: VerbatimClient) -> None:
        await close(self)
        closed.set()

    monkeypatch.setattr(VerbatimClient, "start", start)
    monkeypatch.setattr(VerbatimClient, "close", close_and_tell)
    await simcord_bot.run_until_stopped("the.bot.token")
    assert closed.is_set()


def test_no_privileged_intent_is_asked_for(simcord_bot: discord.Client, service: Service) -> None:
    """So that an operator has nothing to apply for."""
    intents = simcord_bot.intents
    assert not intents.members
    assert not intents.presences
    assert not intents.message_content
    assert simcord_bot.allowed_mentions is not None
    assert simcord_bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


@pytest.mark.parametrize("error", [OSError("no route to host"), KeyError("flags")])
async def test_a_connection_that_fails_is_made_anew(
    simcord_bot: VerbatimClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The network may be late when a machine starts, and an event may be one that nobody can read."""
    tried: list[dict[str, object]] = []

    async def from_client(client: VerbatimClient, **params: object) -> object:
        tried.append(params)
        if len(tried) < 3:
            raise error
        await client.close()
        raise OSError("closed")

    async def at_once(_: VerbatimClient) -> None:
        """Discord allows more sessions."""

    monkeypatch.setattr(VerbatimClient, "wait_for_sessions", at_once)
    monkeypatch.setattr(DiscordWebSocket, "from_client", from_client)
    simcord_bot.backoff = HandClock().backoff()
    await simcord_bot.connect()
    assert len(tried) == 3
    assert "resume" not in tried[-1]


@pytest.fixture
def engine_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search engine does not answer, and nothing answers in its place."""

    def unavailable(*_: object) -> None:
        raise EngineUnavailableError("http://search-1:9200: no answer within 1 s")

    monkeypatch.setattr("bot.answering.asking.answer", unavailable)


@pytest.mark.usefixtures("engine_away")
async def test_while_the_search_engine_is_away_members_are_told_kindly(world: World) -> None:
    """In one line, however they ask; it is no error that has been noted."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert world.channel.last_message.content == wording.SEARCH_UNAVAILABLE
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert result.response.content == wording.SEARCH_UNAVAILABLE
    assert result.ephemeral
    simcord.assert_error(world.env, EngineUnavailableError)


@pytest.mark.usefixtures("engine_away")
async def test_only_who_asked_the_bot_is_told_so(world: World, service: Service) -> None:
    """Where it listens, it stays quiet."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await listen(world, service)
    await world.member.send(world.channel, QUESTION)
    assert world.channel.last_message.content == QUESTION
