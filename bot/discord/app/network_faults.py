"""Tells errors that come from outside, such as those of the network, from errors of the bot."""

from __future__ import annotations

import errno
import socket
import ssl
import zlib

import aiohttp
import discord
from discord import app_commands

from bot.discord.kit.sending import CLOSED

_UNREACHABLE = {
    errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH,
    errno.ENOTCONN, errno.EADDRNOTAVAIL,
}  # fmt: skip
_UNREACHABLE_ON_WINDOWS = {64, 121, 1231, 1232, 1236}
"""Windows's error numbers for names, hosts and networks that cannot be reached, and lost
connections.
"""

_NETWORK = (
    aiohttp.ClientError, ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError,
    discord.GatewayNotFound, discord.ConnectionClosed, discord.RateLimited, zlib.error,
)  # fmt: skip


GONE = {10003, 10008, 10015, 10062, 50027}
"""Error codes: the interaction is over, after three seconds or fifteen minutes; its message or channel is gone."""

ALREADY_ANSWERED = 40060


def is_external(error: BaseException) -> bool:
    """Whether `error` is not the bot's fault.

    It is the network's or Discord's, or what was to be answered has gone meanwhile or may not be answered, or
    the token has been reset, after which Discord soon ends the connection.
    """
    if isinstance(error, app_commands.AppCommandError) and error.__cause__ is not None:
        return is_external(error.__cause__)
    refused = isinstance(error, discord.HTTPException) and (
        error.status in {401, 403} or error.code in {*GONE, *CLOSED, ALREADY_ANSWERED}
    )
    return refused or is_network_fault(error)


def is_network_fault(error: BaseException) -> bool:
    """Whether `error` comes from the network or from Discord, so that a retry may succeed."""
    if isinstance(error, app_commands.AppCommandError) and error.__cause__ is not None:
        return is_network_fault(error.__cause__)
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    if isinstance(error, aiohttp.InvalidURL):
        return False
    if isinstance(error, _NETWORK):
        return True
    return isinstance(error, OSError) and (
        error.errno in _UNREACHABLE or getattr(error, "winerror", None) in _UNREACHABLE_ON_WINDOWS
    )
