"""Retries requests whose connection drops, where that cannot send anything twice.

If a connection drops before the response, it is not known whether Discord has carried out the
request. It is safe to repeat requests that are idempotent, messages with a nonce, which Discord
posts once, and the first response to an interaction, which it accepts once. A follow-up has no such
mark; before it is sent again, the bot looks whether it is there.
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
"""Seconds before a retry. An interaction must be responded to within three."""

_ALREADY_ACKNOWLEDGED = 40060
_LOADING = 1 << 7

Sleep = Callable[[float], Awaitable[object]]
Send = Callable[[], Awaitable[Any]]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class _DroppedError(Exception):
    """A connection dropped before the response arrived.

    Not an OSError: after some of these discord.py itself retries, on some systems, any request.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.sent = not isinstance(error, aiohttp.ClientConnectorError)
        """Whether Discord may have received the request, as there was a connection."""


@asynccontextmanager
async def _raise_dropped() -> AsyncIterator[None]:
    """Turn the errors of a dropped connection into `_DroppedError`."""
    try:
        yield
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError) as error:
        if isinstance(error, TimeoutError):  # it has taken long enough
            raise
        raise _DroppedError(error) from error


@asynccontextmanager
async def _raise_original() -> AsyncIterator[None]:
    """Turn `_DroppedError` back into the original error."""
    try:
        yield
    except _DroppedError as dropped:
        raise dropped.error from None


def retry_dropped_requests(http: HTTPClient, sleep: Sleep) -> None:
    """Make `http` retry the requests that are safe to repeat."""
    request = http.request

    async def retrying(route: Route, **options: Any) -> Any:
        async def send() -> Any:
            async with _raise_dropped():
                return await request(route, **options)

        async with _raise_original():
            try:
                return await send()
            except _DroppedError as dropped:
                nonce = (options.get("json") or {}).get("enforce_nonce")
                if dropped.sent and route.method == "POST" and not nonce:
                    raise
                await _prepare_retry(route, dropped, options, sleep)
            return await _again(route, send)

    http.request = retrying  # type: ignore[method-assign]


class RetryingAdapter(AsyncWebhookAdapter):
    """Retries responses to interactions, and follow-ups, where that is safe."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sleep = sleep

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Send a request, retrying it if its connection drops."""

        async def send() -> Any:
            return await super(RetryingAdapter, self).request(route, _Session(session), **options)  # type: ignore[arg-type]

        async with _raise_original():
            try:
                return await send()
            except _DroppedError as dropped:
                await _prepare_retry(route, dropped, options, self._sleep)
                if dropped.sent and route.method == "POST" and not _is_response(route):
                    found = await self._original(route, session)
                    if found is None:
                        raise
                    if not found["flags"] & _LOADING:
                        if found["content"] != (options.get("payload") or {}).get("content"):
                            raise  # it is a further one: whether it is there cannot be seen
                        return found
            return await _again(route, send)

    async def _original(
        self, route: Route, session: aiohttp.ClientSession
    ) -> dict[str, Any] | None:
        """Fetch the message that the first follow-up fills in, and that is loading until then.

        None if it cannot be seen.
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
    """An HTTP session that raises `_DroppedError` when a connection drops."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, *options: Any, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with _raise_dropped(), self._session.request(*options, **more) as response:
            yield response


async def _prepare_retry(
    route: Route, dropped: _DroppedError, options: dict[str, Any], sleep: Sleep
) -> None:
    """Wait before a retry, and rewind the request's files.

    A dropped connection is logged here; one that was never made is reported by the caller if the
    retry fails too.
    """
    if dropped.sent:
        _log.warning(
            "a connection to Discord dropped",
            request=f"{route.method} {route.path}",
            reason=in_one_line(dropped.error),
        )
    await sleep(AGAIN_AFTER)
    for file in options.get("files") or ():
        file.reset(seek=True)


async def _again(route: Route, send: Send) -> Any:
    """Repeat a request that Discord may have carried out already."""
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
    """Whether a request is the first response to an interaction."""
    return route.path.endswith("/callback")
