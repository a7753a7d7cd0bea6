"""Reports readiness, status and watchdog pings to systemd: the sd_notify protocol, one datagram per message."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping

import structlog

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.run")


class ServiceManager:
    """The service manager that started this process; without one, nothing is sent."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog_seconds = _microseconds(environment) / 1_000_000
        """Seconds within which it must hear of us; 0: it need not."""

    def notify(self, **fields: object) -> None:
        """Send fields, such as READY=1."""
        if not self._address:
            return
        message = "\n".join(f"{name}={value}" for name, value in fields.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
                to.sendto(message.encode(), self._address)
        except OSError as error:
            _log.warning("the service manager cannot be told", reason=str(error))

    async def feed_watchdog(self) -> None:
        """Report periodically that the event loop is alive; never returns."""
        while self.watchdog_seconds:
            self.notify(WATCHDOG=1)
            await asyncio.sleep(self.watchdog_seconds / 3)


def _microseconds(environment: Mapping[str, str]) -> int:
    """The watchdog's time, if it is meant for this process and not for its parent."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0
    text = environment.get("WATCHDOG_USEC", "0")
    return int(text) if text.isdecimal() else 0
