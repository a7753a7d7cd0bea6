"""Bytes that leave memory while they are collected."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from bot.files import spool as module
from bot.files.spool import Spool

needs_pread = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps it in memory")
PIECES = [b"Rye needs no kneading.", b"", b"Bread" * 7, b"\xc3\xa9", b"The oven must be hot."]


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY", 30)


def assert_holds_all(spool: Spool) -> None:
    """Append the pieces, and find each again, before and after the end."""
    starts = [spool.append(piece) for piece in PIECES]
    found = [spool[at : at + len(piece)] for at, piece in zip(starts, PIECES, strict=True)]
    assert found == PIECES
    assert len(spool) == sum(map(len, PIECES))
    assert spool.array().tobytes() == b"".join(PIECES)


@needs_pread
def test_what_exceeds_the_memory_is_in_a_file_without_a_name(tmp_path: Path) -> None:
    """Nothing is left behind, whatever becomes of the process."""
    spool = Spool(tmp_path)
    assert_holds_all(spool)
    assert spool._rest == b""
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_it_stays_in_memory() -> None:
    """As for texts that nobody saves."""
    assert_holds_all(Spool())


def test_a_folder_that_does_not_exist_is_done_without(tmp_path: Path) -> None:
    """Likewise one that is read-only."""
    assert_holds_all(Spool(tmp_path / "none"))


@needs_pread
def test_a_full_disk_costs_memory_but_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written before is read from the file."""
    real, calls = os.pwrite, 0

    def pwrite(file: int, data: bytes, at: int) -> int:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(file, data[:20], at)

    monkeypatch.setattr(os, "pwrite", pwrite)
    for _ in range(2):
        calls = 0
        spool = Spool(tmp_path)
        spool.append(b"x" * 40)
        assert spool._written == 40
        assert spool.append(b"y" * 40) == 40
        assert spool[0:40] + spool[40:80] == b"x" * 40 + b"y" * 40
        assert spool.array().tobytes() == b"x" * 40 + b"y" * 40


def test_nothing_is_an_empty_array(tmp_path: Path) -> None:
    """Of no texts."""
    assert len(Spool(tmp_path).array()) == 0
