"""The gateway's connection, which survives an event that cannot be read."""

from __future__ import annotations

import zlib
from typing import Any

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket, WebSocketClosure

from bot.operations.error_lines import in_one_line

_PASSED_ON = (
    ReconnectWebSocket, WebSocketClosure, discord.ConnectionClosed, aiohttp.ClientError, OSError,
    zlib.error,
)  # fmt: skip
"""Errors of the connection itself; a broken compressed stream cannot be read on."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class TolerantWebSocket(DiscordWebSocket):
    """Skips an event that discord.py cannot read; discord.py itself would lose those after it, too."""

    async def received_message(self, msg: Any, /) -> None:
        """Handle what the gateway sends."""
        began = self.session_id is not None and self._keep_alive is not None
        try:
            await super().received_message(msg)
        except _PASSED_ON:
            raise
        except Exception as error:
            if not began:
                raise
            _log.warning("an event could not be read, and is left out", reason=in_one_line(error))
