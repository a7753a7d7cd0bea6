"""Requests that Discord refuses, delays, garbles or cuts off."""

from __future__ import annotations

from typing import Any

import aiohttp

from benchmarks.scenarios.in_process import InProcess
from benchmarks.scenarios.registry import scenario
from benchmarks.standin.faults import (
    HTML,
    cut,
    delayed,
    dripping,
    garbled,
    misframed,
    rate_limited,
    status,
)
from bot.discord.app import retries

FAILED = "a request to Discord failed on the way"


async def _late(stage: InProcess) -> Any:
    """Ask by command so that the bot acknowledges first and follows up."""
    with stage.executor.held():
        exchange = await stage.ask()
        await exchange.acknowledgement()
    return exchange


@scenario("requests", says="rate limited")
async def rate_limit_of_a_channel(stage: InProcess) -> None:
    """A message meets the rate limit of its channel three times."""
    stage.fail_message(rate_limited(0.05), 3)
    await stage.mention()


@scenario("requests", says="rate limit")
async def rate_limit_everywhere(stage: InProcess) -> None:
    """The bot as a whole is too fast: all requests wait."""
    stage.fail_message(rate_limited(0.1, everywhere=True))
    for _ in range(5):
        await stage.mention()


@scenario("requests", says="rate limited")
async def rate_limit_of_responses(stage: InProcess) -> None:
    """A response to a command, and a follow-up, meet a rate limit."""
    stage.fail_response(rate_limited(0.05))
    await stage.ask()
    stage.fail_follow_up(rate_limited(0.05))
    await _late(stage)


@scenario("requests", quick=False)
async def discord_enforces_its_rate_limits(stage: InProcess) -> None:
    """Seven questions at once in a channel that takes five messages a second."""
    limits = stage.discord.rest.limits
    limits.enforced, limits.window = True, 1.0
    for _ in range(7):
        await stage.mention()
    await stage.settle()
    stage.figures["429s"] = limits.exceeded


def _refused_with(code: int, body: str | None, times: int) -> None:
    async def play(stage: InProcess) -> None:
        stage.fail_message(status(code, body=body), times)
        stage.fail_response(status(code, body=body), times)
        await stage.both()

    play.__name__ = f"status_{code}" + (f"_{times}_times" if times > 1 else "")
    page = "" if body is None else " and a page of HTML"
    play.__doc__ = f"Discord answers {code}{page} to messages and responses, {times} times each."
    scenario("requests", says=FAILED, quick=False)(play)


for _code, _body, _times in [
    (500, None, 1), (500, None, 2), (502, HTML, 1), (502, HTML, 2), (503, HTML, 1), (504, None, 1),
    (520, HTML, 1), (524, HTML, 1),
]:  # fmt: skip
    _refused_with(_code, _body, _times)


@scenario("requests", says=FAILED, quick=False)
async def follow_ups_refused_with_503(stage: InProcess) -> None:
    """Discord is overloaded when a late answer comes."""
    stage.fail_follow_up(status(503, body=HTML), 2)
    await _late(stage)


def _cut(name: str, **how: Any) -> None:
    async def play(stage: InProcess) -> None:
        stage.fail_message(cut(**how))
        stage.fail_response(cut(**how))
        await stage.both()
        stage.fail_follow_up(cut(**how))
        await _late(stage)

    play.__name__ = f"connection_{name}"
    words = name.replace("_", " ")
    play.__doc__ = f"The connection is {words}: of a message, a response and a follow-up."
    scenario("requests", says=FAILED, quick=False)(play)


_cut("cut_before_it_was_dealt_with", done=False)
_cut("cut_after_it_was_dealt_with", done=True)
_cut("reset_after_it_was_dealt_with", done=True, reset=True)
_cut("cut_in_the_middle_of_the_response", done=True, halfway=True)


def _garbled(name: str, body: str, kind: str = "application/json") -> None:
    async def play(stage: InProcess) -> None:
        stage.fail_message(garbled(body, kind))
        stage.fail_response(garbled(body, kind))
        await stage.both()
        stage.fail_follow_up(garbled(body, kind))
        await _late(stage)

    play.__name__ = f"response_{name}"
    words = name.replace("_", " ")
    play.__doc__ = f"Discord takes messages, responses and follow-ups, but answers with {words}."
    scenario("requests", says=FAILED, quick=name in {"empty", "other_json"})(play)


_garbled("broken_json", '{"id": "1", "content')
_garbled("empty", "")
_garbled("other_json", "[1, 2]")
_garbled("html", HTML, "text/html")


@scenario("requests", quick=False)
async def slow_discord(stage: InProcess) -> None:
    """Every message and response takes two seconds."""
    stage.fail_message(delayed(2.0), 9)
    stage.fail_response(delayed(2.0), 9)
    await stage.both()


@scenario("requests", says=f"{FAILED}.*imeout", quick=False)
async def requests_that_hang(stage: InProcess) -> None:
    """A message and a follow-up hang for a minute; some of them arrive, others do not."""
    stage.fail_message(delayed(60.0))
    stage.fail_message(delayed(60.0, done_first=True))
    await stage.mention()
    await stage.mention()
    stage.fail_follow_up(delayed(60.0))
    await _late(stage)


@scenario("requests", says="whom to answer was gone")
async def interaction_expired_before_the_response(stage: InProcess) -> None:
    """The gateway was slow: when the command comes, its three seconds are over."""
    begin = stage.discord.interactions.begin

    def late(sent: Any) -> Any:
        exchange = begin(sent)
        stage.seconds += 4
        return exchange

    stage.discord.interactions.begin = late  # type: ignore[method-assign]
    exchange = await stage.discord.slash(stage.member, stage.channel, "ask", question="Who?")
    stage.figures["refused with"] = await exchange.refusal()
    stage.discord.interactions.begin = begin  # type: ignore[method-assign]


@scenario("requests", says="whom to answer was gone")
async def token_expired_before_the_follow_up(stage: InProcess) -> None:
    """An answer takes more than fifteen minutes."""
    with stage.executor.held():
        exchange = await _acknowledged(stage)
        stage.seconds += 16 * 60
    stage.figures["refused with"] = await exchange.refusal()


async def _acknowledged(stage: InProcess) -> Any:
    exchange = await stage.discord.slash(stage.member, stage.channel, "ask", question="Who?")
    await exchange.acknowledgement()
    return exchange


@scenario("requests")
async def question_deleted_before_the_answer(stage: InProcess) -> None:
    """The answer is still sent, as a reply to a message that is gone."""
    with stage.executor.held():
        exchange = await stage.mention()
        del stage.discord.world.messages[exchange.sent["id"]]
        gone = {"id": exchange.sent["id"], "channel_id": stage.channel["id"]}
        await stage.discord.gateway.dispatch(
            "MESSAGE_DELETE", {**gone, "guild_id": stage.server["id"]}, stage.server["id"]
        )


@scenario("requests", says="gone")
async def answer_deleted_before_a_click(stage: InProcess) -> None:
    """A member presses a button on an answer that somebody deletes."""
    exchange = await stage.ask()
    await exchange.answer_text()
    answer = exchange.answers[0]
    button = answer["components"][0]["components"][0]
    stage.fail_response(status(404, 10008))
    clicked = await stage.discord.click(stage.member, stage.channel, answer, button["custom_id"])
    await stage.settle()
    stage.expect(not clicked.answers, "a click on a message that is gone is answered")


@scenario("requests", says="rate limited")
async def rate_limit_shared_with_others(stage: InProcess) -> None:
    """Others have used up the limit of a channel, which is not the bot's fault."""
    stage.fail_message(rate_limited(0.05, scope="shared"), 2)
    await stage.mention()


@scenario("requests", says=f"{FAILED}.*429")
async def rate_limit_before_discord(stage: InProcess) -> None:
    """A proxy in front of Discord refuses a message and a response with an HTML page."""
    banned = status(429, body=HTML, retry_after="1")
    stage.fail_message(banned, 2)
    stage.fail_response(banned)
    await stage.both()


@scenario("requests", says=FAILED)
async def response_that_never_ends(stage: InProcess) -> None:
    """Discord accepts a message, a response and a follow-up, but replies a byte at a time."""
    before = retries.TIMEOUT
    retries.TIMEOUT = aiohttp.ClientTimeout(total=1.0)
    try:
        stage.fail_message(dripping(0.05))
        stage.fail_response(dripping(0.05))
        await stage.both()
        await stage.settle()
    finally:
        retries.TIMEOUT = before


@scenario("requests")
async def response_longer_than_it_says(stage: InProcess) -> None:
    """Discord accepts a message and a response; its replies do not have the length that they state."""
    body = b'{"id": "1", "content": "much more than five bytes"}'
    stage.fail_message(misframed(body))
    stage.fail_response(misframed(body))
    await stage.both()


@scenario("requests", says="no permission to send messages")
async def permission_lost_meanwhile(stage: InProcess) -> None:
    """Nobody may write in the channel any more when the answer is ready: neither a reply nor a message."""
    fault = stage.fail_message(status(403, 50013), 2)
    exchange = await stage.discord.mention(stage.member, stage.channel, "Who was the engineer?")
    await fault.used_up.wait()
    await stage.settle()
    stage.expect(not exchange.answers, "it is answered")


@scenario("requests", says="the channel of a question is gone")
async def channel_deleted_before_the_answer(stage: InProcess) -> None:
    """The channel is gone when the answer is ready."""
    fault = stage.fail_message(status(404, 10003))
    await stage.discord.mention(stage.member, stage.channel, "Who was the engineer?")
    await fault.used_up.wait()
    await stage.settle()


@scenario("requests", says="answered before")
async def interaction_answered_by_somebody_else(stage: InProcess) -> None:
    """Another process with the same token was faster."""
    fault = stage.fail_response(status(400, 40060))
    await stage.discord.slash(stage.member, stage.channel, "ask", question="Who?")
    await fault.used_up.wait()
    await stage.settle()
