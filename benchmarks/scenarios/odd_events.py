"""The gateway sends things that are allowed but rare, or addresses that no longer exist."""

from __future__ import annotations

from typing import Any

from benchmarks.scenarios.in_process import InProcess
from benchmarks.scenarios.registry import scenario
from benchmarks.standin import payloads
from benchmarks.standin.payloads import BOT, JSON
from benchmarks.standin.sessions import Op

LOST = "the connection to Discord is lost"


@scenario("gateway")
async def messages_of_an_unknown_server(stage: InProcess) -> None:
    """Somebody talks on a server that the bot knows nothing of: only those who mention it get an answer."""
    channel = payloads.channel("somewhere", payloads.snowflake())
    stage.discord.world.channels[channel["id"]] = channel
    chatter = await stage.discord.send(stage.member, channel, "Who was the engineer?")
    stage.asked.append(
        await stage.discord.mention(stage.member, channel, "Who was the engineer of the light?")
    )
    await stage.settle()
    stage.expect(not chatter.answers, "chatter is taken for a direct message")


@scenario("gateway", says=LOST)
async def server_that_never_comes(stage: InProcess) -> None:
    """A server is announced when a session begins, and never sent."""
    gateway = stage.discord.gateway
    gateway.withheld.add(stage.discord.world.add_server("Absent")["id"])
    gateway.forget()
    gateway.cut()
    await gateway.until(2, Op.IDENTIFY)
    await stage.both()


@scenario("gateway")
async def huge_server(stage: InProcess) -> None:
    """The bot joins a server with 2,000 channels and 1,000 threads, some three megabytes of JSON."""
    world = stage.discord.world
    server = world.add_server("Huge")
    for i in range(2_000):
        world.add_channel(server, f"channel {i}")["topic"] = "x" * 1_000
    parent = server["channels"][0]
    server["threads"] = [
        payloads.thread(f"thread {i}", parent, payloads.snowflake(), stage.member["id"])
        for i in range(1_000)
    ]
    await stage.discord.gateway.dispatch("GUILD_CREATE", server, server["id"])
    stage.asked.append(await stage.discord.mention(stage.member, parent, "Who was the engineer?"))
    await stage.both()


@scenario("gateway")
async def messages_with_odd_fields(stage: InProcess) -> None:
    """Questions with components, embeds, flags and fields of the future, and without some of today's."""
    odd: list[dict[str, Any]] = [
        {"components": [{"type": 99, "id": 1}, {"type": 1, "components": [{"type": 98}]}]},
        {"embeds": [{"type": "hologram"}, {}], "flags": 1 << 40, "tomorrow": {"a": [1]}},
        {"sticker_items": [{"id": "1", "name": "x", "format_type": 77}], "webhook_id": None},
        {"attachments": [{"id": "1", "filename": "x", "size": 0, "url": "x", "proxy_url": "x"}]},
        {"mentions": [BOT, {**BOT, "id": "5", "avatar": "a_x", "public_flags": 1 << 50}]},
    ]
    question = f"<@{BOT['id']}> Who was the engineer of the harbour light?"
    for fields in odd:
        more = {"mentions": [BOT], **fields}
        stage.asked.append(await stage.discord.send(stage.member, stage.channel, question, **more))
    await stage.settle()


@scenario("gateway")
async def interaction_of_a_new_kind(stage: InProcess) -> None:
    """An interaction of a kind that does not exist yet, and a command with such an option."""
    data: JSON = {"id": "1", "name": "ask", "type": 99, "options": []}
    await stage.discord.interact(stage.member, stage.channel, 99, data=data)
    option = {"name": "question", "type": 99, "value": {"a": 1}}
    there = {command["name"]: command["id"] for command in stage.discord.rest.commands}
    data = {"id": there["ask"], "name": "ask", "type": 1, "options": [option]}
    await stage.discord.interact(stage.member, stage.channel, 2, data=data)
    await stage.both()


@scenario("gateway", says=LOST)
async def compressed_stream_broken(stage: InProcess) -> None:
    """Bytes arrive that are not part of the compressed stream: nothing after them can be read."""
    await stage.discord.gateway.send_bytes(b"\x00no zlib\x00\x00\xff\xff")
    await stage.discord.gateway.until(1, Op.RESUME)
    await stage.both()


@scenario("gateway", says=LOST)
async def address_for_resuming_gone(stage: InProcess) -> None:
    """The machine that holds the session is gone: another address resumes it."""
    gateway = stage.discord.gateway
    gateway.resume_url = "ws://127.0.0.1:9/"
    gateway.forget()
    gateway.cut()
    await gateway.until(2, Op.IDENTIFY)
    gateway.cut()
    await stage.both()
    await gateway.until(1, Op.RESUME)


@scenario("gateway", says="Discord allows no more sessions today")
async def sessions_of_the_day_used_up(stage: InProcess) -> None:
    """The bot waits until Discord allows another session, since more would cost its token."""
    gateway, rest = stage.discord.gateway, stage.discord.rest
    rest.sessions_left = [0, 999]
    asked = rest.requests["get_bot_gateway"]
    gateway.forget()
    gateway.cut()
    await gateway.until(2, Op.IDENTIFY)
    stage.expect(rest.requests["get_bot_gateway"] == asked + 1, "it did not ask")
    await stage.both()
