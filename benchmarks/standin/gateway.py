"""The gateway: sessions that are begun and resumed, and the events that they get."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import WSMsgType, web

from benchmarks.standin.payloads import APPLICATION_ID, BOT, JSON
from benchmarks.standin.world import World

CONTENT = 1 << 15
_INTENTS = {
    "MESSAGE_CREATE": (1 << 9, 1 << 12), "MESSAGE_UPDATE": (1 << 9, 1 << 12),
    "MESSAGE_DELETE": (1 << 9, 1 << 12),
}  # fmt: skip
"""The intent for an event in a server, and the one for it in a direct message; all others need 1."""

SENT_PER_MINUTE = 120
"""Messages that a bot may send to the gateway within a minute."""


class Op(IntEnum):
    """Opcodes of the gateway."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


@dataclass(eq=False)
class Connection:
    """A web socket, compressed if the bot wants it so."""

    socket: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    deflate: Any = None
    """zlib's stream of this connection."""
    received: deque[float] = field(default_factory=deque)
    """When the bot sent its last messages."""

    async def send(self, payload: JSON) -> None:
        """Send a payload, unless the connection is closed."""
        await self.send_text(json.dumps(payload))

    async def send_text(self, text: str) -> None:
        """Send a text, be it JSON or not."""
        if self.socket.closed:
            return
        try:
            if self.deflate is None:
                await self.socket.send_str(text)
            else:
                data = self.deflate.compress(text.encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)
        except ConnectionError:
            pass  # the event waits to be resumed

    def sends_too_much(self) -> bool:
        """Count a message of the bot's; whether it sends more than Discord allows."""
        now = time.monotonic()
        self.received.append(now)
        while self.received[0] < now - 60:
            self.received.popleft()
        return len(self.received) > SENT_PER_MINUTE


@dataclass(eq=False)
class Session:
    """A session, which outlives its connections."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: Connection | None
    sequence: int = 0
    sent: deque[JSON] = field(default_factory=lambda: deque(maxlen=1_000))
    """The last events, for a connection that resumes the session."""

    def gets(self, event: str, server_id: str | None) -> bool:
        """Whether an event is for this session."""
        number, count = self.shard
        if (int(server_id or 0) >> 22) % count != number:
            return False
        in_server, in_direct = _INTENTS.get(event, (1, 0))
        wanted = in_direct if server_id is None else in_server
        return not wanted or bool(self.intents & wanted)

    async def dispatch(self, event: str, data: JSON) -> None:
        """Send an event, or keep it until the session is resumed."""
        self.sequence += 1
        payload = {"op": Op.DISPATCH, "t": event, "s": self.sequence, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)


class Gateway:
    """All sessions of the bot, and ways to break them."""

    def __init__(self, world: World) -> None:
        self.url = ""
        self.heartbeat = 41.25
        """Seconds between two heartbeats."""
        self.mute = False
        """Whether it leaves heartbeats and all else without an answer."""
        self.greets = True
        """Whether it says hello."""
        self.closes_at: dict[Op, int] = {}
        """Close codes: of a connection on its HELLO, or on an IDENTIFY or RESUME."""
        self.invalidates: list[bool] = []
        """Whether each of the next sessions that begin or resume is to be resumed, though invalid."""
        self.received: list[Op] = []
        """What bots sent, without heartbeats."""
        self.connections = 0
        self.sessions: dict[str, Session] = {}
        self.changed = asyncio.Condition()
        self._world = world
        self._numbers = itertools.count(1)
        self._open: set[Connection] = set()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        compressed = request.query.get("compress") == "zlib-stream"
        connection = Connection(
            socket, request.transport, zlib.compressobj() if compressed else None
        )
        self._open.add(connection)
        self.connections += 1
        try:
            if Op.HELLO in self.closes_at:
                await socket.close(code=self.closes_at[Op.HELLO])
            elif self.greets:
                interval = int(1000 * self.heartbeat)
                await connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": interval}})
            async for received in socket:
                if received.type is WSMsgType.TEXT and not self.mute:
                    await self._receive(connection, json.loads(received.data))
        finally:
            self._open.discard(connection)
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            await self._note()
        return socket

    async def _receive(self, connection: Connection, payload: JSON) -> None:
        if connection.sends_too_much():
            await connection.socket.close(code=4008)
            return
        op = Op(payload["op"])
        if op is Op.HEARTBEAT:
            await connection.send({"op": Op.HEARTBEAT_ACK})
            return
        self.received.append(op)
        if op in self.closes_at:
            await connection.socket.close(code=self.closes_at[op])
        elif op in {Op.IDENTIFY, Op.RESUME} and self.invalidates:
            await connection.send({"op": Op.INVALID_SESSION, "d": self.invalidates.pop(0)})
        elif op is Op.IDENTIFY:
            await self._identify(connection, payload["d"])
        elif op is Op.RESUME:
            await self._resume(connection, payload["d"])
        await self._note()

    async def _identify(self, connection: Connection, data: JSON) -> None:
        number, count = data.get("shard") or (0, 1)
        name = f"session-{next(self._numbers)}"
        session = Session(name, data["intents"], (number, count), connection)
        self.sessions[name] = session
        servers = [
            server for i, server in self._world.servers.items() if (int(i) >> 22) % count == number
        ]
        ready = {
            "v": 10, "user": BOT, "session_id": name, "resume_gateway_url": self.url,
            "guilds": [{"id": server["id"], "unavailable": True} for server in servers],
            "application": {"id": APPLICATION_ID, "flags": 0}, "shard": [number, count],
        }  # fmt: skip
        await session.dispatch("READY", ready)
        for server in servers:
            await session.dispatch("GUILD_CREATE", server)

    async def _resume(self, connection: Connection, data: JSON) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        session.connection = connection
        for payload in list(session.sent):
            if payload["s"] > (data["seq"] or 0):
                await connection.send(payload)
        await session.dispatch("RESUMED", {})

    async def dispatch(self, event: str, data: JSON, server_id: str | None) -> None:
        """Send an event to the sessions that it is for, as each may see it."""
        for session in self.sessions.values():
            if session.gets(event, server_id):
                shown = data if event[:8] != "MESSAGE_" else visible(data, session.intents)
                await session.dispatch(event, shown)

    async def send_all(self, payload: JSON) -> None:
        """Send an opcode to every connection."""
        for connection in list(self._open):
            await connection.send(payload)

    async def send_text(self, text: str) -> None:
        """Send every connection something that need not be JSON."""
        for connection in list(self._open):
            await connection.send_text(text)

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in list(self._open):
            await connection.socket.close(code=code)

    def cut(self) -> None:
        """Cut every connection, as a broken line does: nobody says goodbye."""
        for connection in list(self._open):
            if isinstance(connection.transport, asyncio.Transport):
                connection.transport.abort()

    def forget(self) -> None:
        """Forget all sessions, so that none can be resumed."""
        self.sessions.clear()

    @property
    def connected(self) -> bool:
        """Whether a bot has a session and is connected to it."""
        return any(session.connection is not None for session in self.sessions.values())

    async def until(self, number: int, op: Op, within: float = 30.0) -> None:
        """Wait until bots have sent an opcode so often, and are connected."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(lambda: self.received.count(op) >= number and self.connected)

    async def _note(self) -> None:
        async with self.changed:
            self.changed.notify_all()


def visible(message: JSON, intents: int) -> JSON:
    """What a bot is shown of a message: without the intent, words only where they are meant for it."""
    concerns = (
        intents & CONTENT
        or message.get("guild_id") is None
        or message.get("author", BOT)["id"] == BOT["id"]
        or any(mentioned["id"] == BOT["id"] for mentioned in message.get("mentions", ()))
    )
    if concerns:
        return message
    return {**message, "content": "", "attachments": [], "embeds": [], "components": []}
