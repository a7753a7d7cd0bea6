"""A connection that drops in the middle of a request: nothing is lost that can be told, or told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import HTTPClient, Route
from discord.webhook.async_ import async_context

from bot.discord.app.client import VerbatimClient
from bot.discord.app.retries import PAUSES, RetryingAdapter, retry_failed_requests
from bot.discord.kit import sending
from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.discord import loopback
from tests.discord.loopback import (
    SOON,
    Drop,
    HandClock,
    Loopback,
    asked,
    command,
    ready,
    running,
)

QUESTION = "Who was too ill to attend the opening?"
PROCESSED = [Drop.DONE, Drop.RESET, Drop.HALF]


@pytest.fixture
async def both(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Loopback, VerbatimClient]]:
    """Return a Discord on this machine and the bot in it."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        await ready(server, bot)
        yield server, bot


@pytest.fixture
def server(both: tuple[Loopback, VerbatimClient]) -> Loopback:
    """Return a Discord on this machine with the bot in it."""
    return both[0]


async def settled(queue: asyncio.Queue[dict[str, Any]], server: Loopback) -> list[dict[str, Any]]:
    """Return all that came into `queue`, when the bot has said another thing after it."""
    first = await asyncio.wait_for(queue.get(), SOON)
    await asked(server, 8999, "hello")
    return [first] + [queue.get_nowait() for _ in range(queue.qsize())]


@pytest.mark.parametrize("drop", Drop)
async def test_a_message_is_posted_once_whatever_becomes_of_the_connection(
    server: Loopback, drop: Drop
) -> None:
    """It is sent again, with the number by which Discord knows it."""
    server.drops.append(drop)
    assert "Brunel" in await asked(server, 8101, QUESTION)
    assert (await asked(server, 8102, "hello")).startswith("Hello!")
    assert server.posted.empty()
    assert server.requests.count("POST /channels/400/messages") == 3


@pytest.mark.parametrize("drop", Drop)
async def test_a_command_is_answered_once(server: Loopback, drop: Drop) -> None:
    """Where Discord says that it has the first answer already, that is no error."""
    server.drops.append(drop)
    await server.deliver("INTERACTION_CREATE", command(8110, "ask", question=QUESTION))
    (response,) = await settled(server.responded, server)
    assert "Brunel" in response["data"]["content"]
    assert server.followed.empty()
    assert sum(request.endswith("/callback") for request in server.requests) == 2


@pytest.mark.parametrize("drop", Drop)
async def test_a_late_answer_is_followed_up_once(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, drop: Drop
) -> None:
    """A follow-up has no number: it is looked for before it is sent again."""
    monkeypatch.setattr(sending, "ACKNOWLEDGE_AFTER", 0)
    respond = server._respond

    def then_drop(token: str, body: Any) -> Any:
        server.drops.append(drop)
        return respond(token, body)

    monkeypatch.setattr(server, "_respond", then_drop)
    await server.deliver("INTERACTION_CREATE", command(8120, "ask", question=QUESTION))
    (followed,) = await settled(server.followed, server)
    assert "Brunel" in followed["content"]
    assert server.responded.get_nowait()["type"] == 5
    assert wording.FAILED not in str(server._originals)


@pytest.mark.parametrize("drop", PROCESSED)
async def test_a_further_follow_up_is_not_said_twice(
    both: tuple[Loopback, VerbatimClient], monkeypatch: pytest.MonkeyPatch, drop: Drop
) -> None:
    """Whether it is there cannot be seen, so it is not sent again."""
    server, bot = both
    async_context.set(RetryingAdapter(HandClock().sleep))
    monkeypatch.setattr(sending, "ACKNOWLEDGE_AFTER", 0)
    await server.deliver("INTERACTION_CREATE", command(8130, "ask", question=QUESTION))
    await asyncio.wait_for(server.followed.get(), SOON)
    (interaction,) = server._originals
    session = getattr(bot.http, "_HTTPClient__session")  # noqa: B009 - the name is mangled
    webhook = discord.Webhook.partial(200, interaction, session=session)
    server.drops.append(drop)
    with pytest.raises(aiohttp.ClientError):
        await webhook.send("More", wait=True)
    assert server.followed.qsize() == 1


@pytest.mark.parametrize("number", [54, 104, 10054])
async def test_no_system_has_a_follow_up_sent_again_unseen(number: int) -> None:
    """On some, discord.py does so by itself when a connection is reset, five times in all."""
    sent: list[str] = []

    class Reset:
        async def __aenter__(self) -> None:
            raise aiohttp.ClientOSError(number, "Connection reset by peer")

        async def __aexit__(self, *_: object) -> None:
            """Never come to."""

    def reset(method: str, *_: Any, **__: Any) -> Reset:
        sent.append(method)
        return Reset()

    session: Any = SimpleNamespace(request=reset)
    route = Route(
        "POST", "/webhooks/{webhook_id}/{webhook_token}", webhook_id=200, webhook_token="x"
    )
    with pytest.raises(aiohttp.ClientOSError):
        await RetryingAdapter(HandClock().sleep).request(route, session, payload={"content": "x"})
    assert sent == ["POST", "GET"]


@pytest.mark.parametrize(("method", "attempts"), [("GET", 1 + len(PAUSES)), ("POST", 1)])
async def test_what_fails_every_time_is_left_to_whoever_asked(method: str, attempts: int) -> None:
    """With the last error. What might be done twice is not sent again."""
    http, clock = HTTPClient(asyncio.get_running_loop()), HandClock()
    tries: list[ConnectionResetError] = []

    async def request(route: Route, **given: Any) -> None:
        tries.append(ConnectionResetError(104, f"attempt {len(tries)}"))
        raise tries[-1]

    http.request = request  # type: ignore[method-assign]
    retry_failed_requests(http, clock.sleep)
    with pytest.raises(ConnectionResetError) as caught:
        await http.request(Route(method, "/x"), json={"name": "thread"})
    assert caught.value is tries[-1]
    assert len(tries) == attempts
    assert sum(clock.slept) < 10


@pytest.mark.parametrize(
    ("status", "again"), [(503, True), (520, False), (400, False)]
)  # fmt: skip
async def test_a_thread_is_opened_again_only_where_discord_has_opened_none(
    status: int, again: bool
) -> None:
    """Discord says 503 of what it has not done; proxies between, which say 520, do not know."""
    http, clock, tries = HTTPClient(asyncio.get_running_loop()), HandClock(), []

    async def request(route: Route, **_: Any) -> Any:
        tries.append(route)
        if len(tries) > 1:
            return {"id": "1"}
        kind = discord.DiscordServerError if status >= 500 else discord.HTTPException
        raise kind(SimpleNamespace(status=status, reason="?"), "page")  # type: ignore[arg-type]

    http.request = request  # type: ignore[method-assign]
    retry_failed_requests(http, clock.sleep)
    if again:
        assert await http.request(Route("POST", "/x"), json={"name": "thread"}) == {"id": "1"}
    else:
        with pytest.raises(discord.HTTPException):
            await http.request(Route("POST", "/x"), json={"name": "thread"})
    assert len(tries) == 1 + again


async def test_what_was_never_sent_is_sent_whatever_it_is() -> None:
    """Nothing can have been done where there was no connection."""
    http, clock, tries = HTTPClient(asyncio.get_running_loop()), HandClock(), []

    async def request(route: Route, **given: Any) -> dict[str, str]:
        tries.append(given)
        if len(tries) == 1:
            key: Any = SimpleNamespace(host="discord.invalid", port=443, ssl=True)
            raise aiohttp.ClientConnectorError(key, OSError(111, "refused"))
        return {"id": "1"}

    http.request = request  # type: ignore[method-assign]
    retry_failed_requests(http, clock.sleep)
    assert await http.request(Route("POST", "/x"), json={"name": "thread"}) == {"id": "1"}


class _Response:
    status, reason = 404, "Not Found"


@pytest.mark.parametrize(("method", "fails"), [("DELETE", False), ("PATCH", True)])
async def test_what_was_deleted_at_the_first_try_is_no_error_at_the_second(
    method: str, fails: bool
) -> None:
    """What is not there for any other request is not there."""
    http, clock, tries = HTTPClient(asyncio.get_running_loop()), HandClock(), []

    async def request(route: Route, **_: Any) -> Any:
        tries.append(route)
        if len(tries) == 1:
            raise aiohttp.ServerDisconnectedError
        raise discord.NotFound(_Response(), {"message": "Unknown Message", "code": 10008})  # type: ignore[arg-type]

    http.request = request  # type: ignore[method-assign]
    retry_failed_requests(http, clock.sleep)
    if fails:
        with pytest.raises(discord.NotFound):
            await http.request(Route(method, "/x"))
    else:
        assert await http.request(Route(method, "/x")) is None
    assert len(tries) == 2


async def test_the_log_says_in_a_line_what_is_sent_again_and_no_token(
    server: Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the bot's nor the interaction's."""
    server.drops.append(Drop.DONE)
    await server.deliver("INTERACTION_CREATE", command(8140, "ask", question=QUESTION))
    await settled(server.responded, server)
    written = capsys.readouterr().out
    (line,) = [line for line in written.splitlines() if "a request to Discord failed" in line]
    assert "POST /interactions/" in line
    assert "a-token-of" not in written
