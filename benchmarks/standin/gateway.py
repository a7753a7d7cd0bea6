"""The gateway: sessions that start and are resumed, and the events that they get."""

from __future__ import annotations

import asyncio
import itertools
import json
import zlib
from collections.abc import Callable

from aiohttp import WSMsgType, web

from benchmarks.standin.payloads import APPLICATION_ID, BOT, JSON
from benchmarks.standin.sessions import Connection, Op, Session, visible
from benchmarks.standin.world import World


class Gateway:
    """All sessions of the bot, and ways to break them."""

    def __init__(self, world: World) -> None:
        self.url = ""
        self.resume_url: str | None = None
        """The address at which sessions are to be resumed, if not the usual one."""
        self.withheld: set[str] = set()
        """Servers that are announced and never come."""
        self.heartbeat = 41.25
        """Seconds between two heartbeats."""
        self.greets = True
        """Whether it sends HELLO."""
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
        await self._note()
        try:
            if Op.HELLO in self.closes_at:
                await socket.close(code=self.closes_at[Op.HELLO])
            elif self.greets:
                interval = int(1000 * self.heartbeat)
                await connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": interval}})
            async for received in socket:
                if received.type is WSMsgType.TEXT and not connection.mute:
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
            "v": 10, "user": BOT, "session_id": name, "resume_gateway_url": self.resume_url or self.url,
            "guilds": [{"id": server["id"], "unavailable": True} for server in servers],
            "application": {"id": APPLICATION_ID, "flags": 0}, "shard": [number, count],
        }  # fmt: skip
        await session.dispatch("READY", ready)
        for server in servers:
            if server["id"] not in self.withheld:
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
        """Send every connection a text that may not be JSON."""
        for connection in list(self._open):
            await connection.send_text(text)

    async def send_bytes(self, data: bytes) -> None:
        """Send every connection bytes that are not part of its compressed stream."""
        for connection in list(self._open):
            await connection.socket.send_bytes(data)

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in list(self._open):
            await connection.socket.close(code=code)

    def cut(self) -> None:
        """Cut every connection without closing it, as a broken line does."""
        for connection in list(self._open):
            if isinstance(connection.transport, asyncio.Transport):
                connection.transport.abort()

    def mute(self) -> None:
        """Let every connection fall silent, though it stays open."""
        for connection in self._open:
            connection.mute = True

    def forget(self) -> None:
        """Forget all sessions, so that none can be resumed."""
        self.sessions.clear()

    @property
    def connected(self) -> bool:
        """Whether a bot has a session and is connected to it."""
        return any(session.connection is not None for session in self.sessions.values())

    async def until(self, number: int, op: Op, within: float = 60.0) -> None:
        """Wait until bots have sent an opcode this often, and are connected."""
        await self.wait_for(lambda: self.received.count(op) >= number and self.connected, within)

    async def wait_for(self, true: Callable[[], bool], within: float = 60.0) -> None:
        """Wait until something is true of the connections and sessions."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(true)

    async def _note(self) -> None:
        async with self.changed:
            self.changed.notify_all()
