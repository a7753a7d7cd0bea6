"""What systemd is told."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operations.service_manager import ServiceManager


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket like systemd's, at `notify` in the folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(20)
        yield found


def test_fields_are_sent_as_lines(listening: socket.socket, tmp_path: Path) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    manager.notify(READY=1, STATUS="ready")
    assert listening.recv(100) == b"READY=1\nSTATUS=ready"


def test_an_abstract_socket_is_found() -> None:
    """Its name begins with @."""
    name = f"verbatim-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(f"\0{name}")
        found.settimeout(20)
        ServiceManager({"NOTIFY_SOCKET": f"@{name}"}).notify(STOPPING=1)
        assert found.recv(100) == b"STOPPING=1"


async def test_the_watchdog_is_fed_in_time(listening: socket.socket, tmp_path: Path) -> None:
    """By the event loop, so that one that hangs is noticed."""
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000"}
    manager = ServiceManager(environment)
    assert manager.watchdog_seconds == 0.003
    task = asyncio.create_task(manager.feed_watchdog())
    for _ in range(3):
        heard = await asyncio.get_running_loop().run_in_executor(None, listening.recv, 100)
        assert heard == b"WATCHDOG=1"
    task.cancel()


@pytest.mark.parametrize(
    "environment",
    [{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}],
)
async def test_without_a_watchdog_nothing_is_sent(environment: dict[str, str]) -> None:
    """It may be the parent's."""
    manager = ServiceManager(environment)
    await manager.feed_watchdog()
    manager.notify(READY=1)


def test_a_socket_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "none")}).notify(READY=1)
