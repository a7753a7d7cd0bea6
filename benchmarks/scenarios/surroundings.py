"""What is around the bot changes: names and certificates, its server, its channel, its config, its log."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from benchmarks.scenarios.in_process import InProcess
from benchmarks.scenarios.registry import scenario
from benchmarks.scenarios.subprocesses import STARTING, Subprocess, in_subprocess
from benchmarks.standin.faults import HTML, delayed, garbled, status
from benchmarks.standin.sessions import Op

LOST = "the connection to Discord is lost"
process_scenario = partial(scenario, "surroundings", set_up=in_subprocess, quick=False)


@contextmanager
def _unreachable(stage: InProcess, cause: OSError) -> Iterator[None]:
    """Let every new connection fail for that reason."""
    key: Any = ConnectionKey("gateway.discord.gg", 443, True, True, None, None, None)
    kind = (
        aiohttp.ClientConnectorDNSError
        if isinstance(cause, socket.gaierror)
        else aiohttp.ClientConnectorCertificateError
    )

    async def fail(*_: object, **__: object) -> None:
        raise kind(key, cause)

    with patch.object(aiohttp.TCPConnector, "connect", fail):
        yield


async def _without_connections(stage: InProcess, cause: OSError) -> None:
    """Break the connection, and make new ones impossible until three attempts have failed."""
    with _unreachable(stage, cause):
        stage.discord.gateway.cut()
        async with asyncio.timeout(60):
            while stage.client.backoff.failures < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await stage.discord.gateway.until(1, Op.RESUME)
    await stage.both()


@scenario("surroundings", says=f"{LOST}.*resolution")
async def names_that_cannot_be_resolved(stage: InProcess) -> None:
    """The connection breaks while no DNS server answers; the session is resumed afterwards."""
    await _without_connections(stage, socket.gaierror(-3, "Temporary failure in name resolution"))


@scenario("surroundings", says=f"{LOST}.*self-signed")
async def certificates_of_somebody_else(stage: InProcess) -> None:
    """Something between the bot and Discord shows a certificate of its own."""
    await _without_connections(stage, OSError("certificate verify failed: self-signed certificate"))


@scenario("surroundings", says=LOST)
async def events_lost_while_disconnected(stage: InProcess) -> None:
    """A session is resumed, but Discord no longer has what happened meanwhile: the next questions are answered."""
    stage.discord.gateway.cut()
    lost = await stage.discord.send(stage.member, stage.channel, "Who was the engineer?")
    for session in stage.discord.gateway.sessions.values():
        session.sent.clear()
    await stage.discord.gateway.until(1, Op.RESUME)
    await stage.both()
    await stage.settle()
    stage.expect(not lost.answers, "an event that never came was answered")


@scenario("surroundings")
async def removed_and_invited_again(stage: InProcess) -> None:
    """The bot is removed from the server while it answers, and invited again."""
    server = stage.server
    fault = stage.fail_message(status(403, 50001), 2)
    with stage.executor.held():
        await stage.discord.mention(stage.member, stage.channel, "Who was the engineer?")
        await stage.discord.gateway.dispatch("GUILD_DELETE", {"id": server["id"]}, server["id"])
    await fault.used_up.wait()
    await stage.settle()
    await stage.discord.gateway.dispatch("GUILD_CREATE", server, server["id"])
    await stage.both()


@scenario("surroundings", says="the channel takes no answer")
async def channel_of_another_kind(stage: InProcess) -> None:
    """A channel becomes one for announcements, and another one a forum, where messages are refused."""
    gateway, server = stage.discord.gateway, stage.server["id"]
    stage.channel["type"] = 5
    await gateway.dispatch("CHANNEL_UPDATE", stage.channel, server)
    await stage.both()
    await stage.settle()
    other = stage.discord.world.add_channel(stage.server, "other")
    await gateway.dispatch("CHANNEL_CREATE", other, server)
    fault = stage.fail_message(status(400, 50008))
    with stage.executor.held():
        await stage.discord.mention(stage.member, other, "Who was the engineer?")
        await gateway.dispatch("CHANNEL_UPDATE", other | {"type": 15, "available_tags": []}, server)
    await fault.used_up.wait()
    await stage.settle()


@scenario("surroundings", says="refuses the token|401")
async def token_reset_while_it_runs(stage: InProcess) -> None:
    """Discord refuses messages first, then closes the gateway for good: the bot ends with one line."""
    stage.discord.rest.revoked = True
    await stage.discord.mention(stage.member, stage.channel, "Who was the engineer?")
    await stage.settle()
    stage.ends = True
    await stage.discord.gateway.close(4004)


@scenario("surroundings")
async def clock_set_back(stage: InProcess) -> None:
    """The computer's clock is set back an hour while questions are answered."""
    now = stage.service.now
    await stage.both()
    await stage.settle()
    with patch.object(stage.service, "now", lambda: now() - timedelta(hours=1)):
        await stage.both()
        await stage.settle()
        await stage.client._upkeep.purge()
    stage.expect(stage.questions_kept() == len(stage.asked), "questions were deleted")


@process_scenario(says="Discord cannot be reached")
async def page_of_a_proxy_at_the_start(stage: Subprocess) -> None:
    """A proxy or Discord's maintenance answers with a page of HTML, and status 200, while the bot starts."""
    await stage.kill()
    stage.discord.fail("GET", "/users/@me", garbled(HTML, "text/html"), 2)
    await stage.start()


@process_scenario()
async def log_on_a_full_disk(stage: Subprocess) -> None:
    """Nothing can be written to the log: the bot keeps answering."""
    await stage.kill()
    before = stage.discord.gateway.received.count(Op.IDENTIFY)
    full = os.open("/dev/full", os.O_WRONLY)
    await stage.launch(full)
    os.close(full)
    await stage.discord.gateway.until(before + 1, Op.IDENTIFY, STARTING)
    for _ in range(5):
        await stage.both()


@process_scenario(says="line")
async def config_half_written(stage: Subprocess) -> None:
    """The config is broken while the bot runs, which does not matter, and when it starts: it says where."""
    whole = stage.config.read_text(encoding="utf-8")
    stage.config.write_text(whole[: whole.index("search:") + 20], encoding="utf-8")
    stage.signal(signal.SIGHUP)
    await stage.both()
    await stage.settle()
    await stage.kill()
    await stage.launch()
    stage.figures["exit status"] = await stage.end(STARTING)
    stage.expect(stage.figures["exit status"] == 1, "the exit status is not 1")
    stage.config.write_text(whole, encoding="utf-8")
    await stage.start()


@process_scenario()
async def stopped_while_it_starts(stage: Subprocess) -> None:
    """SIGTERM while the texts are read, and while Discord hesitates to let the bot in: it ends in time."""
    await stage.kill()
    for pause in (0.5, 8.0):
        fault = stage.discord.fail("GET", "/users/@me", delayed(60.0))
        await stage.launch()
        if pause > 1:
            await asyncio.wait_for(fault.used_up.wait(), STARTING)
        else:
            await asyncio.sleep(pause)
        stage.signal(signal.SIGTERM)
        name = "while it waits for Discord" if pause > 1 else "while it loads"
        stage.figures[name] = f"exit status {await stage.end()}"
        fault.times = fault.met
    await stage.start()
