"""What a question refers to after something that was no question about what the texts say."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.kit.service import Service
from bot.models import Turn
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION
from tests.discord.ask.test_follow_up import follow_up, turns
from tests.discord.settled import settle
from tests.samples import BRIDGE

__all__ = ["turns"]  # a fixture

CARD = "who wrote The bridge over the Tamar?"
WAYS = ("slash", "mention", "reply", "direct message")


async def say(world: World, way: str, text: str) -> Any:
    """Ask in one of WAYS; return the bot's answer."""
    member, channel = world.member, world.channel
    if way == "slash":
        return (await member.slash(channel, "ask", question=text)).response
    if way == "direct message":
        await member.send_dm(text)
        return member.user.dm_channel.history()[-1]
    answers = [m for m in channel.history() if m.author.bot]
    await member.send(
        channel,
        f"{world.mention} {text}",
        reply_to=answers[-1] if answers and way == "reply" else None,
    )
    return channel.last_message


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("between", [CARD, "hello", "post 44", "which texts do you have?"])
async def test_what_asks_nothing_of_the_texts_leaves_the_question_before(
    world: World, turns: list[Turn | None], way: str, between: str
) -> None:
    """Its own words are no context."""
    for text in (QUESTION, between, "and why?"):
        await say(world, way, text)
    assert [turn and turn.question for turn in turns] == [None, QUESTION, QUESTION]
    quoted = {turn.quoted for turn in turns[1:] if turn}
    assert len(quoted) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_text_that_was_spoken_of_is_still_meant(world: World, way: str) -> None:
    """“It” is the text, wherever it is asked."""
    await say(world, way, CARD)
    card = await say(world, way, "and how long is it?")
    assert BRIDGE.title in card.content
    assert "3 posts" in card.content


@pytest.mark.parametrize("way", WAYS)
async def test_the_text_that_the_bot_asks_for_may_be_named(
    world: World, turns: list[Turn | None], way: str
) -> None:
    """In the next message, besides by its button; or something else is asked."""
    which = await say(world, way, "post 2")
    assert wording.WHICH_TEXT in which.content
    shown = await say(world, way, "the bridge over the Tamar")
    assert "Two iron spans carry" in shown.content
    await say(world, way, QUESTION)
    await say(world, way, BRIDGE.title)
    assert [turn and turn.unsettled for turn in turns] == [None, "post 2", "", ""]


async def test_a_follow_up_under_an_overview_is_about_the_text(
    world: World, service: Service
) -> None:
    """By its button."""
    shown = await world.member.slash(
        world.channel, "ask", question="what is this about?", source=BRIDGE.id
    )
    card = await follow_up(world.member, shown.response, "when was it written?")
    assert BRIDGE.title in card.response.content
    assert wording.NO_DATE in card.response.content


async def test_nobody_refers_to_what_another_member_asked_in_private(
    world: World, service: Service, turns: list[Turn | None]
) -> None:
    """In a thread, whose conversation is shared otherwise; for the member it goes on."""
    alone = "who opened the bridge?"
    await settle(world, service, own_thread=True)
    await say(world, "slash", QUESTION)
    (thread,) = world.channel.threads
    await world.member.slash(thread, "ask", question=alone, private=True)
    await world.manager.send(thread, f"{world.mention} and why?")
    await world.member.slash(thread, "ask", question="and then?", private=True)
    assert [turn and turn.question for turn in turns] == [None, QUESTION, QUESTION, alone]
