"""`verbatim run` and `verbatim demo`, without Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.discord.app.client import VerbatimClient
from bot.discord.app.running import FATAL, WRONG_TOKEN
from bot.discord.kit.question_log import QuestionLog
from bot.models import VerbatimError
from bot.search.reading import reader as reading
from tests.cli.runner import run


@pytest.mark.parametrize("command", ["run", "demo"])
def test_the_reader_is_loaded_before_the_event_loop_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """So that no member waits for it."""
    loops: list[object] = []

    async def served(*_: Any, **__: Any) -> None:
        loops.append("served")

    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setattr(VerbatimClient, "run_until_stopped", served)
    monkeypatch.setattr("bot.discord.app.demo.serve", served)
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    monkeypatch.setattr(reading, "load", lambda _: loops.append(asyncio._get_running_loop()))
    result = run(command, "--knowledge", folder)
    assert result.exit_code == 0, result.output
    assert loops == [None, "served"]


def test_run_without_a_token_says_how_to_give_one(folder: Path) -> None:
    """In one line, with exit status 1."""
    result = run("run", "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: VERBATIM_TOKEN: no token")


@pytest.mark.parametrize("refused", [False, True])
def test_run_exits_with_0_after_a_signal_and_with_1_if_discord_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    """A token that is revoked later is reported in one line. Questions are stored first."""
    ended: list[str] = []

    async def until_stopped(self: VerbatimClient, _: str) -> None:
        ended.append("stopped")
        if refused:
            raise VerbatimError(FATAL[4004])

    async def settle(self: QuestionLog) -> None:
        ended.append("written")

    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setattr(VerbatimClient, "run_until_stopped", until_stopped)
    monkeypatch.setattr(QuestionLog, "settle", settle)
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    result = run("run", "--knowledge", folder)
    assert result.exit_code == refused, result.output
    assert ended == ["stopped", "written"]
    assert (str(WRONG_TOKEN) in result.stderr) is refused
