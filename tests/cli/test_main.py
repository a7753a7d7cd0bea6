"""What all commands have in common."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.cli.runner import QUESTION, run


def test_a_full_disk_is_reported_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was being written."""

    def full(_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.cli.console.echo", full)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr == "verbatim: the disk is full: nothing more could be written\n"


def test_a_wrong_option_is_exit_status_2() -> None:
    """Click's convention."""
    assert run("ask").exit_code == 2
    assert run("nothing").exit_code == 2
