"""Requests whose connection drops: sent once more where nothing can be said twice by that.

Whether Discord has done what a request asked for is not known when the connection drops before the
response is there. It is safe to ask again for what has the same effect twice, for a message with a
nonce, which Discord posts once, and for the first response to an interaction, which it takes once.
A follow-up has no such mark: before it is sent again it is looked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.operations.logging import in_one_line

AGAIN_AFTER = 0.5
"""Seconds after which a request is sent once more: a response must be there within three."""

_ALREADY_ACKNOWLEDGED = 40060
_LOADING = 1 << 7

Sleep = Callable[[float], Awaitable[object]]
Send = Callable[[], Awaitable[Any]]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class _DroppedError(Exception):
    """A connection broke before the response was there.

    It is no OSError: after some of these discord.py itself sends again, on some systems, whatever
    was asked for.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.sent = not isinstance(error, aiohttp.ClientConnectorError)
        """Whether Discord may have got the request: there was a connection."""


@asynccontextmanager
async def _dropping() -> AsyncIterator[None]:
    """Raise a `_DroppedError` in the place of whatever a broken connection raises."""
    try:
        yield
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError) as error:
        if isinstance(error, TimeoutError):  # it has taken long enough
            raise
        raise _DroppedError(error) from error


@asynccontextmanager
async def _undropping() -> AsyncIterator[None]:
    """Raise what a broken connection raised."""
    try:
        yield
    except _DroppedError as dropped:
        raise dropped.error from None


def retry_dropped_requests(http: HTTPClient, sleep: Sleep) -> None:
    """Let `http` send once more what it is safe to send once more."""
    request = http.request

    async def twice(route: Route, **given: Any) -> Any:
        async def send() -> Any:
            async with _dropping():
                return await request(route, **given)

        async with _undropping():
            try:
                return await send()
            except _DroppedError as dropped:
                nonce = (given.get("json") or {}).get("enforce_nonce")
                if dropped.sent and route.method == "POST" and not nonce:
                    raise
                await _before_again(route, dropped, given, sleep)
            return await _again(route, send)

    http.request = twice  # type: ignore[method-assign]


class RetryingAdapter(AsyncWebhookAdapter):
    """Sends responses to interactions, and their follow-ups, once more where that is safe."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sleep = sleep

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """Return what Discord responds."""

        async def send() -> Any:
            return await super(RetryingAdapter, self).request(route, _Session(session), **given)  # type: ignore[arg-type]

        async with _undropping():
            try:
                return await send()
            except _DroppedError as dropped:
                await _before_again(route, dropped, given, self._sleep)
                if dropped.sent and route.method == "POST" and not _is_response(route):
                    found = await self._original(route, session)
                    if found is None:
                        raise
                    if not found["flags"] & _LOADING:
                        if found["content"] != (given.get("payload") or {}).get("content"):
                            raise  # it is a further one: whether it is there cannot be seen
                        return found
            return await _again(route, send)

    async def _original(
        self, route: Route, session: aiohttp.ClientSession
    ) -> dict[str, Any] | None:
        """Return the message that the first follow-up turns into, which is loading until then.

        None: it cannot be seen.
        """
        original = Route(
            "GET",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            webhook_id=route.webhook_id,
            webhook_token=route.webhook_token,
            message_id="@original",
        )
        try:
            found: dict[str, Any] = await super().request(original, _Session(session))  # type: ignore[arg-type]
        except (_DroppedError, discord.HTTPException):
            return None
        return found


class _Session:
    """A session in which a broken connection is a `_DroppedError`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, *given: Any, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with _dropping(), self._session.request(*given, **more) as response:
            yield response


async def _before_again(
    route: Route, dropped: _DroppedError, given: dict[str, Any], sleep: Sleep
) -> None:
    """Wait for a moment before a request is sent once more, and let its files begin anew.

    A connection that dropped is a line in the log; one that never was is told by whoever asked, if
    the second attempt fails too.
    """
    if dropped.sent:
        _log.warning(
            "a connection to Discord dropped",
            request=f"{route.method} {route.path}",
            reason=in_one_line(dropped.error),
        )
    await sleep(AGAIN_AFTER)
    for file in given.get("files") or ():
        file.reset(seek=True)


async def _again(route: Route, send: Send) -> Any:
    """Return what Discord responds to a request that it may have done already."""
    try:
        return await send()
    except discord.NotFound:
        if route.method != "DELETE":
            raise
        return None  # the first one deleted it
    except discord.HTTPException as error:
        if error.code != _ALREADY_ACKNOWLEDGED or not _is_response(route):
            raise
        return {"interaction": {"id": route.webhook_id, "type": 0}}  # the first one was taken


def _is_response(route: Route) -> bool:
    """Return whether a request is the first response to an interaction."""
    return route.path.endswith("/callback")
