"""Sessions of the gateway and their connections: which events each gets, and in which form."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from benchmarks.standin.payloads import BOT, JSON

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
    """A web socket, compressed if the bot asks for it."""

    socket: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    deflate: Any = None
    """zlib's stream of this connection."""
    mute: bool = False
    """Whether it leaves heartbeats and everything else unanswered."""
    received: deque[float] = field(default_factory=deque)
    """When the bot sent its last messages."""

    async def send(self, payload: JSON) -> None:
        """Send a payload, unless the connection is closed."""
        await self.send_text(json.dumps(payload))

    async def send_text(self, text: str) -> None:
        """Send a text, whether it is JSON or not."""
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
        """Count a message from the bot; returns whether it sends more than Discord allows."""
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


def visible(message: JSON, intents: int) -> JSON:
    """What a bot is shown of a message: without the intent, its words only if they are meant for the bot."""
    concerns = (
        intents & CONTENT
        or message.get("guild_id") is None
        or message.get("author", BOT)["id"] == BOT["id"]
        or any(mentioned["id"] == BOT["id"] for mentioned in message.get("mentions", ()))
    )
    if concerns:
        return message
    return {**message, "content": "", "attachments": [], "embeds": [], "components": []}
