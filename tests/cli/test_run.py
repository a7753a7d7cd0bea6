"""`verbatim run` and `verbatim demo`, without Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.discord.app.client import VerbatimClient
from bot.discord.app.running import FATAL, WRONG_TOKEN
from bot.discord.kit.question_log import QuestionLog
from bot.errors import Problem, UnexpectedError, VerbatimError
from bot.search.reading import reader as reading
from bot.storage.connections import StorageError
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

    async def until_stopped(self: VerbatimClient, *_: object) -> None:
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


def test_everything_that_is_wrong_is_said_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Token, storage and texts; of a config that cannot be read, the texts too."""
    (folder / "broken.md").write_text("---\n---\n", encoding="utf-8")
    monkeypatch.setenv("VERBATIM_STORAGE_URL", "sqlite:///none/verbatim.db")
    result = run("run", "--knowledge", folder)
    assert result.exit_code == 1
    for place in ("VERBATIM_TOKEN", "none", "broken.md"):
        assert place in result.stderr
    assert len(result.stderr.splitlines()) >= 4
    monkeypatch.setenv("VERBATIM_LOG__LEVEL", "loud")
    result = run("run", "--knowledge", folder)
    assert "VERBATIM_LOG__LEVEL" in result.stderr
    assert "broken.md" in result.stderr


def test_the_exit_status_says_whether_another_attempt_may_help(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supervisor can tell what needs a person from what needs time."""
    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    problem = Problem("here", "why")
    for error, status in [
        (VerbatimError(problem), 1),
        (StorageError(problem), 75),
        (UnexpectedError(problem), 70),
    ]:

        async def until_stopped(*_: object, error: VerbatimError = error) -> None:
            raise error

        monkeypatch.setattr(VerbatimClient, "run_until_stopped", until_stopped)
        assert run("run", "--knowledge", folder).exit_code == status


def test_a_bot_that_crashes_again_and_again_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it has stopped in good order once."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def until_stopped(*_: object) -> None:
        if len(pauses) != 5:
            raise UnexpectedError(Problem("run", "why"))

    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setenv("VERBATIM_HEALTH__PORT", "0")
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    monkeypatch.setattr(VerbatimClient, "run_until_stopped", until_stopped)
    monkeypatch.setattr("bot.operations.lifecycle.wait", sleep)
    for _ in range(6):
        run("run", "--knowledge", folder)
    assert pauses == [0, 0, 0, 10, 20, 0]
