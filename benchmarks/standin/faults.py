"""Ways in which a request can fail, set up before the requests that they are meant for."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

from aiohttp import web

from benchmarks.standin.responses import VIA, said

CarryOut = Callable[[], Awaitable[web.StreamResponse]]
"""Does what the request asks for, and returns the response."""
Act = Callable[[web.Request, CarryOut], Awaitable[web.StreamResponse]]

HTML = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"


@dataclass
class Fault:
    """Lets the next `times` requests that match fail by `act`."""

    method: str
    path: str
    """A regular expression that the whole path, without `/api/v10`, must match."""
    act: Act
    times: int = 1
    met: int = 0
    used_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when all these requests have arrived."""

    def takes(self, method: str, path: str) -> bool:
        """Whether this request is to fail; counts it."""
        if self.met >= self.times or method != self.method or not re.fullmatch(self.path, path):
            return False
        self.met += 1
        if self.met == self.times:
            self.used_up.set()
        return True


def status(code: int, error: int = 0, body: str | None = None, **headers: str) -> Act:
    """Refuse with a status, with Discord's JSON or another body.

    A header's name is written with underscores.
    """
    headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def act(_: web.Request, __: CarryOut) -> web.StreamResponse:
        if body is not None:
            return web.Response(status=code, text=body, content_type="text/html", headers=headers)
        return said({"message": "Error", "code": error}, code, {**VIA, **headers})

    return act


def rate_limited(retry_after: float, *, everywhere: bool = False, scope: str = "user") -> Act:
    """Refuse requests as too fast, on this route or everywhere."""

    async def act(_: web.Request, __: CarryOut) -> web.StreamResponse:
        body = {
            "message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere,
        }  # fmt: skip
        headers = {
            **VIA, "Retry-After": str(retry_after),
            "X-RateLimit-Scope": "global" if everywhere else scope,
        }  # fmt: skip
        return said(body, 429, headers)

    return act


def cut(*, done: bool, halfway: bool = False, reset: bool = False) -> Act:
    """Cut the connection: before or after the request is carried out, or in the response."""

    async def act(request: web.Request, carry_out: CarryOut) -> web.StreamResponse:
        if done:
            await carry_out()
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        if halfway:
            await response.prepare(request)
            await response.write(b'{"id"')
        transport = request.transport
        if transport is not None:
            if reset:
                linger = struct.pack("ii", 1, 0)
                transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
            transport.abort() if reset else transport.close()
        return response

    return act


def dripping(pause: float) -> Act:
    """Carry out the request, and respond a byte at a time, without end."""

    async def act(request: web.Request, carry_out: CarryOut) -> web.StreamResponse:
        await carry_out()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(b" ")
            await asyncio.sleep(pause)
        return response

    return act


def misframed(body: bytes) -> Act:
    """Carry out the request, and send a body that is longer than its header says."""

    async def act(request: web.Request, carry_out: CarryOut) -> web.StreamResponse:
        await carry_out()
        transport = request.transport
        if isinstance(transport, asyncio.Transport):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n"
            transport.write(head + body)
            transport.close()
        return web.StreamResponse()

    return act


def garbled(body: str, content_type: str = "application/json", code: int = 200) -> Act:
    """Carry out the request, and respond with something unintelligible."""

    async def act(_: web.Request, carry_out: CarryOut) -> web.StreamResponse:
        await carry_out()
        return web.Response(status=code, body=body.encode(), headers={"Content-Type": content_type})

    return act


def delayed(seconds: float, *, done_first: bool = False) -> Act:
    """Take long: before the request is carried out, or after it."""

    async def act(_: web.Request, carry_out: CarryOut) -> web.StreamResponse:
        if done_first:
            response = await carry_out()
            await asyncio.sleep(seconds)
            return response
        await asyncio.sleep(seconds)
        return await carry_out()

    return act
