"""A minimal Discord on a loopback address: enough to log in, receive a message and reply."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.discord.app.backoff import Backoff
from bot.discord.app.client import VerbatimClient
from bot.discord.app.sharding import make_client
from bot.discord.kit.service import Service

LOADING = 1 << 7
SOON = 20
"""Timeout of anything that should happen."""

BOT = {"id": "100", "username": "Verbatim", "discriminator": "0", "avatar": None, "bot": True}
MEMBER = {"id": "7", "username": "member", "discriminator": "0", "avatar": None}
APPLICATION = {
    "id": "200", "name": "Verbatim", "icon": None, "description": "", "bot_public": True,
    "bot_require_code_grant": False, "verify_key": "", "flags": 0, "owner": MEMBER,
}  # fmt: skip
JOINED = {
    "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
}  # fmt: skip
CHANNEL = {"id": "400", "type": 0, "name": "ask", "position": 0, "permission_overwrites": []}
EVERYONE = {
    "id": "500", "name": "@everyone", "permissions": "104324673", "position": 0, "color": 0,
    "hoist": False, "managed": False, "mentionable": False,
}  # fmt: skip
SERVER = {
    "id": "500", "name": "Lab", "owner_id": "1", "roles": [EVERYONE], "channels": [CHANNEL],
    "members": [{"user": BOT, **JOINED}], "member_count": 2, "preferred_locale": "en-US",
    "emojis": [], "stickers": [], "features": [], "threads": [], "presences": [], "voice_states": [],
    "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0,
    "mfa_level": 0, "afk_timeout": 300, "system_channel_flags": 0, "premium_tier": 0,
    "nsfw_level": 0, "large": False, "unavailable": False,
}  # fmt: skip


def message(number: int, author: dict[str, Any], content: str, **more: Any) -> dict[str, Any]:
    """A message in Discord's format."""
    return {
        "id": str(number), "channel_id": "400", "author": author, "content": content, "type": 0,
        "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "flags": 0,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": False, "components": [], **more,
    }  # fmt: skip


def interaction(number: int, kind: int, **more: Any) -> dict[str, Any]:
    """An interaction of the member in Discord's format; kind 2 is a command, 3 a click."""
    return {
        "id": str(number), "application_id": "200", "type": kind, "version": 1,
        "token": f"a-token-of-interaction-{number}", "guild_id": "500", "channel_id": "400",
        "channel": CHANNEL, "member": {"user": MEMBER, **JOINED, "permissions": "2048"},
        "locale": "en-US", "guild_locale": "en-US", "entitlements": [], "context": 0,
        "authorizing_integration_owners": {"0": "500"}, "app_permissions": "2048",
        "attachment_size_limit": 10_485_760, **more,
    }  # fmt: skip


def command(number: int, name: str, **options: str) -> dict[str, Any]:
    """The use of a slash command."""
    given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    return interaction(number, 2, data={"id": "300", "name": name, "type": 1, "options": given})


def click(number: int, custom_id: str) -> dict[str, Any]:
    """A click on a button under a message of the bot's."""
    button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
    on = message(number - 1_000, BOT, "?", components=[{"type": 1, "components": [button]}])
    return interaction(number, 3, message=on, data={"component_type": 2, "custom_id": custom_id})


async def until(holds: Callable[[], bool]) -> None:
    """Let everything else go on until `holds()`."""
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)


class Drop(Enum):
    """How a connection breaks during a request."""

    UNDONE = "closed before the request was dealt with"
    DONE = "closed after it was dealt with"
    RESET = "reset after it was dealt with"
    HALF = "closed in the middle of the response"


class Loopback:
    """Answers a bot's requests, and sends it events by `deliver`."""

    def __init__(self) -> None:
        self.url = ""
        self.posted: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """Messages that the bot has sent to channels."""
        self.responded: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """First responses to interactions."""
        self.followed: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """Follow-ups to interactions."""
        self.heard: asyncio.Queue[int] = asyncio.Queue()
        """Opcodes that the bot has sent to the gateway: 2 identifies, 6 resumes."""
        self.refusals: list[web.Response] = []
        """Statuses of the next requests to send a message, in order."""
        self.logins: list[int] = []
        """Statuses of the next attempts to log in that fail, in order."""
        self.uncompared: list[int] = []
        """Statuses of the next requests for the commands that fail, in order."""
        self.drops: list[Drop] = []
        """How the connections of the next requests that send something break, in order."""
        self.requests: list[str] = []
        """Method and path of every request."""
        self.closes: dict[str, int] = {}
        """The code that a connection is closed with: at its `start`, or when a session `begins`."""
        self.left = asyncio.Event()
        """Set when the bot has closed the gateway's connection itself."""
        self.connections: asyncio.Queue[int] = asyncio.Queue()
        """An item for each connection to the gateway: its number."""
        self._sockets: list[web.WebSocketResponse] = []
        self._shards: dict[int, web.WebSocketResponse] = {}
        self._sequence = 0
        self._nonces: dict[str, dict[str, Any]] = {}
        self._originals: dict[str, dict[str, Any]] = {}

    async def deliver(
        self, event: str, data: dict[str, Any], socket: web.WebSocketResponse | None = None
    ) -> None:
        """Send an event to the bot, through its last connection or another one."""
        self._sequence += 1
        payload = {"op": 0, "t": event, "s": self._sequence, "d": data}
        await (socket or self._sockets[-1]).send_json(payload)

    async def deliver_to_shard(self, shard: int, event: str, data: dict[str, Any]) -> None:
        """Send an event through the connection of a shard."""
        await self.deliver(event, data, self._shards[shard])

    async def drop(self, code: int = 4000, *, shard: int | None = None) -> None:
        """Close the connection, as Discord sometimes does."""
        socket = self._sockets[-1] if shard is None else self._shards[shard]
        await socket.close(code=code)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Act as the gateway."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        self.connections.put_nowait(len(self._sockets))
        if "start" in self.closes:
            await socket.close(code=self.closes["start"])
            return socket
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 60_000}})
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                continue
            sent = json.loads(received.data)
            operation = sent["op"]
            if operation == 1:
                await socket.send_json({"op": 11})
                continue
            if operation == 2:
                shard = (sent["d"] or {}).get("shard", [0, 1])
                self._shards[shard[0]] = socket
                own = (500 >> 22) % shard[1] == shard[0]
                ready = {
                    "v": 10, "user": BOT, "shard": shard,
                    "guilds": [{"id": "500", "unavailable": True}] if own else [],
                    "session_id": "session", "resume_gateway_url": self.url.replace("http", "ws"),
                    "application": {"id": "200", "flags": 0},
                }  # fmt: skip
                await self.deliver("READY", ready, socket)
                if own:
                    await self.deliver("GUILD_CREATE", SERVER, socket)
            if operation == 6:
                await self.deliver("RESUMED", {}, socket)
            self.heard.put_nowait(operation)
            if "begins" in self.closes:
                await socket.close(code=self.closes["begins"])
        if socket.close_code == 1000:
            self.left.set()
        return socket

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, unless its connection is to break."""
        body = json.loads(await request.read() or b"null")
        self.requests.append(f"{request.method} {request.path.removeprefix('/api')}")
        says = request.method == "POST" and not request.path.endswith("/typing")
        if not says or not self.drops:
            return self._answer(request, body)
        drop = self.drops.pop(0)
        if drop is not Drop.UNDONE:
            self._answer(request, body)
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        if drop is Drop.HALF:
            await response.prepare(request)
            await response.write(b'{"id"')
        transport = request.transport
        assert transport is not None
        if drop is Drop.RESET:
            socket = transport.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort() if drop is Drop.RESET else transport.close()
        return response

    def _answer(self, request: web.Request, body: Any) -> web.Response:
        path, method = request.path, request.method
        if path.endswith("/messages") and method == "POST":
            return self._post(body)
        if "/interactions/" in path:
            return self._respond(path.split("/")[-2], body)
        if "/webhooks/" in path:
            return self._follow(path.split("/webhooks/200/")[1].split("/")[0], method, body)
        if path.endswith("/users/@me"):
            if self.logins:
                return said({"message": "no", "code": 0}, status=self.logins.pop(0))
            return said(BOT)
        return self._describe(path, body)

    def _describe(self, path: str, body: Any) -> web.Response:
        if path.endswith("/gateway/bot"):
            start = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return said(
                {"url": self.url.replace("http", "ws"), "shards": 2, "session_start_limit": start}
            )
        if path.endswith("/applications/@me"):
            return said(APPLICATION)
        if path.endswith("/commands"):
            if self.uncompared:
                return said({"message": "no", "code": 0}, status=self.uncompared.pop(0))
            numbered = enumerate(body or ())
            more = {"application_id": "200", "version": "1"}
            return said([{"description": "", **c, **more, "id": str(300 + i)} for i, c in numbered])
        if path.endswith("/typing"):
            return web.Response(status=204)
        return said({"message": "Unknown", "code": 0}, status=404)

    def _post(self, body: Any) -> web.Response:
        if self.refusals:
            return self.refusals.pop(0)
        nonce = body["nonce"] if body.get("enforce_nonce") else None
        if nonce in self._nonces:
            return said(self._nonces[nonce])
        self.posted.put_nowait(body)
        posted = message(9000 + self.posted.qsize(), BOT, body["content"])
        if nonce is not None:
            self._nonces[nonce] = posted
        return said(posted)

    def _respond(self, token: str, body: Any) -> web.Response:
        if token in self._originals:
            already = {"message": "Interaction has already been acknowledged.", "code": 40060}
            return said(already, status=400)
        self.responded.put_nowait(body)
        content = (body.get("data") or {}).get("content", "")
        flags = LOADING if body["type"] == 5 else 0
        original = message(9500 + self.responded.qsize(), BOT, content, flags=flags)
        self._originals[token] = original
        number = token.rpartition("-")[2]
        resource = {"type": body["type"], "message": original} if body["type"] == 4 else None
        found = {"interaction": {"id": number, "type": 2}, "resource": resource}
        return said({key: value for key, value in found.items() if value})

    def _follow(self, token: str, method: str, body: Any) -> web.Response:
        original = self._originals[token]
        if method == "POST":
            self.followed.put_nowait(body)
            if not original["flags"] & LOADING:
                return said(message(9700 + self.followed.qsize(), BOT, body["content"]))
            original.update(content=body["content"], flags=0)
        return said(original)


def said(data: Any, status: int = 200) -> web.Response:
    """Make a response with the bare media type, as discord.py expects."""
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


@asynccontextmanager
async def serve() -> AsyncIterator[Loopback]:
    """Run the server; it can be reached at its `url`."""
    loopback = Loopback()
    application = web.Application()
    application.router.add_get("/", loopback.gateway)
    application.router.add_route("*", "/api/{path:.*}", loopback.api)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    loopback.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield loopback
    finally:
        await runner.cleanup()


class HandClock:
    """A clock that only sleeping moves, in no time; after `end` sleeping never returns."""

    def __init__(self, end: float = float("inf")) -> None:
        self.now = 0.0
        self.end = end
        self.ended = asyncio.Event()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Advance the clock."""
        self.now += seconds
        self.slept.append(seconds)
        if self.now >= self.end:
            self.ended.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    def backoff(self) -> Backoff:
        """Backoff by this clock, each pause as long as it can be."""
        return Backoff(lambda: self.now, self.sleep, lambda _, longest: longest)


@asynccontextmanager
async def running(
    server: Loopback,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    clock: HandClock | None = None,
) -> AsyncIterator[tuple[VerbatimClient, asyncio.Task[None]]]:
    """Run a bot against `server`, with pauses that take no time; yields it with its task."""
    monkeypatch.setattr(Route, "BASE", f"{server.url}api")
    gateway = URL(server.url.replace("http", "ws"))
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    client = make_client(service)
    client.backoff = (clock or HandClock()).backoff()
    monkeypatch.setattr(client._connection, "guild_ready_timeout", 0.0)
    task = asyncio.create_task(client.run_until_stopped("the.bot.token"))
    try:
        yield client, task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def ready(server: Loopback, client: VerbatimClient) -> None:
    """Wait until the bot has connected."""
    assert await asyncio.wait_for(server.heard.get(), SOON) == 2
    await asyncio.wait_for(client.wait_until_ready(), SOON)


async def mention(server: Loopback, number: int, question: str) -> None:
    """Ask the bot by mention."""
    said = message(number, MEMBER, f"<@100> {question}", guild_id="500", mentions=[BOT])
    await server.deliver("MESSAGE_CREATE", {**said, "member": JOINED})


async def asked(server: Loopback, number: int, question: str) -> str:
    """Ask the bot by mention, and return its reply."""
    await mention(server, number, question)
    reply = await asyncio.wait_for(server.posted.get(), SOON)
    assert reply["message_reference"]["message_id"] == number
    assert reply["allowed_mentions"]["parse"] == []
    content: str = reply["content"]
    return content
