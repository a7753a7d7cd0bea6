"""Messages to the bot (mentions, replies, edits, posts in a forum), and what it posts unasked: daily passages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from benchmarks.scenarios.in_process import InProcess
from benchmarks.standin import payloads
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.payloads import BOT, JSON
from benchmarks.walk.people import Walker
from benchmarks.walk.texts import QUESTION
from bot.discord.daily.changes import ScheduleChanges

WITHIN = 10.0


async def messages(stage: InProcess, walker: Walker) -> list[str]:
    """Write to the bot in every way; return what was wrong.

    Each is answered once: a question, a greeting, nothing but a mention, 4,000 characters, a reply to an answer.
    """
    discord, problems = stage.discord, list[str]()

    async def expect(what: str, exchange: Exchange) -> JSON:
        try:
            await exchange.answer_text(WITHIN)
        except TimeoutError:
            problems.append(f"{walker.name}: {what}: no answer")
            return {}
        await stage.settle()
        if len(exchange.answers) > 1:
            problems.append(f"{walker.name}: {what}: {len(exchange.answers)} answers")
        return exchange.answers[0]

    async def say(content: str, **more: Any) -> Exchange:
        mentions = [BOT] if f"<@{BOT['id']}>" in content else []
        return await discord.send(walker.person, walker.channel, content, mentions=mentions, **more)

    me = f"<@{BOT['id']}>"
    for content in (
        f"{me} {QUESTION}", f"{me} hello", me, f"{me} {'why ' * 1_000}", f"{QUESTION} {me}", f"{me} post 2",
    ):  # fmt: skip
        await expect(content[:40], await say(content))
    answer = await expect("question", await say(f"{me} {QUESTION}"))
    reference = {"message_id": answer.get("id"), "channel_id": walker.channel["id"]}
    for content in (f"{me} source?", f"{me} And when?"):
        reply: JSON = {"message_reference": reference, "referenced_message": answer, "type": 19}
        await expect(f"reply: {content}", await say(content, **reply))
    edited = await say(f"{me} When did whales sing in Rome?")
    await expect("before the edit", edited)
    sent = edited.sent | {"content": f"{me} {QUESTION}", "edited_timestamp": payloads.now()}
    before = discord.rest.requests["update_message"]
    await discord.gateway.dispatch("MESSAGE_UPDATE", sent, walker.channel.get("guild_id"))
    async with asyncio.timeout(WITHIN):
        while discord.rest.requests["update_message"] == before:  # noqa: ASYNC110 - they notify nobody
            await asyncio.sleep(0.01)
    await stage.settle()
    return problems


async def post_in_forum(stage: InProcess) -> list[str]:
    """Open a post in a forum where the bot answers posts: it answers once, by the title if it reads nothing else."""
    discord, service = stage.discord, stage.service
    forum = next(c for c in discord.world.channels.values() if c["type"] == 15)
    server = int(stage.server["id"])
    settings = service.servers.of(server)
    await service.servers.change(
        server, _with_forum(settings, int(forum["id"])), 1, "", service.now()
    )
    post = await discord.open_thread(stage.member, forum, QUESTION, first="I want to know.")
    exchange = discord.asked_by(post["id"])
    try:
        await exchange.answer_text(WITHIN)
    except TimeoutError:
        return ["a post in a forum: no answer"]
    await stage.settle()
    return [] if len(exchange.answers) == 1 else ["a post in a forum is answered more than once"]


def _with_forum(settings: Any, forum: int) -> Any:
    from dataclasses import replace

    return replace(settings, forums=frozenset({forum}), silent=frozenset(), sources=None)


async def daily_passage(stage: InProcess) -> list[str]:
    """Let a day pass after a schedule was set: one passage comes, and none again."""
    discord, service, channel = stage.discord, stage.service, stage.channel["id"]
    options = {"channel": channel, "time": "8:30", "zone": "Europe/Berlin"}
    exchange = await discord.slash(stage.manager, stage.channel, "daily set", **options)
    await exchange.answer_text(WITHIN)
    before, now = len(discord.world.said_by_bot(channel)), service.now
    service.now = lambda: now() + timedelta(days=1)
    service.state(ScheduleChanges).announce()
    async with asyncio.timeout(WITHIN):
        while len(discord.world.said_by_bot(channel)) == before:  # noqa: ASYNC110 - it notifies nobody
            await asyncio.sleep(0.01)
    service.state(ScheduleChanges).announce()
    await stage.settle()
    came = len(discord.world.said_by_bot(channel)) - before
    return [] if came == 1 else [f"{came} daily passages came"]
