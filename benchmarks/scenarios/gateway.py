"""The gateway drops, closes, falls silent, or sends something unreadable."""

from __future__ import annotations

from benchmarks.scenarios.in_process import InProcess
from benchmarks.scenarios.registry import scenario
from benchmarks.standin import payloads
from benchmarks.standin.payloads import JSON
from benchmarks.standin.sessions import Op
from bot.discord.app import connection, running

LOST = "the connection to Discord is lost"


@scenario("gateway", says=LOST)
async def connection_cut_in_the_middle_of_an_answer(stage: InProcess) -> None:
    """The connection breaks while two questions are being answered; the session is resumed."""
    with stage.executor.held():
        await stage.both()
        stage.discord.gateway.cut()
        await stage.discord.gateway.until(1, Op.RESUME)


@scenario("gateway", says=LOST)
async def questions_asked_while_disconnected(stage: InProcess) -> None:
    """Two questions are asked while the connection is broken, and arrive when the session is resumed."""
    stage.discord.gateway.cut()
    await stage.both()
    await stage.discord.gateway.until(1, Op.RESUME)


@scenario("gateway", says=LOST)
async def session_invalid(stage: InProcess) -> None:
    """Discord has forgotten the session: another one begins, and answers in flight still arrive."""
    with stage.executor.held():
        await stage.both()
        stage.discord.gateway.forget()
        stage.discord.gateway.cut()
        await stage.discord.gateway.until(2, Op.IDENTIFY)


@scenario("gateway", says=LOST)
async def session_invalid_but_resumable(stage: InProcess) -> None:
    """Discord says that the session is invalid, and may be resumed: it is."""
    await stage.discord.gateway.send_all({"op": Op.INVALID_SESSION, "d": True})
    await stage.discord.gateway.until(1, Op.RESUME)
    await stage.both()


@scenario("gateway", says=LOST)
async def sessions_refused_five_times(stage: InProcess) -> None:
    """Discord refuses new sessions for a while."""
    stage.discord.gateway.invalidates = [False] * 5
    stage.discord.gateway.forget()
    stage.discord.gateway.cut()
    await stage.discord.gateway.until(6, Op.IDENTIFY)
    await stage.both()


@scenario("gateway", says=LOST)
async def discord_asks_to_reconnect(stage: InProcess) -> None:
    """Opcode 7 in the middle of an answer, as Discord sends it several times a day."""
    with stage.executor.held():
        await stage.both()
        await stage.discord.gateway.send_all({"op": Op.RECONNECT, "d": None})
        await stage.discord.gateway.until(1, Op.RESUME)


@scenario("gateway", says=LOST, quick=False)
async def reconnect_storm(stage: InProcess) -> None:
    """Every session that begins or is resumed is closed at once, twelve times in a row."""
    gateway = stage.discord.gateway
    gateway.closes_at = {Op.IDENTIFY: 4000, Op.RESUME: 4000}
    before = gateway.connections
    gateway.cut()
    await gateway.wait_for(lambda: gateway.connections >= before + 12)
    gateway.closes_at = {}
    stage.figures["pauses"] = f"{stage.client.backoff.failures} in a row, each longer"
    await gateway.until(gateway.received.count(Op.IDENTIFY) + 1, Op.IDENTIFY)
    await stage.both()


def _closed_with(code: int, meaning: str) -> None:
    async def play(stage: InProcess) -> None:
        with stage.executor.held():
            await stage.both()
            identified = stage.discord.gateway.received.count(Op.IDENTIFY)
            await stage.discord.gateway.close(code)
            await stage.discord.gateway.wait_for(lambda: not stage.discord.gateway.connected)
            await stage.discord.gateway.wait_for(lambda: stage.discord.gateway.connected)
        began = stage.discord.gateway.received.count(Op.IDENTIFY) - identified
        stage.figures["then"] = "another session" if began else "resumed"

    play.__name__ = f"closed_with_{code}"
    play.__doc__ = f"Discord closes the connection with {code}, {meaning}, during two answers."
    scenario("gateway", says=f"{LOST}.*{code}", quick=code in {1001, 4009})(play)


for _code, _meaning in {
    1001: "going away", 4000: "unknown error", 4001: "unknown opcode",
    4002: "a payload that cannot be decoded", 4003: "not authenticated",
    4005: "already authenticated", 4007: "wrong sequence", 4008: "too fast",
    4009: "the session timed out",
}.items():  # fmt: skip
    _closed_with(_code, _meaning)


def _ended_by(code: int) -> None:
    async def play(stage: InProcess) -> None:
        stage.ends = True
        await stage.discord.gateway.close(code)

    play.__name__ = f"ended_by_{code}"
    play.__doc__ = f"Discord closes the connection for good ({code}): the bot ends with a line."
    scenario("gateway", quick=code == 4014)(play)


for _code in running.FATAL:
    _ended_by(_code)


@scenario("gateway", says=LOST, quick=False)
async def gateway_falls_silent(stage: InProcess) -> None:
    """Nothing arrives any more, not even replies to heartbeats, though the connection stays open."""
    gateway = stage.discord.gateway
    stage.client._connection.heartbeat_timeout = 3.0
    gateway.heartbeat = 0.5
    gateway.cut()
    await gateway.until(1, Op.RESUME)
    gateway.mute()
    await gateway.until(2, Op.RESUME)
    await stage.both()


@scenario("gateway", says=LOST, quick=False)
async def gateway_does_not_greet(stage: InProcess) -> None:
    """The gateway accepts connections, and says nothing."""
    gateway = stage.discord.gateway
    gateway.greets = False
    before, connection.CONNECTING = connection.CONNECTING, 1.0
    try:
        gateway.cut()
        await gateway.wait_for(lambda: gateway.connections >= 3)
        gateway.greets = True
        await gateway.until(1, Op.RESUME)
    finally:
        connection.CONNECTING = before
    await stage.both()


@scenario("gateway", says="an event could not be read")
async def event_that_cannot_be_read(stage: InProcess) -> None:
    """An event lacks a field that it always has, and two questions come right after it."""
    await stage.discord.gateway.dispatch("MESSAGE_CREATE", {"id": "nonsense"}, None)
    await stage.discord.gateway.dispatch("CHANNEL_UPDATE", {}, stage.server["id"])
    await stage.both()


@scenario("gateway", says="an event could not be read")
async def payload_that_is_no_json(stage: InProcess) -> None:
    """A payload breaks off in the middle, and two questions come right after it."""
    await stage.discord.gateway.send_text('{"op": 0, "t": "MESSAGE_CREATE", "d": {')
    await stage.both()


@scenario("gateway")
async def events_that_are_new(stage: InProcess) -> None:
    """Events, opcodes and kinds of channels that this version of the bot has never heard of."""
    await stage.discord.gateway.dispatch("NEWS_OF_TOMORROW", {"a": 1}, stage.server["id"])
    await stage.discord.gateway.send_all({"op": 99, "d": None})
    channel = stage.discord.world.add_channel(stage.server, "new", 99)
    await stage.discord.gateway.dispatch("CHANNEL_CREATE", channel, stage.server["id"])
    await stage.both()


@scenario("gateway", says="what came with a command could not be read")
async def message_of_a_menu_that_cannot_be_read(stage: InProcess) -> None:
    """A member uses a message's menu on a poll without an end, which discord.py cannot read."""
    poll: JSON = {"question": {"text": "?"}, "answers": [], "expiry": None, "layout_type": 1}
    message = payloads.message(stage.member, stage.channel, "", poll=poll)
    exchange = await stage.discord.message_command(
        stage.member, stage.channel, "Find the source", message
    )
    stage.figures["answer"] = await exchange.answer_text()


@scenario("gateway", says="a server is unavailable")
async def server_unavailable_and_back(stage: InProcess) -> None:
    """A server is gone for a while because of an outage at Discord."""
    gone = {"id": stage.server["id"], "unavailable": True}
    await stage.discord.gateway.dispatch("GUILD_DELETE", gone, stage.server["id"])
    await stage.discord.gateway.dispatch("GUILD_CREATE", stage.server, stage.server["id"])
    await stage.both()


@scenario("gateway", says="answered before")
async def event_delivered_twice(stage: InProcess) -> None:
    """Discord delivers a question again after the session was resumed."""
    exchange = await stage.mention()
    await exchange.answer_text()
    (session,) = stage.discord.gateway.sessions.values()
    again = next(p for p in session.sent if p["d"].get("id") == exchange.sent["id"])
    await session.dispatch("MESSAGE_CREATE", again["d"])
    command = await stage.ask()
    await command.answer_text()
    again = next(p for p in session.sent if p["d"].get("id") == command.sent["id"])
    await session.dispatch("INTERACTION_CREATE", again["d"])


@scenario("gateway", says="another process answers with this token")
async def another_process_with_the_same_token(stage: InProcess) -> None:
    """A question is answered a second time, by a process that uses another database."""
    for _ in range(2):
        exchange = await stage.mention()
        await exchange.answer_text()
        again = exchange.answers[0] | {"id": payloads.snowflake(), "nonce": "of another process"}
        await stage.discord.gateway.dispatch("MESSAGE_CREATE", again, stage.server["id"])
    await stage.both()
    await stage.settle()
    said = sum("another process answers" in line for line in stage.lines)
    stage.expect(said == 1, f"it is said {said} times")
