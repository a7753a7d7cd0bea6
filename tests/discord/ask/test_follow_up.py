"""The button and the form for a follow-up question."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.kit.service import Service
from bot.models import Turn
from bot.wording import ENGLISH as wording
from tests.conftest import Clock, World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.read.test_buttons import field_of
from tests.discord.settled import settle


@pytest.fixture
def turns(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[Turn | None]:
    """Return the turn that each question came after."""
    seen: list[Turn | None] = []
    ask = Service.ask

    async def noting(self: Service, request: Any, snapshot: Any, *rest: Any) -> Any:
        seen.append(request.after)
        return await ask(self, request, snapshot, *rest)

    monkeypatch.setattr(Service, "ask", noting)
    return seen


async def follow_up(actor: Any, message: Any, question: str) -> Any:
    """Click the button and send the form."""
    form = await actor.click(message, label=wording.FOLLOW_UP)
    return await actor.submit_modal(form, {field_of(form): question})


async def test_a_question_under_an_answer_refers_to_it(world: World, turns: list[Any]) -> None:
    """For everybody who sees the answer, by whoever asks, and again under the new answer."""
    first = await world.member.slash(world.channel, "ask", question=QUESTION)
    second = await follow_up(world.manager, first.response, "and why?")
    assert second.response.content.startswith(f"-# {wording.ASKED} and why?")
    assert not second.ephemeral
    await follow_up(world.member, second.response, "and then?")
    assert [turn and turn.question for turn in turns] == [None, QUESTION, "and why?"]


@pytest.mark.parametrize("way", ["mention", "private", "direct message"])
async def test_it_is_answered_where_the_answer_is(world: World, turns: list[Any], way: str) -> None:
    """In public, to the asker alone, or in a direct message."""
    actor = world.member
    if way == "mention":
        await actor.send(world.channel, f"{world.mention} {QUESTION}")
        answer = world.channel.last_message
    elif way == "private":
        answer = (await actor.slash(world.channel, "ask", question=QUESTION, private=True)).response
    else:
        await actor.send_dm(QUESTION)
        actor = actor.user
        answer = actor.dm_channel.history()[-1]
    result = await follow_up(actor, answer, "and why?")
    assert result.ephemeral is (way == "private")
    assert turns[-1] is not None
    assert turns[-1].question == QUESTION


async def test_after_a_restart_the_quote_alone_is_referred_to(
    world: World, service: Service, turns: list[Any], clock: Clock
) -> None:
    """What was asked is remembered for ten minutes only; the quote stands in the message."""
    answer = await world.member.slash(world.channel, "ask", question=QUESTION)
    clock.now += 3_600
    await world.restart(service)
    await follow_up(world.member, answer.response, "and why?")
    quoted = service.snapshot.passage(turns[-1].quoted)
    assert quoted is not None
    assert "Brunel" in quoted.text


async def test_answers_that_are_not_covered_have_it_and_mere_quotes_do_not(
    world: World, service: Service
) -> None:
    """There the next attempt begins."""
    quoted = await world.member.slash(world.channel, "quote", text="the toll for carts")
    assert wording.FOLLOW_UP not in buttons(quoted.response)
    policy(service, answered=1, closest=1)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert wording.FOLLOW_UP in buttons(asked.response)
    policy(service)
    again = await follow_up(world.member, asked.response, QUESTION)
    assert "Brunel" in again.response.content


async def test_it_counts_as_a_question(world: World, service: Service) -> None:
    """The limit of questions holds."""
    await settle(world, service, member_questions=1)
    answer = await world.member.slash(world.channel, "ask", question=QUESTION)
    result = await follow_up(world.member, answer.response, "and why?")
    assert result.response.content.startswith("That was quick!")
    assert result.ephemeral


async def test_in_a_silent_channel_nobody_else_reads_it(world: World, service: Service) -> None:
    """The channel may have become silent since."""
    answer = await world.member.slash(world.channel, "ask", question=QUESTION)
    await settle(world, service, silent=frozenset({world.channel.id}))
    assert (await follow_up(world.member, answer.response, "and why?")).ephemeral
