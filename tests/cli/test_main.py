"""What all commands have in common."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.cli.runner import QUESTION, run


def test_a_full_disk_is_reported_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was being written."""

    def full(_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.cli.console.echo", full)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr == "verbatim: the disk is full: nothing more could be written\n"


@pytest.mark.parametrize(
    ("raised", "said", "status"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a.md"), "a.md: Permission denied", 1),
        (OSError(errno.EDQUOT, "Quota exceeded", "a.md"), "the disk is full", 1),
        (KeyboardInterrupt(), "interrupted", 130),
    ],
)
def test_what_stops_a_command_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, said: str, status: int
) -> None:
    """Without a traceback; the exit status after Ctrl-C is what shells expect."""

    def fails(_: str) -> None:
        raise raised

    monkeypatch.setattr("bot.cli.console.echo", fails)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == status
    assert result.stderr.startswith(f"verbatim: {said}")
    assert len(result.stderr.splitlines()) == 1


def test_help_on_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is printed before any command runs."""

    def full(*_: object, err: bool = False, **__: object) -> None:
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("click.decorators.echo", full)
    result = run("--help")
    assert result.exit_code == 1
    assert result.stderr == "verbatim: the disk is full: nothing more could be written\n"


def test_closed_streams_are_as_good_as_empty_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under a cron that closes them: Python then has None in their place."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    for command in (["ask", QUESTION], ["ask", "-"], ["chat"]):
        with pytest.raises(SystemExit) as ended:
            main.main([*command, "--knowledge", str(folder)])
        assert ended.value.code == 0
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()


def test_the_list_of_commands_cuts_no_sentence_off() -> None:
    """However narrow the terminal."""
    listed = run("--help").stdout
    assert "..." not in listed.removeprefix("Usage: main [OPTIONS] COMMAND [ARGS]...")
    assert "the exit status is 0 if it did." in " ".join(listed.split())


def test_a_wrong_option_is_exit_status_2() -> None:
    """Click's convention."""
    assert run("ask").exit_code == 2
    assert run("nothing").exit_code == 2
