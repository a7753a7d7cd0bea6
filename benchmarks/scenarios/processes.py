"""The bot is killed, stopped, frozen, or starts while nothing works."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

from benchmarks.scenarios.registry import scenario
from benchmarks.scenarios.subprocesses import Subprocess, in_subprocess
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.faults import HTML, status
from benchmarks.standin.sessions import Op

process_scenario = partial(scenario, "processes", set_up=in_subprocess, quick=False)
KILLED = "the last run was killed"
"""What the log says at the next start."""

SENTENCES = 12_000
"""Sentences of a folder whose index is saved."""


def _once_each(stage: Subprocess, exchanges: list[Exchange]) -> None:
    """Check that nothing was answered twice, and count what was answered at all."""
    answered = [len(exchange.answers) for exchange in exchanges]
    stage.expect(max(answered) <= 1, "answered twice")
    stage.figures["answered before the kill"] = f"{sum(answered)} of {len(answered)}"


async def _flood(stage: Subprocess, questions: int) -> list[Exchange]:
    """Questions that nobody waits for."""
    discord, where = stage.discord, (stage.member, stage.channel)
    return [
        await discord.slash(*where, "ask", question=f"Who was the engineer? ({n})")
        for n in range(questions)
    ]


@process_scenario(says=KILLED)
async def killed_in_the_middle_of_questions(stage: Subprocess) -> None:
    """The process is killed with thirty questions in flight, and started again."""
    flood = await _flood(stage, 30)
    await flood[0].answer_text()
    await stage.kill()
    _once_each(stage, flood)
    await stage.start()


@process_scenario(says=KILLED)
async def killed_while_it_writes_to_the_database(stage: Subprocess) -> None:
    """The process is killed three times while it keeps questions."""
    every: list[Exchange] = []
    for count in (5, 20, 60):
        flood = await _flood(stage, 80)
        every += flood
        await flood[count].answer_text()
        await stage.kill()
        stage.expect(stage.database_problem() is None, f"corrupt: {stage.database_problem()}")
        await stage.start()
    _once_each(stage, every)
    stage.figures["kept"] = stage.questions_kept()


def _grow(stage: Subprocess, name: str = "long.md") -> None:
    """Add a text that is large enough for a saved index."""
    sentences = (
        f"Lamp number {n} of the pier burns {n * 7} hours a year." for n in range(SENTENCES)
    )
    text = "---\ntitle: The Pier\nauthor: Ines Duarte\n---\n" + "\n\n".join(sentences)
    (stage.knowledge / name).write_text(text, encoding="utf-8")


def _index_files(stage: Subprocess) -> list[Path]:
    """The saved index, and the file that is about to become one."""
    return sorted(stage.folder.glob(".knowledge*"))


@process_scenario(says=KILLED)
async def killed_while_it_reloads(stage: Subprocess) -> None:
    """The process is killed twice while it reads a new text, and starts with all texts."""
    _grow(stage)
    for pause in (0.3, 1.5):
        stage.signal(signal.SIGHUP)
        await asyncio.sleep(pause)
        await stage.kill()
        await stage.start()
        stage.signal(signal.SIGHUP)
    lamp = await stage.discord.mention(stage.member, stage.channel, "How long does lamp 77 burn?")
    stage.expect("539" in await lamp.answer_text(), "the new text is not there")


@process_scenario(says=KILLED)
async def killed_while_it_writes_the_index(stage: Subprocess) -> None:
    """The process is killed as soon as the index's file appears, half written."""
    _grow(stage)
    await stage.kill()
    before = set(stage.folder.iterdir())
    await stage.launch()
    async with asyncio.timeout(120):
        while not (new := set(stage.folder.iterdir()) - before):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    await stage.kill()
    stage.figures["left behind"] = ", ".join(sorted(file.name for file in new))
    await stage.start()
    lamp = await stage.discord.mention(stage.member, stage.channel, "How long does lamp 77 burn?")
    stage.expect("539" in await lamp.answer_text(), "the text is not there")


@process_scenario(says="index")
async def saved_index_corrupted(stage: Subprocess) -> None:
    """The saved index was written over: it is built again."""
    _grow(stage)
    await stage.kill()
    await stage.start()
    async with asyncio.timeout(60):
        while not (saved := _index_files(stage)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    index = saved[0]
    await stage.kill()
    data = bytearray(index.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = b"\xa5" * 4096
    index.write_bytes(data)
    await stage.start()
    lamp = await stage.discord.mention(stage.member, stage.channel, "How long does lamp 77 burn?")
    stage.expect("539" in await lamp.answer_text(), "the text is not there")


@process_scenario(says="stopping")
async def stopped_in_the_middle_of_answers(stage: Subprocess) -> None:
    """SIGTERM with ten questions in flight: all are answered before the end, with status 0."""
    for _ in range(5):
        await stage.both()
    await stage.asked[0].answer_text()
    stage.signal(signal.SIGTERM)
    stage.figures["exit status"] = await stage.end()
    stage.expect(stage.figures["exit status"] == 0, "the exit status is not 0")
    got = [exchange for exchange in stage.asked if exchange.answers]
    stage.figures["answered before the end"] = f"{len(got)} of {len(stage.asked)}"
    stage.asked = got  # the others never came to the bot
    await stage.start()


@process_scenario(says="nothing was handled for a while")
async def frozen_for_five_seconds(stage: Subprocess) -> None:
    """The process is stopped for a while, as when the machine swaps: messages are answered afterwards."""
    stage.signal(signal.SIGSTOP)
    await stage.mention()
    late = await stage.discord.slash(stage.member, stage.channel, "ask", question="Who?")
    await asyncio.sleep(5)
    stage.signal(signal.SIGCONT)
    stage.figures["the command"] = f"refused with {await late.refusal()}: its 3 s were over"


@process_scenario(says="Discord cannot be reached")
async def discord_down_at_the_start(stage: Subprocess) -> None:
    """Discord answers 503, 502 and 500 while the bot starts."""
    await stage.kill()
    for code, times in ((503, 2), (502, 1), (500, 1)):
        stage.discord.fail("GET", "/users/@me", status(code, body=HTML), times)
    await stage.start()


@process_scenario(says="commands could not be compared")
async def commands_refused_at_the_start(stage: Subprocess) -> None:
    """Discord refuses the commands: mentions work, and the commands are sent again later."""
    await stage.kill()
    stage.discord.rest.commands = []
    stage.discord.fail("PUT", "/applications/.+/commands", status(503, body=HTML), 2)
    await stage.start()
    async with asyncio.timeout(60):
        while not stage.discord.rest.commands:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@process_scenario(says="refuses the token")
async def token_revoked(stage: Subprocess) -> None:
    """Discord no longer accepts the token when the bot starts: it ends with one line."""
    await stage.kill()
    stage.discord.rest.revoked = True
    stage.ends = True
    await stage.launch()


@process_scenario()
async def log_that_nobody_reads(stage: Subprocess) -> None:
    """The log is a pipe whose reader is gone: the bot keeps running."""
    await stage.kill()
    reading, writing = os.pipe()
    before = stage.discord.gateway.received.count(Op.IDENTIFY)
    await stage.launch(writing)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    await stage.discord.gateway.until(before + 1, Op.IDENTIFY)
