"""Nobody asks faster than is allowed, and who tries is told so, once and kindly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.discord.app.client import VerbatimClient
from bot.discord.kit.cooldowns import MAX_BUCKETS, Cooldowns, Rates
from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import Clock, World
from tests.discord.settled import settle

QUESTION = "Who was too ill to attend the opening?"


def test_a_member_may_ask_a_number_of_questions_at_once_and_one_more_after_a_while(
    clock: Clock,
) -> None:
    """Two a minute: a new one every thirty seconds, and never more than two saved up."""
    cooldowns = Cooldowns(clock, member=2, channel=0)
    assert [cooldowns.wait(1, 9) for _ in range(3)] == [0, 0, 30]
    clock.now += 29
    assert cooldowns.wait(1, 9) == 1
    clock.now += 1
    assert [cooldowns.wait(1, 9) for _ in range(2)] == [0, 30]
    clock.now += 3_600
    assert [cooldowns.wait(1, 9) for _ in range(3)] == [0, 0, 30]


def test_members_have_buckets_of_their_own_and_share_the_channels(clock: Clock) -> None:
    """One who is refused takes nothing from the other bucket."""
    cooldowns = Cooldowns(clock, member=1, channel=2)
    assert cooldowns.wait(1, 9) == 0
    assert cooldowns.wait(1, 9) == 60
    assert cooldowns.wait(2, 9) == 0
    assert cooldowns.wait(3, 9) == 30
    assert cooldowns.wait(3, 8) == 0


def test_without_a_rate_there_is_no_end(clock: Clock) -> None:
    """0 in the settings."""
    cooldowns = Cooldowns(clock, member=0, channel=0)
    assert {cooldowns.wait(1, 9) for _ in range(1_000)} == {0}


def test_the_memory_is_bounded(clock: Clock) -> None:
    """Whoever asked longest ago is forgotten, and may ask."""
    cooldowns = Cooldowns(clock, member=1, channel=0)
    for member in range(MAX_BUCKETS + 1):
        cooldowns.wait(member, 9)
    assert cooldowns.wait(0, 9) == 0
    assert cooldowns.wait(MAX_BUCKETS, 9) == 60


@pytest.mark.parametrize("rate", [1, 3, 7, 11, 13])
def test_after_the_seconds_that_were_told_a_member_may_ask(clock: Clock, rate: int) -> None:
    """Whatever is lost in the arithmetic of fractions."""
    cooldowns = Cooldowns(clock, member=rate, channel=0)
    for _ in range(200):
        clock.now += 0.7
        clock.now += (told := cooldowns.wait(1, 9))
        assert not told or cooldowns.wait(1, 9) == 0


def test_who_has_asked_is_forgotten_after_a_minute(clock: Clock) -> None:
    """Nothing depends on it any more, and the privacy page says so."""
    cooldowns = Cooldowns(clock, member=1, channel=0)
    assert [cooldowns.wait(1, 9) for _ in range(2)] == [0, 60]
    assert [cooldowns.is_told(1), cooldowns.is_told(1)] == [False, True]
    clock.now += 59
    cooldowns.wait(2, 9)
    cooldowns.forget_expired()
    assert len(cooldowns) == 2
    assert cooldowns.wait(1, 9) == 1
    clock.now += 1
    cooldowns.forget_expired()
    assert len(cooldowns) == 1
    assert not cooldowns.is_told(1)


def test_servers_are_not_mixed_up(clock: Clock) -> None:
    """Who has asked in one may ask in another, at the rates of that one."""
    cooldowns = Cooldowns(clock, member=1, channel=0)
    assert cooldowns.wait(1, 9, server=5) == 0
    assert cooldowns.wait(1, 9, server=5) == 60
    assert cooldowns.wait(1, 8, server=6, rates=Rates(2, 0)) == 0
    assert cooldowns.wait(1, 8, server=6, rates=Rates(2, 0)) == 0
    assert cooldowns.wait(1, 8, server=6, rates=Rates(2, 0)) == 30
    assert cooldowns.is_told(1, 5) is cooldowns.is_told(1, 6) is False
    assert cooldowns.wait(1, 7) == 0


def test_other_rates_hold_at_once(clock: Clock) -> None:
    """Whoever has saved up more than is allowed now has no more than that."""
    cooldowns = Cooldowns(clock, member=9, channel=0)
    assert cooldowns.wait(1, 9, 5) == 0
    assert [cooldowns.wait(1, 9, 5, Rates(1, 0)) for _ in range(2)] == [0, 60]
    assert [cooldowns.wait(1, 9, 5, Rates(0, 0)) for _ in range(9)] == [0] * 9


@pytest.fixture
def service(service: Service, clock: Clock) -> Service:
    """Return a service that lets a member ask once a minute."""
    return replace(service, cooldowns=Cooldowns(clock, member=1, channel=0))


@pytest.fixture
def simcord_bot(service: Service) -> VerbatimClient:
    return VerbatimClient(service)


@pytest.mark.parametrize(
    ("command", "options"), [("ask", {"question": QUESTION}), ("quote", {"text": "toll"})]
)
async def test_only_the_member_who_is_too_fast_is_told(
    world: World, clock: Clock, command: str, options: dict[str, Any]
) -> None:
    """When the next question is welcome; then it is answered."""
    await world.member.slash(world.channel, "ask", question=QUESTION)
    refused = await world.member.slash(world.channel, command, **options)
    assert refused.ephemeral
    assert refused.response.content == wording.slow_down(60)
    clock.now += 60
    answered = await world.member.slash(world.channel, command, **options)
    assert not answered.ephemeral


async def test_a_servers_own_rates_go_before_the_configs(world: World, service: Service) -> None:
    """For members and for channels; 0 is any number; a direct message keeps to the config."""
    await settle(world, service, member_questions=0, channel_questions=3)
    for _ in range(3):
        answered = await world.member.slash(world.channel, "ask", question=QUESTION)
        assert not answered.ephemeral
    refused = await world.manager.slash(world.channel, "ask", question=QUESTION)
    assert refused.response.content == wording.slow_down(20)
    for _ in range(3):
        await world.member.send_dm(QUESTION)
    assert len(_said(world)) == 2


async def test_in_messages_it_is_said_once(world: World, clock: Clock) -> None:
    """Where everybody sees it, a line for each message would be the noise it is against."""
    for _ in range(4):
        await world.member.send_dm(QUESTION)
    answer, refusal = _said(world)
    assert "Brunel" in answer
    assert refusal == wording.slow_down(60)
    clock.now += 60
    await world.member.send_dm(QUESTION)
    assert "Brunel" in _said(world)[-1]


def _said(world: World) -> list[str]:
    me = world.env.bot.user.id
    return [m.content for m in world.member.user.dm_channel.history() if m.author.id == me]
