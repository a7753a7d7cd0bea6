"""Whoever wants to wear the bot out, or to get more from it than they may, does not succeed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from benchmarks.scenarios.in_process import InProcess, in_process
from benchmarks.scenarios.stage import ANSWER, QUESTION
from benchmarks.standin import payloads
from benchmarks.standin.exchanges import Exchange
from bot.settings.discord import DiscordSettings

HOSTILE = [
    "[a](" * 1_500,
    "@everyone <@1> <#2> </ask:3> <t:0> " * 150,
    "harbour light " * 400,
    "\u202e\u0000\ud7ff\ufdd0😀" * 600,
    "((((" * 1_500,
    "who " * 1_400 + "?",
]  # fmt: skip
"""Questions that are as long as Discord allows an option to be, or nearly so."""


@pytest.fixture(autouse=True)
def nothing_is_slow() -> None:
    """Let the bot acknowledge slow work as it does in production."""


@pytest.fixture
async def stage() -> AsyncIterator[InProcess]:
    """The bot with its usual limits, at the stand-in; nothing that happens leaves a traceback."""
    async with in_process(settings=DiscordSettings()) as stage:
        stage.discord.interactions.clock = lambda: 0.0  # a busy machine is no fault of the bot's
        yield stage
        assert not [line for line in stage.lines if line.startswith("Traceback")]
        assert stage.discord.rest.problems == []
        assert not stage.ended


async def settled(stage: InProcess, exchanges: list[Exchange]) -> list[str]:
    """Return the answers, when the bot has dealt with everything."""
    honest = await stage.discord.slash(
        payloads.user("honest"), stage.channel, "ask", question=QUESTION
    )
    stage.asked.append(honest)
    await stage.settle()
    assert ANSWER in await honest.answer_text()
    return [str(answer.get("content")) for exchange in exchanges for answer in exchange.answers]


async def test_a_flood_by_one_member_is_answered_up_to_the_limit(stage: InProcess) -> None:
    """They are told once; another member is answered in the midst of it."""
    flood = [await stage.discord.mention(stage.member, stage.channel, QUESTION) for _ in range(60)]
    answers = await settled(stage, flood)
    limit = DiscordSettings().member_questions
    assert sum(ANSWER in answer for answer in answers) == limit
    assert len(answers) == limit + 1


async def test_a_flood_by_bots_is_not_heard(stage: InProcess) -> None:
    """Not even mentions."""
    robot = payloads.user("robot", bot=True)
    flood = [await stage.discord.mention(robot, stage.channel, QUESTION) for _ in range(60)]
    assert await settled(stage, flood) == []


async def test_a_flood_by_many_is_bounded_by_the_channel(stage: InProcess) -> None:
    """In another channel the bot still answers at once."""
    crowd = [payloads.user(f"member{n}") for n in range(100)]
    flood = [await stage.discord.mention(member, stage.channel, QUESTION) for member in crowd]
    elsewhere = stage.discord.world.add_channel(stage.server, "elsewhere")
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", elsewhere, stage.server["id"])
    calm = await stage.discord.mention(payloads.user("calm"), elsewhere, QUESTION)
    assert ANSWER in await calm.answer_text()
    for exchange in flood[:3]:
        await exchange.answer_text()
    stage.channel = elsewhere
    answers = await settled(stage, flood)
    limit = DiscordSettings().channel_questions
    assert 0 < sum(ANSWER in answer for answer in answers) <= limit


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_question_of_six_thousand_characters_harms_nobody(
    stage: InProcess, question: str
) -> None:
    """It is answered once, by a message that Discord takes, and that mentions nobody."""
    exchange = await stage.discord.slash(stage.member, stage.channel, "ask", question=question)
    await settled(stage, [exchange])
    (answer,) = exchange.answers
    assert not answer["mentions"]
    assert exchange.refused == []


async def test_an_autocomplete_storm_holds_nobody_up(stage: InProcess) -> None:
    """Every keystroke gets its suggestions, and a question among them its answer."""
    typed = "who was the engineer of the harbour light" * 5
    storm = [
        await stage.discord.autocomplete(stage.member, stage.channel, "quote", "text", typed[:n])
        for n in range(0, len(typed), 3)
    ]
    await settled(stage, [])
    for exchange in storm:
        await exchange.until(lambda one=exchange: bool(one.answers))  # type: ignore[misc]
        assert len(exchange.answers[0]["choices"]) <= 25


async def test_forged_buttons_do_nothing(stage: InProcess) -> None:
    """Ids that no button of the bot's has, and ids of its buttons with something else in them."""
    asked = await stage.discord.slash(stage.member, stage.channel, "ask", question=QUESTION)
    await asked.answer_text()
    answer = asked.answers[0]
    real = [button["custom_id"] for row in answer["components"] for button in row["components"]]
    forged = [f"{one[:at]}{more}{one[at + 1 :]}" for one in real for at in (0, 3, len(one) // 2, -1)
              for more in ("9", "z", "\u00e9", "")]  # fmt: skip
    forged += ["", ":", "x" * 100, "settings:which", "knowledge:save:1", "delete:0:0"]
    before = len(stage.discord.world.said_by_bot(stage.channel["id"]))
    stranger = payloads.user("stranger")
    for custom_id in forged:
        await stage.discord.click(stranger, stage.channel, dict(answer), custom_id[:100])
    await settled(stage, [])
    said = stage.discord.world.said_by_bot(stage.channel["id"])
    assert len(said) == before + 1
    assert answer["id"] in {message["id"] for message in said}
