"""A local connection to the running bot: one request and one response, each a line of JSON.

A Unix socket that only the user who runs the bot may open. Where there are none, or its path would be too long, a port of
this machine, and a file that only that user may read: it holds the port and a secret.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from bot.files import atomic_file

Message = dict[str, Any]
Handler = Callable[[Message], Awaitable[Message]]

LONGEST_PATH = 100
"""Bytes of a path that a Unix socket can have on every system."""

_CONNECTING = 5.0
"""Seconds that the running bot gets to accept a connection."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.run")


class NotRunningError(Exception):
    """No bot responds there."""


@asynccontextmanager
async def serving(path: Path, handle: Handler) -> AsyncIterator[None]:
    """Answer requests at `path` with `handle` during the block.

    Where another bot does so already, or it is not possible, a line in the log says so, and the block runs without.
    """
    if await asyncio.to_thread(is_served, path):
        _log.warning(
            "another bot answers there already: this one cannot be controlled locally",
            path=str(path),
        )
        yield
        return
    secret = secrets.token_hex(16)
    running: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
            task.add_done_callback(running.discard)
        with suppress(OSError, ValueError, AttributeError):  # not a request of ours
            await _serve_one(reader, writer, handle, secret)
        writer.close()

    try:
        server = await _listen(path, connected, secret)
    except OSError as error:
        _log.warning("the bot cannot be controlled locally", path=str(path), reason=str(error))
        yield
        return
    try:
        yield
    finally:
        server.close()
        with suppress(OSError):
            await asyncio.to_thread(path.unlink, missing_ok=True)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def ask(path: Path, request: Message, *, seconds: float | None = None) -> Message:
    """Ask the bot that is controlled at `path`; wait for its response `seconds`, or as long as it takes.

    Raises:
        NotRunningError: none responds.

    """
    try:
        connection, secret = _connect(path)
        with connection, connection.makefile("rb") as file:
            connection.settimeout(seconds)
            connection.sendall(json.dumps({**request, "secret": secret}).encode() + b"\n")
            response = json.loads(file.readline())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotRunningError(str(error)) from error
    if not isinstance(response, dict):
        raise NotRunningError("something else responds there")
    return response


def is_served(path: Path) -> bool:
    """Whether a bot can be asked at `path`."""
    try:
        return bool(ask(path, {"command": "ping"}, seconds=_CONNECTING))
    except NotRunningError:
        return False


def _connect(path: Path) -> tuple[socket.socket, str]:
    if path.is_socket():
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(_CONNECTING)
            connection.connect(str(path))
        except BaseException:
            connection.close()
            raise
        return connection, ""
    known = json.loads(path.read_text(encoding="utf-8"))
    return socket.create_connection(("127.0.0.1", int(known["port"])), _CONNECTING), known["secret"]


def _uses_socket(path: Path) -> bool:
    return hasattr(socket, "AF_UNIX") and len(os.fsencode(path.absolute())) <= LONGEST_PATH


async def _listen(path: Path, connected: Any, secret: str) -> asyncio.Server:
    if _uses_socket(path):
        return await asyncio.start_unix_server(connected, sock=_bind(path))
    await asyncio.to_thread(path.unlink, missing_ok=True)
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with atomic_file.replacing(path, private=True) as file:
        file.write(json.dumps({"port": port, "secret": secret}).encode())
    return server


def _bind(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)  # left over from a crash
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(str(path))
        path.chmod(0o600)  # before anybody can connect
    except BaseException:
        listening.close()
        raise
    return listening


async def _serve_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler, secret: str
) -> None:
    request = json.loads(await reader.readline())
    given = str(request.pop("secret", ""))
    by_port = writer.get_extra_info("socket").family == socket.AF_INET
    if by_port and not hmac.compare_digest(given.encode(), secret.encode()):
        return
    response = {"pong": True} if request.get("command") == "ping" else await handle(request)
    writer.write(json.dumps(response).encode() + b"\n")
    await writer.drain()
