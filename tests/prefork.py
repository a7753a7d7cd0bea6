"""A process that has the libraries loaded already, and forks for every run of pytest.

Run as a script in the folder of the code. It reads from standard input lines of JSON, each {"arguments":
[…], "seconds": n}, and answers each with {"status": pytest's, or null if it took longer, "output": …}.
Loading the libraries takes longer than most tests of one module.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

LIBRARIES = (
    "aiohttp alembic babel click discord discord.app_commands hypothesis hypothesis.strategies numpy pydantic"
    " pytest rank_bm25 rapidfuzz.distance rich sentencex simcord sqlalchemy.ext.asyncio Stemmer structlog yaml"
).split()
"""None of them is changed by a mutant; the code itself must not be loaded here."""


def run(arguments: list[str], seconds: float, output: Path) -> int | None:
    """Return pytest's exit status in a process of its own; None if it took longer than `seconds`."""
    child = os.fork()
    if not child:
        with output.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        import pytest

        status = int(pytest.main(arguments))
        sys.stdout.flush()
        os._exit(status)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main() -> None:
    """Serve until standard input ends."""
    sys.path[0] = str(Path.cwd())
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        for line in sys.stdin:
            asked = json.loads(line)
            status = run(asked["arguments"], asked["seconds"], output)
            answer = {"status": status, "output": output.read_text(errors="replace")}
            print(json.dumps(answer), flush=True)  # noqa: T201 - to who asked


if __name__ == "__main__":
    main()
