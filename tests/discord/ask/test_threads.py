"""Threads that answers open for themselves."""

from __future__ import annotations

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.ask.threads import MAX_NAME, thread_name
from bot.discord.kit import markdown
from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.settled import listen, said_in, settle

QUESTION = "Who was too ill to attend the opening?"


@pytest.fixture
async def threads(world: World, service: Service) -> World:
    """Return the server where answers open threads."""
    await settle(world, service, own_thread=True)
    return world


async def test_an_answer_opens_a_thread_and_the_conversation_goes_on_there(
    threads: World,
) -> None:
    """Named after the question; what is asked there is understood with what went before."""
    result = await threads.member.slash(threads.channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    (thread,) = threads.channel.threads
    assert thread.name == QUESTION
    assert thread.id == result.response.id
    await threads.manager.send(thread, f"{threads.mention} why was he absent?")
    assert "stroke" in thread.last_message.content


async def test_follow_ups_there_need_no_mention_if_the_bot_can_read_them(
    threads: World, service: Service
) -> None:
    """With the message-content intent; what has no answer is between members."""
    await listen(threads, service)
    await threads.member.slash(threads.channel, "ask", question=QUESTION)
    (thread,) = threads.channel.threads
    await threads.member.send(thread, "why was he absent?")
    assert "stroke" in thread.last_message.content
    await threads.member.send(thread, "lol ok")
    assert len(said_in(threads, thread)) == 1


@pytest.mark.parametrize("options", [{"private": True}, {"question": "hello"}, {}])
async def test_there_is_none_without_an_answer_that_everybody_sees(
    threads: World, service: Service, options: dict[str, object]
) -> None:
    """Nor where it is not switched on."""
    if not options:
        await settle(threads, service)
    await threads.member.slash(threads.channel, "ask", **{"question": QUESTION, **options})
    assert threads.channel.threads == []


async def test_a_question_in_a_thread_is_answered_in_it(threads: World) -> None:
    """There are no threads in threads."""
    await threads.member.slash(threads.channel, "ask", question=QUESTION)
    (thread,) = threads.channel.threads
    result = await threads.member.slash(thread, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    assert len(threads.channel.threads) == 1


@pytest.mark.parametrize("missing", ["create_public_threads", "send_messages_in_threads"])
async def test_without_the_permission_it_is_a_plain_answer(threads: World, missing: str) -> None:
    """And Discord is not asked in vain."""
    channel = threads.guild.create_text_channel(
        "plain",
        overwrites={threads.env.bot.user: discord.PermissionOverwrite(**{missing: False})},
    )
    result = await threads.member.slash(channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    assert not any(r.path.endswith("/threads") for r in threads.env.http_requests)


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 30033), (500, 0)])
async def test_a_thread_that_is_refused_costs_nobody_the_answer(
    threads: World, status: int, code: int
) -> None:
    """A server may have too many already."""
    threads.env.inject_error("POST", "/channels/*/threads", status=status, code=code)
    result = await threads.member.slash(threads.channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    assert result.followups == []
    assert wording.FAILED not in [m.content for m in threads.channel.history()]


@given(st.text(min_size=1, max_size=600).filter(lambda text: bool(text.strip())))
def test_a_threads_name_is_the_beginning_of_the_question(question: str) -> None:
    """On one line, within Discord's limit, never empty."""
    name = thread_name(question)
    assert 1 <= markdown.length(name) <= MAX_NAME
    assert " ".join(question.split()).startswith(name.removesuffix("…"))
