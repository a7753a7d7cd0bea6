"""Verbatim under load, beside a bot that only repeats the question, in one run.

    python -m benchmarks.load [TEXT] [--passages 0] [--questions 100000] [--servers 1000]

Each bot is a process of its own, with a stand-in for Discord of its own (benchmarks/standin), on many
servers. Their rounds alternate, so that both see the machine under the same conditions. Half of the
questions are commands, half are mentions; `--together` of them are in progress at any time. No models
are used. TEXT is repeated up to that many passages.

Questions per second depend on what else the machine does; processor time per question does not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from benchmarks.corpus import posts_in
from benchmarks.meaning import grown, questions
from benchmarks.standin import payloads
from benchmarks.standin.bots import TOKEN
from benchmarks.standin.server import Standin
from benchmarks.standin.sessions import Op
from bot.library.snapshots import build_snapshot
from bot.models import Source
from bot.texts.folder import write_source

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MEMBERS = 5_000
STARTING = 600.0
"""Seconds that a bot gets to start: it may have a large index to build."""
WARM_UP = 1_000
"""Questions before anything is measured."""

CONFIG = """\
storage: {{url: "sqlite+aiosqlite:///{folder}/verbatim.db"}}
search: {{semantic: {{provider: "off"}}, reader: "off"}}
discord: {{member_questions: 0, channel_questions: 0}}
health: {{port: 0}}
"""


@dataclass
class Bot:
    """A bot's process, and its figures so far."""

    name: str
    discord: Standin
    process: asyncio.subprocess.Process
    seconds: list[float] = field(default_factory=list)
    """How long each question took."""
    took: float = 0.0
    """Seconds of all rounds."""
    processor: float = 0.0
    """Seconds of processor time in all rounds."""
    memory: list[float] = field(default_factory=list)
    """MB after each round."""
    expired: int = 0
    """Commands that were answered after Discord's three seconds."""
    lost: int = 0
    """Questions without an answer, or with two."""

    @property
    def processor_time(self) -> float:
        """Seconds of processor time since the start."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def resident(self) -> float:
        """MB of memory."""
        return int(self._read("statm").split()[1]) * PAGE / 1e6

    def _read(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text(encoding="ascii")


@asynccontextmanager
async def started(name: str, servers: int, *arguments: str) -> AsyncIterator[Bot]:
    """Start a bot on that many servers, and stop it at the end."""
    async with Standin.serve() as discord:
        for number in range(servers):
            discord.world.add_server(f"Server {number}")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.standin.bots", discord.url, *arguments,
            stderr=asyncio.subprocess.DEVNULL, env=os.environ | {"VERBATIM_TOKEN": TOKEN},
        )  # fmt: skip
        try:
            await discord.gateway.until(1, Op.IDENTIFY, STARTING)
            yield Bot(name, discord, process)
        finally:
            process.terminate()
            await process.wait()


async def ask(bot: Bot, asked: Iterable[str], together: int, seed: int) -> list[float]:
    """Ask questions, so many at a time, and return the seconds that each took."""
    draw = random.Random(seed)  # noqa: S311 - not for cryptography
    channels = [server["channels"][0] for server in bot.discord.world.servers.values()]
    members = [payloads.user(f"member{n}") for n in range(MEMBERS)]
    waiting = iter(asked)
    seconds: list[float] = []

    async def one_after_another() -> None:
        for question in waiting:
            member, channel = draw.choice(members), draw.choice(channels)
            if draw.random() < 0.5:
                exchange = await bot.discord.mention(member, channel, question)
            else:
                exchange = await bot.discord.slash(member, channel, "ask", question=question)
            try:
                await exchange.until(lambda: bool(exchange.answers or exchange.refused))  # noqa: B023 - awaited
            except TimeoutError:
                bot.lost += 1
            bot.expired += not exchange.answers and bool(exchange.refused)
            bot.lost += len(exchange.answers) > 1
            if exchange.answers:
                seconds.append(exchange.seconds)

    await asyncio.gather(*(one_after_another() for _ in range(together)))
    return seconds


async def round_of(bot: Bot, asked: Sequence[str], together: int, seed: int) -> None:
    """Ask questions and keep the figures."""
    began, processor = time.perf_counter(), bot.processor_time
    bot.seconds += await ask(bot, asked, together, seed)
    bot.took += time.perf_counter() - began
    bot.processor += bot.processor_time - processor
    bot.memory.append(bot.resident)


def report(bots: Sequence[Bot]) -> None:
    """Print the figures so far."""
    print(
        "| bot | questions | a second | p50 | p99 | processor time each | memory | in the second half"
        " | expired | lost or doubled |"
    )
    print("| --- " * 10 + "|")
    for bot in bots:
        p50, p99 = (1000 * float(np.percentile(bot.seconds, p)) for p in (50, 99))
        each = 1000 * bot.processor / len(bot.seconds)
        half = bot.memory[len(bot.memory) // 2 - 1] if len(bot.memory) > 1 else bot.memory[-1]
        growth = 100 * (bot.memory[-1] / half - 1)
        print(
            f"| {bot.name} | {len(bot.seconds):,} | {len(bot.seconds) / bot.took:.0f} | {p50:.1f} ms | {p99:.1f} ms"
            f" | {each:.2f} ms | {bot.memory[-1]:.0f} MB | {growth:+.1f} % | {bot.expired} | {bot.lost} |"
        )
    echo, verbatim = bots
    rate = (len(verbatim.seconds) / verbatim.took) / (len(echo.seconds) / echo.took)
    print(f"\nquestions a second: {rate:.2f} × the other's", flush=True)


def write_installation(text: Path, passages: int, folder: Path, number: int) -> list[str]:
    """Write config and texts into a folder, and return questions about the texts."""
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "knowledge").mkdir()
    posts = [replace(post, number=i) for i, post in enumerate(posts_in(text), 1)]
    source = Source("text", "A text", "@somebody", tuple(posts))
    for one in grown(posts, passages) if passages else [source]:
        write_source(one, folder / "knowledge")
    return list(questions(build_snapshot([source]), number, seed=1))


async def main() -> None:
    """Run both bots in turns."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path, nargs="?", default=Path("knowledge"))
    parser.add_argument("--passages", type=int, default=0, help="0: the text as it is")
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--servers", type=int, default=1_000)
    parser.add_argument("--together", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asked = write_installation(options.text, options.passages, Path(name), 1_000)
        run = ("run", "--config", f"{name}/config.yaml", "--knowledge", f"{name}/knowledge")
        async with (
            started("echo", options.servers, "echo") as echo,
            started("Verbatim", options.servers, *run) as verbatim,
        ):
            each = options.questions // options.rounds
            for bot in (echo, verbatim):
                await ask(bot, asked[:WARM_UP], options.together, 0)
            for number in range(options.rounds):
                batch = [asked[(number * each + n) % len(asked)] for n in range(each)]
                for bot in (echo, verbatim):
                    await round_of(bot, batch, options.together, number + 1)
                if number + 1 in {options.rounds // 2, options.rounds}:
                    report((echo, verbatim))


if __name__ == "__main__":
    asyncio.run(main())
