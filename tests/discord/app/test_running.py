"""The bot comes to Discord, stays there and goes, whatever the network and the gateway do."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from discord.http import HTTPClient, Route

from bot.config import Config
from bot.discord.app import running as running_module
from bot.discord.app.backoff import LASTING
from bot.discord.app.connection import RESUMED
from bot.discord.app.network_faults import is_external
from bot.discord.app.running import FATAL, FINISHING, WRONG_TOKEN
from bot.discord.kit.service import Service
from bot.errors import VerbatimError
from bot.operations.logging import configure
from tests.discord import loopback
from tests.discord.loopback import (
    SOON,
    HandClock,
    Loopback,
    asked,
    command,
    mention,
    ready,
    running,
)
from tests.operations.test_logging import as_before  # noqa: F401 - a fixture

HOUR = 3_600.0
QUESTION = "Who was too ill to attend the opening?"


@pytest.fixture
def log(
    as_before: None,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], list[str]]]:
    """Log as `verbatim run` does, and return what gives the lines so far; none is of a traceback."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure("info", "text", is_external=is_external)
    structlog.configure(cache_logger_on_first_use=False)  # other tests log otherwise
    yield lambda: written.getvalue().splitlines()
    assert "Traceback" not in written.getvalue()


async def refused(task: asyncio.Task[None]) -> str:
    """Return what the operator is told when the bot ends by itself."""
    with pytest.raises(VerbatimError) as caught:
        await asyncio.wait_for(task, SOON)
    return str(caught.value)


@pytest.mark.parametrize(
    ("stage", "most", "resumes"), [("start", 70, 0), ("begins", 25, RESUMED)],
)  # fmt: skip
async def test_a_gateway_that_accepts_and_closes_at_once_is_not_stormed(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    log: Callable[[], list[str]],
    stage: str,
    most: int,
    resumes: int,
) -> None:
    """The pauses grow, each is a line in the log, and after some attempts another session begins."""
    clock = HandClock(end=HOUR)
    async with (
        loopback.serve() as server,
        running(server, service, monkeypatch, clock) as (_, task),
    ):
        server.closes = {stage: 4000}
        while not clock.ended.is_set():
            assert server.connections.qsize() <= most
            assert not task.done()
            await asyncio.sleep(0)
        assert 10 < server.connections.qsize() <= most
        heard = [server.heard.get_nowait() for _ in range(server.heard.qsize())]
        assert heard.count(6) == resumes
        lost = [line for line in log() if "the connection to Discord is lost" in line]
        assert len(lost) == server.connections.qsize()
        assert all("warning" in line for line in lost)


async def test_a_connection_that_has_lasted_is_made_anew_soon(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However bad it was before."""
    clock = HandClock()
    async with loopback.serve() as server, running(server, service, monkeypatch, clock) as (bot, _):
        await ready(server, bot)
        for _ in range(3):
            await server.drop()
            assert await asyncio.wait_for(server.heard.get(), SOON) == 6
        assert clock.slept == [1.0, 2.0, 4.0]
        clock.now += LASTING
        await server.drop()
        assert await asyncio.wait_for(server.heard.get(), SOON) == 6
        assert clock.slept[3:] == [1.0]
        assert (await asked(server, 8010, "hello")).startswith("Hello!")


@pytest.mark.parametrize("code", FATAL)
@pytest.mark.parametrize("stage", ["at the start", "in the middle", "when it comes back"])
async def test_a_gateway_that_wants_no_more_of_the_bot_ends_it_with_a_line(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    log: Callable[[], list[str]],
    code: int,
    stage: str,
) -> None:
    """A code of Discord's that says so ends it at any time; the line says what to do."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, task):
        if stage == "at the start":
            server.closes = {"begins": code}
        else:
            await ready(server, bot)
            if stage == "when it comes back":
                server.closes = {"begins": code}
            await server.drop(code if stage == "in the middle" else 4000)
        assert await refused(task) == str(FATAL[code])
    assert any("logging in" in line for line in log())


def test_a_revoked_token_is_reported_like_a_wrong_one() -> None:
    """And the line for a missing intent names the switch and the setting."""
    assert FATAL[4004] is WRONG_TOKEN
    assert str(FATAL[4014]).startswith("discord.listen: ")
    assert "*Message Content Intent*" in str(FATAL[4014])
    assert len({str(problem) for problem in FATAL.values()}) == len(FATAL) == 6


async def test_a_wrong_token_ends_it_with_the_same_line(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not tried again."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (_, task):
        server.logins.append(401)
        assert await refused(task) == str(WRONG_TOKEN)
        assert server.requests.count("GET /users/@me") == 1


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def away(kind: str, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let Discord be out of reach in one of several ways; `server` is there afterwards."""
    with monkeypatch.context() as meanwhile:
        base = {
            "refused": f"http://127.0.0.1:{free_port()}/api",
            "no name": "http://discord.invalid/api",
            "tls": f"{server.url.replace('http', 'https')}api",
        }
        if kind in base:
            meanwhile.setattr(Route, "BASE", base[kind])
        if kind == "unwell":
            server.logins += [503] * 1_000
        if kind == "no answer":

            async def late(*_: Any, **__: Any) -> None:
                raise TimeoutError

            meanwhile.setattr(HTTPClient, "static_login", late)
        yield
    server.logins.clear()


def no_name(*_: Any, **__: Any) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


WAYS = ["refused", "no name", "tls", "unwell", "no answer"]


@pytest.mark.parametrize("kind", WAYS)
async def test_where_discord_cannot_be_reached_at_the_start_it_is_tried_again(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    log: Callable[[], list[str]],
    kind: str,
) -> None:
    """With pauses that grow, each with one line; when it is back, the bot is there."""
    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    clock = HandClock(end=40.0)
    async with loopback.serve() as server:
        async with running(server, service, monkeypatch, clock) as (bot, task):
            async with away(kind, server, monkeypatch):
                await asyncio.wait_for(clock.ended.wait(), SOON)
                assert not task.done()
            told = [line for line in log() if "Discord cannot be reached" in line]
            backoff = [slept for slept in clock.slept if slept >= 1]
            assert backoff == [2.0**n for n in range(len(backoff))]
            assert len(told) == len(backoff) >= 5
            assert all("warning" in line for line in told)
            if kind in {"refused", "no name", "tls"}:  # there never was a connection that dropped
                assert [line for line in log() if "warning" in line] == told
            assert "the.bot.token" not in "\n".join(log())
        async with running(server, service, monkeypatch) as (bot, _):
            async with away(kind, server, monkeypatch):
                await asyncio.sleep(0)
            await ready(server, bot)


async def test_commands_that_discord_does_not_take_at_the_start_are_sent_later(
    service: Service, monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[str]]
) -> None:
    """Meanwhile the bot answers."""
    clock = HandClock()
    async with loopback.serve() as server:
        server.uncompared = [503] * 3
        async with running(server, service, monkeypatch, clock) as (bot, _):
            await ready(server, bot)
            assert "Brunel" in await asked(server, 1000, QUESTION)
            assert bot._syncing is not None
            await asyncio.wait_for(bot._syncing, SOON)
            assert clock.slept[0] == 1.0
            assert "PUT /applications/200/commands" in "".join(f"{r}\n" for r in server.requests)
        told = [line for line in log() if "commands could not be compared" in line]
        assert told
        assert all("warning" in line for line in told)


@pytest.mark.parametrize("kind", WAYS)
async def test_a_signal_ends_the_attempts_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Without an error: the program's status is 0."""
    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    clock = HandClock(end=4.0)
    async with (
        loopback.serve() as server,
        running(server, service, monkeypatch, clock) as (_, task),
        away(kind, server, monkeypatch),
    ):
        await asyncio.wait_for(clock.ended.wait(), SOON)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, SOON)


@pytest.mark.parametrize("error", [aiohttp.ClientPayloadError("x"), ssl.SSLError(1, "x")])
async def test_a_first_connection_that_fails_is_made_anew(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    log: Callable[[], list[str]],
    error: Exception,
) -> None:
    """Also where the API is there and the gateway is not."""
    connect = HTTPClient.ws_connect
    errors = [error] * 3

    async def fails(self: HTTPClient, *given: Any, **more: Any) -> Any:
        if errors:
            raise errors.pop()
        return await connect(self, *given, **more)

    monkeypatch.setattr(HTTPClient, "ws_connect", fails)
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        await ready(server, bot)
    assert sum("is lost" in line for line in log()) == 3


class Held:
    """Answers that do not come before they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held = asyncio.Event()
        self.free = asyncio.Event()
        ask = Service.ask

        async def later(service: Service, *given: Any, **more: Any) -> Any:
            self.held.set()
            await self.free.wait()
            return await ask(service, *given, **more)

        monkeypatch.setattr(Service, "ask", later)


@pytest.fixture
async def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Hold up every answer."""
    return Held(monkeypatch)


async def ask(kind: str, server: Loopback) -> None:
    """Ask the bot by a message or by a command, which may be a button in the end."""
    if kind == "mention":
        await mention(server, 8020, QUESTION)
    elif kind == "command":
        await server.deliver("INTERACTION_CREATE", command(8020, "ask", question=QUESTION))
    else:
        custom_id = "meant:00000000007:" + QUESTION
        click = loopback.click(8020, custom_id)
        await server.deliver("INTERACTION_CREATE", click)


@pytest.mark.parametrize("kind", ["mention", "command", "button"])
async def test_a_signal_lets_answers_in_flight_come_to_their_end(
    service: Service, monkeypatch: pytest.MonkeyPatch, held: Held, kind: str
) -> None:
    """The bot leaves the gateway first, so that nobody asks it meanwhile, and ends afterwards."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, task):
        await ready(server, bot)
        await ask(kind, server)
        await asyncio.wait_for(held.held.wait(), SOON)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(server.left.wait(), SOON)
        assert not task.done()
        assert server.posted.empty()
        held.free.set()
        await asyncio.wait_for(task, SOON)
        told = [server.posted, server.responded, server.followed]
        contents = [str(queue.get_nowait()) for queue in told for _ in range(queue.qsize())]
        assert sum("Brunel" in content for content in contents) == 1


async def test_an_answer_that_does_not_end_is_cut_off(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    held: Held,
    log: Callable[[], list[str]],
) -> None:
    """A model or a database that hangs does not keep the bot from stopping."""
    monkeypatch.setattr(running_module, "FINISHING", 0.0)
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, task):
        await ready(server, bot)
        await ask("mention", server)
        await asyncio.wait_for(held.held.wait(), SOON)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, SOON)
        assert server.posted.empty()
    assert any("cut off what took too long" in line for line in log())


async def test_it_stops_at_a_signal_where_the_loop_takes_none(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, whose event loops have no `add_signal_handler`."""

    def missing(*_: Any) -> None:
        raise NotImplementedError("the event loop of Windows takes no signal handler")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_signal_handler", missing)
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, task):
        await ready(server, bot)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.wait_for(task, SOON)


def test_a_question_that_waits_for_the_model_is_answered_before_the_bot_stops() -> None:
    """With the settings as they come: what waits is given up before what is in flight is cut off."""
    assert Config().search.semantic.wait < FINISHING
