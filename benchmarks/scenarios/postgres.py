"""A PostgreSQL server of its own, which can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INSTALLED = shutil.which("postgres") is not None and shutil.which("initdb") is not None
"""Whether PostgreSQL's programs are there."""

_USER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""


class Postgres:
    """A server over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *settings: str) -> None:
        """Start the server with these settings (`name=value`), and wait until it accepts connections."""
        pid = self._folder / "postmaster.pid"
        pid.unlink(missing_ok=True)
        where = str(self._folder)
        command = ["postgres", "-D", where, "-p", str(self._port), "-k", where, "-F"]
        command += [part for setting in settings for part in ("-c", setting)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, user=_USER,
        )  # fmt: skip
        for _ in range(600):
            with suppress(OSError):
                if pid.read_text(encoding="utf-8").rstrip().endswith("ready"):
                    return
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL does not start")

    def kill(self) -> None:
        """Kill the server and all that belongs to it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def serving(folder: Path) -> Iterator[Postgres]:
    """Serve an empty database below `folder`."""
    data = folder / "postgres"
    data.mkdir()
    if _USER:
        shutil.chown(data, _USER)
        folder.chmod(0o755)
    subprocess.run(
        ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"],
        check=True, stdout=subprocess.DEVNULL, user=_USER,
    )  # fmt: skip
    server = Postgres(data)
    server.start()
    try:
        yield server
    finally:
        server.kill()
