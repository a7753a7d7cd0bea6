"""A very small Discord on a loopback address: enough of it to log in, hear a message and reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

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
    """Return a message as Discord describes it."""
    return {
        "id": str(number), "channel_id": "400", "author": author, "content": content, "type": 0,
        "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "flags": 0,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": False, "components": [], **more,
    }  # fmt: skip


class Loopback:
    """Answers a bot's requests, and says to it what is sent by `deliver`."""

    def __init__(self) -> None:
        self.url = ""
        self.posted: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """The messages that the bot has sent."""
        self.heard: asyncio.Queue[int] = asyncio.Queue()
        """What the bot says on the gateway, by number: 2 identifies, 6 resumes."""
        self.refusals: list[web.Response] = []
        """Given to the next requests to send a message, in their order."""
        self._sockets: list[web.WebSocketResponse] = []
        self._sequence = 0

    async def deliver(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to the bot."""
        self._sequence += 1
        payload = {"op": 0, "t": event, "s": self._sequence, "d": data}
        await self._sockets[-1].send_json(payload)

    async def drop(self) -> None:
        """End the connection, as Discord does now and then."""
        await self._sockets[-1].close(code=4000)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Speak as the gateway."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 60_000}})
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                continue
            operation = json.loads(received.data)["op"]
            if operation == 1:
                await socket.send_json({"op": 11})
                continue
            if operation == 2:
                ready = {
                    "v": 10, "user": BOT, "guilds": [{"id": "500", "unavailable": True}],
                    "session_id": "session", "resume_gateway_url": self.url.replace("http", "ws"),
                    "application": {"id": "200", "flags": 0},
                }  # fmt: skip
                await self.deliver("READY", ready)
                await self.deliver("GUILD_CREATE", SERVER)
            if operation == 6:
                await self.deliver("RESUMED", {})
            self.heard.put_nowait(operation)
        return socket

    async def api(self, request: web.Request) -> web.Response:
        """Answer a request."""
        body = json.loads(await request.read() or b"null")
        path = request.path
        if path.endswith("/users/@me"):
            return said(BOT)
        if path.endswith("/applications/@me"):
            return said(APPLICATION)
        if path.endswith("/commands"):
            numbered = enumerate(body or ())
            more = {"application_id": "200", "version": "1"}
            return said([{"description": "", **c, **more, "id": str(300 + i)} for i, c in numbered])
        if path.endswith("/messages") and request.method == "POST":
            if self.refusals:
                return self.refusals.pop(0)
            self.posted.put_nowait(body)
            return said(message(9000 + self._sequence, BOT, body["content"]))
        return said({"message": "Unknown", "code": 0}, status=404)


def said(data: Any, status: int = 200) -> web.Response:
    """Return a response as Discord's are: discord.py wants the bare media type."""
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


@asynccontextmanager
async def serve() -> AsyncIterator[Loopback]:
    """Give a Discord that can be reached at its `url`."""
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
