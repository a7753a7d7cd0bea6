"""Stages on which the bot is a process of its own, as `verbatim run` starts it, that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from benchmarks.scenarios.stage import Stage
from benchmarks.standin.bots import TOKEN
from benchmarks.standin.server import Standin
from benchmarks.standin.sessions import Op

ROOT = Path(__file__).parent.parent.parent
CONFIG = """\
storage: {{url: "sqlite+aiosqlite:///{folder}/verbatim.db", key_file: "{folder}/verbatim.key"}}
search: {{semantic: {{provider: "off"}}, reader: "off"{search}}}
discord: {{member_questions: 0, channel_questions: 0, writing_servers: [{server}]}}
health: {{port: 0}}
log: {{format: text}}
"""
STARTING = 300.0
"""Seconds that the bot gets to start, on a machine that is busy."""

ENDING = 40.0
"""Seconds that the bot gets to end."""


class Subprocess(Stage):
    """A stage with the bot in a process of its own."""

    def __init__(self, discord: Standin, folder: Path, search: str = "") -> None:
        """`search`: further settings of that section, after a comma."""
        super().__init__(discord, folder)
        self.config = folder / "config.yaml"
        config = CONFIG.format(folder=folder, server=self.server["id"], search=search)
        self.config.write_text(config, encoding="utf-8")
        self.log = folder / "log"
        self.process: asyncio.subprocess.Process | None = None

    async def launch(self, log: int | None = None) -> None:
        """Start the bot, with its log in a file, or in the open file `log`."""
        command = ["-m", "benchmarks.standin.bots", self.discord.url, "run"]
        options = ["--config", str(self.config), "--knowledge", str(self.knowledge)]
        with self.log.open("ab") as file:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *command, *options, stderr=file if log is None else log, cwd=ROOT,
                env=os.environ | {"VERBATIM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip

    async def start(self) -> None:
        """Start the bot, and wait until it is ready."""
        gateway = self.discord.gateway
        before = gateway.received.count(Op.IDENTIFY)
        await self.launch()
        await gateway.until(before + 1, Op.IDENTIFY, STARTING)

    async def kill(self) -> None:
        """Kill the bot as a power cut would."""
        self.signal(signal.SIGKILL)
        await self.end()

    def signal(self, number: int) -> None:
        """Send the bot a signal."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    async def end(self, within: float = ENDING) -> int:
        """Wait for the bot to end, and return its exit status."""
        if self.process is None:
            return 0
        async with asyncio.timeout(within):
            return await self.process.wait()

    @property
    def lines(self) -> list[str]:
        """The log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    @property
    def ended(self) -> bool:
        """Whether the bot has ended."""
        return self.process is not None and self.process.returncode is not None

    async def last_words(self) -> str:
        """Wait for the bot to end by itself, and return its last line."""
        self.figures["exit status"] = await self.end(STARTING)
        return self.lines[-1]


@asynccontextmanager
async def in_subprocess() -> AsyncIterator[Subprocess]:
    """Set a stage in an empty folder, with the bot ready."""
    with tempfile.TemporaryDirectory() as name:
        async with Standin.serve() as discord:
            stage = Subprocess(discord, Path(name))
            try:
                await stage.start()
                yield stage
            finally:
                await stage.kill()
