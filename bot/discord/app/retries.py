"""Retries requests that fail on the way, where that cannot send anything twice.

If a connection drops, or the response is late or cannot be understood, it is not known whether Discord
has carried out the request. It is safe to repeat requests that are idempotent, messages with a nonce,
which Discord posts once, and the first response to an interaction, which it accepts once. A follow-up
has no such mark; before it is sent again, the bot looks whether it is there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from json import JSONDecodeError
from typing import Any

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.operations.error_lines import in_one_line

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each retry. An interaction must be responded to within three."""

TIMEOUT = aiohttp.ClientTimeout(total=60.0, sock_connect=5.0, sock_read=10.0)
"""Discord answers within a second; without a limit, a request that hangs would do so for five minutes.

`total` is for a response that never ends, though more of it comes again and again.
"""

_RATE_LIMITED = 429

_ALREADY_ACKNOWLEDGED = 40060
_LOADING = 1 << 7
_RETRIED_BY_LIBRARY = {500, 502, 504, 524}
"""Statuses after which discord.py itself repeats a request, whatever it is, up to five times."""

_REFUSED = {429, 500, 503}
"""Statuses of requests that were not carried out; gateways on the way know less of theirs."""

_MAKING_MESSAGES = ("/messages", "/messages/{message_id}", "/{webhook_token}", "/callback")
"""Ends of the paths of requests that are answered with a message, or with what holds one."""

_BROKEN = (
    aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError,
    ConnectionError, TimeoutError,
)  # fmt: skip
"""Errors of a connection that breaks, takes too long, or carries something that is not HTTP."""

Sleep = Callable[[float], Awaitable[object]]
Send = Callable[[], Awaitable[Any]]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class GarbledResponseError(aiohttp.ClientPayloadError):
    """A response that is not what Discord sends, such as a page of a proxy."""


class _FailedError(Exception):
    """A request failed in a way that may pass.

    Not an OSError: after some of these discord.py itself retries, on some systems, any request.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        refused = isinstance(error, discord.HTTPException) and error.status in _REFUSED
        self.sent = not refused and not isinstance(error, aiohttp.ClientConnectorError)
        """Whether Discord may have carried out the request."""


def _is_short_ban(error: discord.HTTPException) -> bool:
    """Whether what stands before Discord refuses requests for a moment; Discord's own limits are discord.py's work."""
    seconds = (
        error.response.headers.get("Retry-After", "0") if error.status == _RATE_LIMITED else ""
    )
    return seconds.isdecimal() and int(seconds) <= sum(PAUSES)


@asynccontextmanager
async def _raise_failed() -> AsyncIterator[None]:
    """Turn errors that may pass into `_FailedError`."""
    try:
        yield
    except _BROKEN as error:
        raise _FailedError(error) from error
    except discord.DiscordServerError as error:
        if error.status in _RETRIED_BY_LIBRARY:
            raise
        raise _FailedError(error) from error
    except discord.HTTPException as error:
        if not _is_short_ban(error):
            raise
        raise _FailedError(error) from error
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise _FailedError(GarbledResponseError(in_one_line(error))) from error


def retry_failed_requests(
    http: HTTPClient, sleep: Sleep, enabled: Callable[[], bool] = lambda: True
) -> None:
    """Make `http` retry the requests that are safe to repeat, while that is `enabled`."""
    request = http.request

    async def retrying(route: Route, **options: Any) -> Any:
        options.setdefault("timeout", TIMEOUT)

        async def send() -> Any:
            async with _raise_failed():
                return _checked(route, await request(route, **options))

        async def settle(failed: _FailedError) -> Any:
            once = route.method != "POST" or (options.get("json") or {}).get("enforce_nonce")
            if failed.sent and not once:
                raise failed
            return None

        pauses = PAUSES if enabled() else ()
        return await _retry(route, send, settle, options, sleep, pauses)

    http.request = retrying  # type: ignore[method-assign]


class RetryingAdapter(AsyncWebhookAdapter):
    """Retries responses to interactions, and follow-ups, where that is safe."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sleep = sleep

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Send a request, retrying it if it fails on the way."""

        async def send() -> Any:
            async with _raise_failed():
                request = super(RetryingAdapter, self).request
                return _checked(route, await request(route, _Session(session), **options))  # type: ignore[arg-type]

        async def settle(failed: _FailedError) -> Any:
            if not failed.sent or route.method != "POST" or _is_response(route):
                return None
            found = await self._original(route, session)
            if found is None:
                raise failed
            if found["flags"] & _LOADING:
                return None
            if found["content"] != (options.get("payload") or {}).get("content"):
                raise failed  # it is a further one: whether it is there cannot be seen
            return found

        return await _retry(route, send, settle, options, self._sleep)

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
            async with _raise_failed():
                found: dict[str, Any] = await super().request(original, _Session(session))  # type: ignore[arg-type]
                return found if isinstance(found, dict) else None
        except (_FailedError, discord.HTTPException):
            return None


class _Session:
    """An HTTP session with a timeout, in which failures on the way raise `_FailedError`.

    Discord's servers' errors too: discord.py would repeat any request, after pauses that leave no
    time for a second repetition within an interaction's three seconds.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, *options: Any, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        async with (
            _raise_failed(),
            self._session.request(*options, timeout=TIMEOUT, **more) as response,
        ):
            if response.status >= 500:
                raise _FailedError(discord.DiscordServerError(response, await response.text()))
            yield response


async def _retry(
    route: Route,
    send: Send,
    settle: Callable[[_FailedError], Awaitable[Any]],
    options: dict[str, Any],
    sleep: Sleep,
    pauses: Sequence[float] = PAUSES,
) -> Any:
    """Send a request until it succeeds or repeating it is of no use, and return what it returns.

    After a failure, `settle` returns the result if the request was carried out all the same, or None
    if it is to be repeated; it raises the failure if that would not be safe.
    """
    try:
        try:
            return await send()
        except _FailedError as error:
            failed = error
        for pause in pauses:
            _log_failure(route, failed)
            await sleep(pause)
            found = await settle(failed)
            if found is not None:
                return found
            for file in options.get("files") or ():
                file.reset(seek=True)
            try:
                return await _again(route, send)
            except _FailedError as error:
                failed = error
        raise failed
    except _FailedError as last:
        raise last.error from None


def _log_failure(route: Route, failed: _FailedError) -> None:
    """Log why a request is repeated. Where no connection was made, the caller reports it at the end."""
    if not isinstance(failed.error, aiohttp.ClientConnectorError):
        _log.warning(
            "a request to Discord failed on the way",
            request=f"{route.method} {route.path}",
            reason=in_one_line(failed.error),
        )


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


def _checked(route: Route, response: Any) -> Any:
    """A response if it is one of Discord's API, which sends JSON or nothing.

    Raises GarbledResponseError.
    """
    makes_message = route.method in {"POST", "PATCH"} and route.path.endswith(_MAKING_MESSAGES)
    if (response and isinstance(response, str)) or (
        makes_message and not isinstance(response, dict)
    ):
        raise GarbledResponseError(f"not a response of Discord's: {str(response)[:80]!r}")
    return response


def _is_response(route: Route) -> bool:
    """Whether a request is the first response to an interaction."""
    return route.path.endswith("/callback")
