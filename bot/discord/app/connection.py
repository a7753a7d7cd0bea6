"""One connection to Discord's gateway, of a shard or the only one; it reconnects whenever the connection is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.discord.app.backoff import Backoff
from bot.discord.app.gateway_socket import TolerantWebSocket
from bot.discord.app.gateway_status import GatewayStatus
from bot.discord.app.network_faults import is_network_fault
from bot.operations.error_lines import in_one_line

if TYPE_CHECKING:
    from bot.discord.app.running import StoppableClient

CONNECTING = 60.0
"""Timeout of connecting to the gateway, until a session starts or resumes."""

RESUMED = 5
"""Attempts to resume a session before a new one is started."""

LEAVING = 2.0
"""Timeout of leaving the gateway."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class GatewayConnection:
    """Stays connected until the client is closed, or reconnecting is useless.

    Replaces discord.py's own loop, which reconnects without a pause to a gateway that closes at
    once, waits up to 17 minutes elsewhere, and ends if a first connection fails or an event
    cannot be parsed.
    """

    def __init__(
        self, client: StoppableClient, backoff: Backoff, shard_id: int | None = None
    ) -> None:
        self.status = GatewayStatus()
        self.backoff = backoff
        self.socket: DiscordWebSocket | None = None
        self.shard_id = shard_id
        self._client = client
        self._log = _log if shard_id is None else _log.bind(shard=shard_id)

    async def run(self, *, initial: bool, reconnect: bool = True) -> None:
        """Connect, and connect again.

        `initial`: no session has been started by this process just before.

        Raises:
            discord.ConnectionClosed: with a code of `FATAL`, or without `reconnect` any other.

        """
        client = self._client
        session: dict[str, Any] = {"initial": initial, "shard_id": self.shard_id}
        while not client.is_closed():
            began: float | None = None
            resume = True
            try:
                self.socket = await self._connect(session)
                client.connected(self)
                began = self.backoff.clock()
                while True:
                    await self.socket.poll_event()
                    self.status.heard()
            except ReconnectWebSocket as error:
                reason, resume = self._why_closed(began), error.resume
            except Exception as error:
                if client.is_closed():
                    return
                if not reconnect or client.is_fatal(error):
                    raise
                reason = in_one_line(error)
                if not is_network_fault(error):
                    self._log.exception("the connection failed: reconnecting")
                await self.leave()
            self.status.lost(reason)
            if self.shard_id is None:
                client.dispatch("disconnect")
            else:
                client.dispatch("shard_disconnect", self.shard_id)
            if client.is_closed():
                return
            lasted = None if began is None else self.backoff.clock() - began
            await self.backoff.sleep(self._pause(reason, lasted))
            session = self._session(resume=resume and self.backoff.failures <= RESUMED)

    async def _connect(self, session: dict[str, Any]) -> DiscordWebSocket:
        """Start a session, as soon as Discord allows one, or resume it."""
        if not session.get("resume"):
            await self._client.wait_for_sessions()
        connecting = TolerantWebSocket.from_client(self._client, **session)
        return await asyncio.wait_for(connecting, CONNECTING)

    async def leave(self, code: int = 4000) -> None:
        """Close the connection, if there is one; after code 4000 the session can be resumed."""
        if self.socket is not None and self.socket.open:
            with suppress(Exception):  # it is over either way
                await asyncio.wait_for(self.socket.close(code), LEAVING)

    def _why_closed(self, began: float | None) -> str:
        """Describe how the gateway closed a connection; None if no session started. `began`: when it was opened."""
        if began is None or self.socket is None:
            return "closed before a session began"
        return f"closed with code {self.socket.socket.close_code}"

    def _session(self, *, resume: bool) -> dict[str, Any]:
        """Arguments of the next connection: resuming the last session, or starting one."""
        found = self.socket
        session = {"initial": found is None, "shard_id": self.shard_id}
        if not resume or found is None or found.session_id is None:
            return session
        return {
            **session,
            "resume": True,
            "session": found.session_id,
            "sequence": found.sequence,
            # The session's own address may be gone with the machine behind it; the usual one can resume, too.
            "gateway": found.gateway if self.backoff.failures <= 1 else None,
        }

    def _pause(self, reason: str, lasted: float | None) -> float:
        """Log the loss and return the seconds to wait before the next attempt."""
        pause = self.backoff.after(lasted)
        self._log.warning(
            "the connection to Discord is lost",
            reason=reason,
            attempt=self.backoff.failures,
            again_in=f"{pause:.1f} s",
        )
        return pause
