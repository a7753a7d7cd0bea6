"""Where the bot listens, keeps silent, and answers new posts in forums."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import AllowedMentions

from bot.answering.answerer import Policy
from bot.discord.app.client import VerbatimClient
from bot.discord.ask.attention import MAX_OVERHEARD
from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, Clock, World
from tests.discord.ask.test_commands import buttons, policy
from tests.discord.settled import listen, post, said_in, settle
from tests.discord.slowness import hold

QUESTION = "Who was too ill to attend the opening?"


@pytest.fixture
async def listening(world: World, service: Service) -> World:
    """Return the server where the bot listens in the channel."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await listen(world, service)
    return world


async def reply_quietly(world: World, member: Any, to: discord.Message, text: str) -> None:
    """Let `member` reply with the ping switched off: then Discord counts it as no mention."""
    backend, channel = world.env.backend, to.channel.id
    reference = {"channel_id": str(channel), "message_id": str(to.id)}
    backend.create_message(
        channel,
        member.id,
        text,
        reference=backend.normalize_message_reference(channel, reference),
        allowed_mentions=AllowedMentions(replied_user=False),
    )
    await world.env.settle()


async def test_where_it_listens_it_answers_without_being_mentioned(listening: World) -> None:
    """As a reply; in its threads and in a category's channels too."""
    asked = await listening.member.send(listening.channel, QUESTION)
    assert "Brunel" in listening.channel.last_message.content
    assert listening.channel.last_message.reference.message_id == asked.id
    backend = listening.env.backend
    thread = backend.create_thread(listening.channel.id, "T", listening.member.id)
    handle = next(t for t in listening.channel.threads if t.id == thread.id)
    await listening.member.send(handle, QUESTION)
    assert "Brunel" in handle.last_message.content


async def test_a_category_stands_for_its_channels(world: World, service: Service) -> None:
    """For listening and for silence, in threads too."""
    category = world.guild.create_category("Library")
    inside = world.guild.create_text_channel("inside", category=category)
    await settle(world, service, listens=frozenset({category.id}))
    await listen(world, service)
    await world.member.send(inside, QUESTION)
    assert "Brunel" in inside.last_message.content
    await settle(world, service, silent=frozenset({category.id}))
    world.env.backend.create_thread(inside.id, "T", world.member.id)
    for place in (inside, inside.threads[0]):
        before = len(said_in(world, place))
        await world.member.send(place, f"{world.mention} {QUESTION}")
        assert len(said_in(world, place)) == before


async def test_elsewhere_it_does_not_listen(listening: World) -> None:
    """Only where a curator has switched it on."""
    other = listening.guild.create_text_channel("other")
    await listening.member.send(other, QUESTION)
    assert said_in(listening, other) == []


async def test_without_the_intent_nothing_is_overheard(world: World, service: Service) -> None:
    """Discord does not say what the message is; a mention is answered as ever."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await world.member.send(world.channel, QUESTION)
    assert said_in(world, world.channel) == []
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert len(said_in(world, world.channel)) == 1


@pytest.mark.parametrize("text", ["hello", "thanks!", "What is the capital of Mongolia?", "lol ok"])
async def test_it_does_not_speak_unasked_without_an_answer(listening: World, text: str) -> None:
    """Small talk and what the texts do not answer is between members."""
    await listening.member.send(listening.channel, text)
    assert said_in(listening, listening.channel) == []
    await listening.member.send(listening.channel, f"{listening.mention} {text}")
    assert len(said_in(listening, listening.channel)) == 1


async def test_what_may_not_answer_is_not_said_unasked(listening: World, service: Service) -> None:
    """Only where the bot is asked the nearest is said, with its warning."""
    policy(service, answered=1.0, closest=0.0)
    await listening.member.send(listening.channel, QUESTION)
    assert said_in(listening, listening.channel) == []
    await listening.member.send(listening.channel, f"{listening.mention} {QUESTION}")
    assert listening.channel.last_message.content.startswith(wording.PROBABLY)


CHATTER = (
    "My cat is asleep",
    "See you tomorrow",
    "the opening was great",
    "I saw Brunel on television",
    "who cares?",
    "are you ill?",
)


@pytest.mark.parametrize("text", CHATTER)
async def test_chatter_after_an_answer_is_left_alone(
    listening: World, service: Service, text: str
) -> None:
    """What was asked before makes no question of it, and it is not kept."""
    await listening.member.send(listening.channel, QUESTION)
    assert len(said_in(listening, listening.channel)) == 1
    await listening.member.send(listening.channel, text)
    assert len(said_in(listening, listening.channel)) == 1
    await service.question_log.settle()
    assert sum(d.asked for d in await kept(listening, service)) == 1


async def kept(world: World, service: Service) -> list[Any]:
    return await service.storage.questions.counts_by_day(world.guild.id, TODAY - timedelta(days=1))


async def test_the_turn_before_counts_only_in_a_reply(listening: World) -> None:
    """Without one nobody knows that the question goes on from the bot's answer."""
    await listening.member.send(listening.channel, QUESTION)
    answer = listening.channel.last_message
    await listening.member.send(listening.channel, "why was he absent?")
    assert len(said_in(listening, listening.channel)) == 1
    await reply_quietly(listening, listening.member, answer, "why was he absent?")
    assert "stroke" in listening.channel.last_message.content
    await reply_quietly(listening, listening.member, answer, "so sad, my cat is asleep too")
    assert len(said_in(listening, listening.channel)) == 2


async def test_what_a_message_quotes_and_links_to_is_not_what_it_asks(listening: World) -> None:
    """Nor code, nor what other bots are told."""
    for text in (
        f"> {QUESTION}",
        f"`{QUESTION}`",
        f"```\n{QUESTION}\n```",
        f"!ask {QUESTION}",
        f"/ask {QUESTION}",
        "https://example.com/who-was-too-ill-to-attend-the-opening?",
    ):
        await listening.member.send(listening.channel, text)
    assert said_in(listening, listening.channel) == []


async def test_what_is_for_others_is_left_alone(listening: World) -> None:
    """A mention of somebody, a reply to somebody, another bot's message, Discord's own lines."""
    channel, member, manager = listening.channel, listening.member, listening.manager
    await member.send(channel, f"{manager.mention} {QUESTION}")
    first = await manager.send(channel, "Lunch?")
    await member.send(channel, QUESTION, reply_to=first)
    await reply_quietly(listening, member, first, QUESTION)
    robot = listening.guild.add_member(listening.env.create_user("robot", bot=True))
    await robot.send(channel, QUESTION)
    listening.guild.create_system_message(
        channel, simcord.enums.MessageType.NEW_MEMBER, author=member
    )
    await listening.env.settle()
    assert said_in(listening, channel) == []


async def test_a_reply_to_the_bot_is_answered_without_its_ping(
    listening: World, service: Service
) -> None:
    """With what went before."""
    await listening.member.send(listening.channel, QUESTION)
    answer = listening.channel.last_message
    await reply_quietly(listening, listening.manager, answer, "why was he absent?")
    assert "stroke" in listening.channel.last_message.content


async def test_an_overheard_message_costs_nobody_a_question(
    listening: World, service: Service, clock: Clock
) -> None:
    """A member who has chatted may still ask; one who is too fast is not told so unasked."""
    await settle(listening, service, listens=frozenset({listening.channel.id}), member_questions=1)
    for _ in range(3):
        await listening.member.send(listening.channel, "lol ok")
    await listening.member.send(listening.channel, QUESTION)
    assert len(said_in(listening, listening.channel)) == 1
    await listening.member.send(listening.channel, QUESTION)
    assert len(said_in(listening, listening.channel)) == 1


async def test_a_flood_of_messages_does_not_pile_up(
    listening: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many are looked at together, without a sign of typing; then it goes on."""
    held = hold(listening, monkeypatch, Service, "ask")
    for _ in range(MAX_OVERHEARD + 3):
        await listening.member.send(listening.channel, QUESTION)
    assert held.begun == MAX_OVERHEARD
    await held.let_go()
    assert not any(r.path.endswith("/typing") for r in listening.env.http_requests)
    assert len(said_in(listening, listening.channel)) == MAX_OVERHEARD
    await listening.member.send(listening.channel, QUESTION)
    assert held.begun == MAX_OVERHEARD + 1


async def test_a_bug_with_an_overheard_message_is_not_reported(
    listening: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the log; nobody has asked anything."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("bot.answering.asking.is_worth_saying", broken)
    await listening.member.send(listening.channel, QUESTION)
    assert said_in(listening, listening.channel) == []


@pytest.fixture
async def silent(world: World, service: Service) -> World:
    """Return the server where the bot is silent in the channel, though it listens there too."""
    ids = frozenset({world.channel.id})
    await settle(world, service, silent=ids, listens=ids)
    await listen(world, service)
    return world


async def test_in_a_silent_channel_messages_are_ignored(silent: World) -> None:
    """Mentions, replies and what it could hear, in its threads too."""
    silent.env.backend.create_thread(silent.channel.id, "T", silent.member.id)
    for place in (silent.channel, silent.channel.threads[0]):
        await silent.member.send(place, QUESTION)
        await silent.member.send(place, f"{silent.mention} {QUESTION}")
        assert said_in(silent, place) == []


async def test_in_a_silent_channel_commands_are_answered_privately(silent: World) -> None:
    """Whatever the option says, and with nothing that would share the answer."""
    for command, options in (
        ("ask", {"question": QUESTION, "private": False}),
        ("quote", {"text": "toll"}),
    ):
        result = await silent.member.slash(silent.channel, command, **options)
        assert result.ephemeral
        assert wording.SHARE not in buttons(result.response)
    assert said_in(silent, silent.channel) == []


async def test_in_a_channel_that_falls_silent_old_buttons_say_nothing_in_public(
    world: World, service: Service
) -> None:
    """The asker turns to a copy of their own; what was private is not shared."""
    policy(service, answered=0.0, closest=0.0, quotes=1)
    question = "Who designed the bridge, the toll, the ferries and the loaf?"
    public = await world.member.slash(world.channel, "ask", question=question)
    private = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    before = public.response.content
    await settle(world, service, silent=frozenset({world.channel.id}))
    further = next(label for label in buttons(public.response) if "more quote" in label)
    turned = await world.member.click(public.response, label=further)
    assert turned.ephemeral
    assert wording.SHARE not in buttons(turned.response)
    assert public.response.content == before
    refused = await world.member.click(private.response, label=wording.SHARE)
    assert refused.response.content == wording.NOT_SHARED_HERE
    assert len(said_in(world, world.channel)) == 1


async def test_a_question_meant_otherwise_is_answered_privately_where_it_is_silent(
    world: World, service: Service
) -> None:
    """Though the one who clicks has asked it."""
    policy(service, answered=1.0, closest=1.0)
    asked = await world.member.slash(world.channel, "ask", question="Who desined the brigde?")
    label = next(label for label in buttons(asked.response) if "Did you mean" in label)
    before = asked.response.content
    await settle(world, service, silent=frozenset({world.channel.id}))
    service.policy = Policy()
    result = await world.member.click(asked.response, label=label)
    assert result.ephemeral
    assert "Brunel" in result.response.content
    assert asked.response.content == before


@pytest.fixture
async def forum(world: World, service: Service) -> Any:
    """Return a forum that is switched on, where the bot can read its posts."""
    forum = world.guild.create_forum_channel("questions")
    await settle(world, service, forums=frozenset({forum.id}))
    await listen(world, service)
    return forum


async def test_a_new_post_is_answered_once(world: World, forum: Any) -> None:
    """By its title and text together; what follows in it is not."""
    thread = await post(world, forum, world.member, "Brunel", "Who was too ill for the opening?")
    assert len(said_in(world, thread)) == 1
    assert "stroke" in thread.last_message.content
    await world.member.send(thread, QUESTION)
    await world.manager.send(thread, QUESTION)
    assert len(said_in(world, thread)) == 1


async def test_a_posts_title_is_a_question_too(world: World, forum: Any) -> None:
    """People write the question there, and “title says it all” below."""
    thread = await post(world, forum, world.member, QUESTION, "Title says it all.")
    assert "Brunel" in thread.last_message.content


async def test_a_post_is_answered_only_with_an_answer(
    world: World, forum: Any, service: Service
) -> None:
    """Neither with the nearest nor with the line that there is none."""
    thread = await post(world, forum, world.member, "Lunch", "Where do we go today?")
    assert said_in(world, thread) == []
    policy(service, answered=1.0, closest=0.0)
    thread = await post(world, forum, world.member, "Opening", QUESTION)
    assert said_in(world, thread) == []


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Look what I have baked", "https://example.com/loaf"),
        ("The opening of the bridge", "https://example.com/who-was-ill?"),
        ("Pictures of the opening of the bridge", "It was great."),
    ],
)
async def test_a_post_that_asks_nothing_is_neither_answered_nor_kept(
    world: World, forum: Any, service: Service, title: str, text: str
) -> None:
    """With an attachment or a link alone, or with a remark."""
    policy(service, answered=0.0, closest=0.0)
    thread = await post(world, forum, world.member, title, text)
    assert said_in(world, thread) == []
    await service.question_log.settle()
    assert await kept(world, service) == []


async def test_a_post_that_asks_is_kept_without_an_answer_too(
    world: World, forum: Any, service: Service
) -> None:
    """As it is what curators look for in the gaps."""
    await post(world, forum, world.member, "Mongolia", "What is the capital of Mongolia?")
    await service.question_log.settle()
    assert [day.asked for day in await kept(world, service)] == [1]


async def test_posts_elsewhere_and_in_silent_forums_are_left_alone(
    world: World, forum: Any, service: Service
) -> None:
    """A forum must be switched on, and silence goes before it."""
    other = world.guild.create_forum_channel("other")
    assert said_in(world, await post(world, other, world.member, "Opening", QUESTION)) == []
    await settle(world, service, forums=frozenset({forum.id}), silent=frozenset({forum.id}))
    assert said_in(world, await post(world, forum, world.member, "Opening", QUESTION)) == []


async def test_a_post_that_mentions_the_bot_is_answered_once_in_any_case(
    world: World, forum: Any
) -> None:
    """Also where there is no answer, and with its title."""
    thread = await post(world, forum, world.member, "Capital", f"{world.mention} of Mongolia?")
    assert [m.content.split("\n")[0] for m in said_in(world, thread)] != []
    assert len(said_in(world, thread)) == 1
    thread = await post(world, forum, world.member, QUESTION, world.mention)
    assert len(said_in(world, thread)) == 1
    assert "Brunel" in thread.last_message.content


async def test_a_post_is_known_by_its_first_message(world: World, forum: Any) -> None:
    """Whose id is the post's: the event that it is new may have come before a restart."""
    thread = await post(world, forum, world.member, "Opening", QUESTION, starter=True)
    assert "Brunel" in thread.last_message.content


async def test_without_the_intent_a_posts_title_alone_is_read(
    world: World, service: Service
) -> None:
    """Discord shows the bot a thread's name, and its text only where that mentions it."""
    forum = world.guild.create_forum_channel("questions")
    await settle(world, service, forums=frozenset({forum.id}))
    thread = await post(world, forum, world.member, QUESTION, "I read it somewhere.")
    assert "Brunel" in thread.last_message.content
    thread = await post(world, forum, world.member, "Opening", QUESTION)
    assert said_in(world, thread) == []
    assert not any("stroke" in m.content for m in thread.history())


async def test_a_refusal_to_post_in_a_forum_is_no_error(world: World, forum: Any) -> None:
    """The bot may not have the permission there."""
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
    thread = await post(world, forum, world.member, "Opening", QUESTION)
    assert said_in(world, thread) == []


def test_the_intent_is_asked_for_only_to_listen(service: Service) -> None:
    """An operator must allow it in the developer portal first."""
    assert not VerbatimClient(service).intents.message_content
    service.settings = service.settings.model_copy(update={"listen": True})
    assert VerbatimClient(service).intents.message_content
