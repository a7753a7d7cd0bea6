"""`verbatim run` as a process of its own, on a loopback Discord, under a service manager."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.discord import loopback
from tests.discord.loopback import Loopback
from tests.storage.conftest import POSTGRES, needs_postgres, new_database

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")

SOON = 60
"""Timeout of anything that should happen: a process imports everything again."""

LAUNCHER = """
import sys
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL
url = sys.argv.pop(1)
Route.BASE = url + "api"
DiscordWebSocket.DEFAULT_GATEWAY = URL(url.replace("http", "ws"))
from bot.cli.main import main
main()
"""


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket like that of systemd."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(SOON)
        yield found


@pytest.fixture
async def database() -> AsyncIterator[str]:
    """The URL of an empty PostgreSQL database."""
    async with new_database(POSTGRES or "") as url:
        yield url


@asynccontextmanager
async def started(
    server: Loopback, folder: Path, port: int, **variables: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    home = folder.parent
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LAUNCHER, server.url, "run", "--knowledge", folder,
        cwd=home,
        env={
            **os.environ,
            "VERBATIM_TOKEN": "the.bot.token",
            "VERBATIM_HEALTH__PORT": str(port),
            "VERBATIM_SEARCH__READER": "off",
            "VERBATIM_SEARCH__SEMANTIC__PROVIDER": "off",
            "NOTIFY_SOCKET": str(home / "notify"),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **variables,
        },
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_with(process: asyncio.subprocess.Process, event: str) -> dict[str, object]:
    """Read the log up to this event."""
    assert process.stderr is not None
    async with asyncio.timeout(SOON):
        async for line in process.stderr:
            found: dict[str, object] = json.loads(line)
            if found["event"] == event:
                return found
    raise AssertionError(f"the log ended without: {event}")


async def heard(manager: socket.socket, field: bytes) -> None:
    """Read what the service manager is told, up to this field."""
    loop = asyncio.get_running_loop()
    while field not in (await loop.run_in_executor(None, manager.recv, 1_000)).split(b"\n"):
        pass


async def test_it_starts_reloads_and_stops_as_a_service(
    folder: Path, manager: socket.socket
) -> None:
    """Ready for the manager and over HTTP, SIGHUP reloads, SIGTERM ends it with status 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with loopback.serve() as server, started(server, folder, port) as process:
        await heard(manager, b"READY=1")
        await line_with(process, "ready")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/readyz") as response,
        ):
            assert response.status == 200
        (folder / "new.md").write_text("---\ntitle: T\nauthor: A\n---\nA post.\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        assert (await line_with(process, "texts read again"))["added"] == 1
        process.send_signal(signal.SIGTERM)
        await heard(manager, b"STOPPING=1")
        assert await asyncio.wait_for(process.wait(), SOON) == 0
        assert server.left.is_set()
    assert not (folder.parent / ".verbatim.starts").exists()


@needs_postgres
async def test_two_processes_share_a_database_and_a_folder(folder: Path, database: str) -> None:
    """They make the tables once, keep a shard each, and both have a new text by themselves."""
    common = {
        "VERBATIM_STORAGE_URL": database,
        "VERBATIM_STORAGE__KEY_FILE": str(folder.parent / "verbatim.key"),
        "NOTIFY_SOCKET": "",
    }

    def shard(number: int) -> dict[str, str]:
        return {**common, "VERBATIM_DISCORD__SHARDS": f"{{count: 2, ids: [{number}]}}"}

    async with (
        loopback.serve() as server,
        started(server, folder, 0, **shard(0)) as first,
        started(server, folder, 0, **shard(1)) as second,
    ):
        ready = await asyncio.gather(*(line_with(one, "ready") for one in (first, second)))
        assert [one["servers"] for one in ready] == [1, 0]
        (folder / "new.md").write_text("---\ntitle: T\nauthor: A\n---\nA post.\n", "utf-8")
        added = await asyncio.gather(
            *(line_with(one, "texts read again") for one in (first, second))
        )
        assert [one["added"] for one in added] == [1, 1]
        for one in (first, second):
            one.send_signal(signal.SIGTERM)
        ends = await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), SOON)
        assert [*ends] == [0, 0]
