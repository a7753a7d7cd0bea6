"""Faults of the network are told from ours, whoever raises them, and are one line in the log."""

from __future__ import annotations

import errno
import io
import json
import logging
import socket
import ssl
import sys
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import structlog
from discord import app_commands

from bot.discord.app.network_faults import is_external
from bot.operations.logging import configure
from tests.operations.test_logging import as_before  # noqa: F401 - a fixture

PAGE = "<html>\n<head><title>502</title></head>\n" + "<p>Bad gateway</p>\n" * 500


def response(status: int) -> Any:
    return SimpleNamespace(status=status, reason="because")


def command_error(cause: Exception) -> Exception:
    command: Any = SimpleNamespace(name="ask")
    error = app_commands.CommandInvokeError(command, cause)
    error.__cause__ = cause
    return error


KEY: Any = SimpleNamespace(host="discord.invalid", port=443, ssl=True, is_ssl=True)
NETWORK: list[BaseException] = [
    aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
    aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-3, "try again")),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientPayloadError("not all of it"),
    ConnectionResetError(104, "reset"),
    BrokenPipeError(32, "broken"),
    TimeoutError(),
    socket.gaierror(-3, "try again"),
    ssl.SSLError(1, "wrong version number"),
    OSError(errno.ENETUNREACH, "no network"),
    OSError(errno.EHOSTUNREACH, "no route"),
    discord.DiscordServerError(response(502), PAGE),
    discord.HTTPException(response(429), PAGE),
    discord.GatewayNotFound(),  # type: ignore[no-untyped-call]
    discord.ConnectionClosed(SimpleNamespace(close_code=1006), shard_id=None),  # type: ignore[arg-type]
    command_error(ConnectionResetError(104, "reset")),
    zlib.error("Error -3 while decompressing data"),
]
REFUSED: list[BaseException] = [
    discord.Forbidden(response(403), {"message": "Missing Permissions", "code": 50013}),
    discord.NotFound(response(404), {"message": "Unknown interaction", "code": 10062}),
    discord.NotFound(response(404), {"message": "Unknown Message", "code": 10008}),
    discord.HTTPException(response(401), {"message": "Invalid Webhook Token", "code": 50027}),
    discord.HTTPException(response(400), {"message": "acknowledged already", "code": 40060}),
    discord.HTTPException(response(400), {"message": "Non-text channel", "code": 50008}),
    discord.HTTPException(response(401), {"message": "401: Unauthorized", "code": 0}),
    command_error(discord.NotFound(response(404), {"message": "Unknown Webhook", "code": 10015})),
]
"""What was to be answered has gone meanwhile, has been answered, or may not be."""
OURS: list[BaseException] = [
    KeyError("flags"),
    ValueError("no"),
    RuntimeError("no"),
    discord.HTTPException(response(400), {"message": "Invalid Form Body", "code": 50035}),
    discord.NotFound(response(404), "no"),
    discord.LoginFailure("no"),
    aiohttp.InvalidURL("no"),
    OSError(errno.ENOSPC, "full"),
    FileNotFoundError(2, "not there"),
    PermissionError(13, "no"),
    OSError("of no kind"),
    command_error(KeyError("flags")),
]


@pytest.fixture
def written(
    as_before: None,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], list[dict[str, Any]]]:
    """Log as `verbatim run` does, and return what gives the records."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure("info", "json", is_external=is_external)
    structlog.configure(cache_logger_on_first_use=False)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def named(error: BaseException) -> str:
    return type(error).__name__


def ours_exception(error: BaseException) -> None:
    structlog.get_logger("verbatim.discord").exception("an event failed", event_name="on_message")


def ours_handed_over(error: BaseException) -> None:
    structlog.get_logger("verbatim.discord").error("an interaction failed", exc_info=error)


def discords_reconnect(error: BaseException) -> None:
    logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)


def discords_error(error: BaseException) -> None:
    log = logging.getLogger("discord.app_commands.tree")
    log.error("Ignoring exception in command %r", "ask", exc_info=error)


def asyncios(error: BaseException) -> None:
    log = logging.getLogger("asyncio")
    log.error(
        "Task exception was never retrieved\nfuture: <Task>", exc_info=(type(error), error, None)
    )


LOGGERS = [ours_exception, ours_handed_over, discords_reconnect, discords_error, asyncios]


@pytest.mark.parametrize("log", LOGGERS)
@pytest.mark.parametrize("error", NETWORK + REFUSED, ids=named)
def test_a_fault_from_outside_is_one_line_at_warning(
    written: Callable[[], list[dict[str, Any]]],
    log: Callable[[BaseException], None],
    error: BaseException,
) -> None:
    """Whoever logs it and as what; it says what failed and why, and is short."""
    try:
        raise error
    except BaseException as caught:
        log(caught)
    (record,) = written()
    assert record["level"] == "warning"
    assert "exception" not in record
    told = f"{record['event']} {record.get('reason', '')}"
    assert type(error).__name__ in told
    assert "\n" not in told
    assert "%" not in told
    assert len(told) < 400


@pytest.mark.parametrize("log", LOGGERS)
@pytest.mark.parametrize("error", OURS, ids=named)
def test_a_fault_of_ours_has_its_traceback(
    written: Callable[[], list[dict[str, Any]]],
    log: Callable[[BaseException], None],
    error: BaseException,
) -> None:
    """Nobody could find it otherwise."""
    try:
        raise error
    except BaseException as caught:
        log(caught)
    (record,) = written()
    assert record["level"] == "error"
    assert type(error).__name__ in record["exception"]


def test_a_log_of_errors_alone_is_spared_the_faults_of_the_network(
    as_before: None,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are warnings there too; as readable text they are one line as well."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure("error", "text", is_external=is_external)
    logging.getLogger("discord.client").error("lost", exc_info=ConnectionResetError(104, "reset"))
    assert stream.getvalue() == ""
    configure("info", "text", is_external=is_external)
    logging.getLogger("discord.client").error("lost", exc_info=ConnectionResetError(104, "reset"))
    assert len(stream.getvalue().splitlines()) == 1
