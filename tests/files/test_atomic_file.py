"""A file is written whole or not at all, whoever else writes it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.files import atomic_file
from bot.files.atomic_file import ABANDONED_AFTER, TakenError, replacing, unfinished_folder
from bot.texts.folder import read_folder

ROUNDS = 60

PROGRAM = f"""
import sys
from collections.abc import Callable
from pathlib import Path
from bot.texts.folder import write_text
for _ in range({ROUNDS}):
    write_text(Path(sys.argv[1]), sys.argv[2] * 50_000)
"""


def write(
    path: Path, content: bytes, meanwhile: Callable[[], object] = lambda: None, **how: bool
) -> None:
    with replacing(path, **how) as file:
        file.write(content)
        meanwhile()


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    """And no temporary file is left."""
    path = tmp_path / "text.md"
    write(path, b"old")
    with replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever the error."""
    path = tmp_path / "text.md"
    write(path, b"old")

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, b"ne", interrupt)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_of_two_simultaneous_writers_the_last_one_wins(tmp_path: Path) -> None:
    """Neither deletes the other's temporary file."""
    path = tmp_path / "text.md"
    with replacing(path) as file:
        file.write(b"first to ")
        write(path, b"second to begin")
        assert path.read_bytes() == b"second to begin"
        file.write(b"begin")
    assert path.read_bytes() == b"first to begin"
    assert list(tmp_path.iterdir()) == [path]


def test_two_processes_never_mix_their_writes(tmp_path: Path) -> None:
    """Readers always see the complete file of one of them."""
    path = tmp_path / "text.md"
    texts = "ab"
    programs = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), letter])  # noqa: S603 - ours
        for letter in texts
    ]
    seen = set()
    while any(program.poll() is None for program in programs):
        if path.exists():
            seen.add(path.read_bytes())
    assert [program.returncode for program in programs] == [0, 0]
    seen.add(path.read_bytes())
    assert seen <= {letter.encode() * 50_000 for letter in texts}
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_refused_if_the_path_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if it appeared meanwhile, and without hard links."""
    path = tmp_path / "text.md"
    with pytest.raises(TakenError):
        write(path, b"ours", lambda: path.write_bytes(b"theirs"), new=True)

    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with pytest.raises(TakenError):
        write(path, b"ours", new=True)
    assert path.read_bytes() == b"theirs"
    write(tmp_path / "other.md", b"ours", new=True)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "text.md": b"theirs", "other.md": b"ours",
    }  # fmt: skip


def test_only_private_files_have_restricted_permissions(tmp_path: Path) -> None:
    """Other programs may read a text, but not a key or an index."""
    before = os.umask(0o022)
    try:
        write(tmp_path / "text", b"")
        write(tmp_path / "key", b"", new=True, private=True)
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert modes == {"text": 0o644, "key": 0o600}


def test_temporary_files_of_a_crash_are_deleted_by_the_next_write(folder: Path) -> None:
    """Those of other running programs are not."""
    crashed, busy = folder / f".verbatim-{'0' * 16}.part", folder / f".verbatim-{'1' * 16}.part"
    foreign = folder / ".download.part"
    for path in (crashed, busy, foreign):
        path.write_bytes(b"---\ntitle: Half")
    long_ago = crashed.stat().st_mtime - ABANDONED_AFTER - 1
    for path in (crashed, foreign):
        os.utime(path, (long_ago, long_ago))
    reading = read_folder(folder)
    assert (reading.problems, reading.ignored, len(reading.sources)) == ((), (), 2)
    write(folder / "notes.txt", b"")
    assert [path.exists() for path in (crashed, busy, foreign)] == [False, True, True]


def test_temporary_folders_of_a_crash_are_deleted_too(tmp_path: Path) -> None:
    """They hold what a backup holds. One in which something is still written stays."""
    crashed, busy = (tmp_path / f".verbatim-{digit * 16}.part" for digit in "01")
    long_ago = time.time() - ABANDONED_AFTER - 1
    for path in (crashed, busy):
        (path / "tables").mkdir(parents=True)
        (path / "tables" / "questions.jsonl").write_text("[]", "utf-8")
        for one in (path, path / "tables", *crashed.rglob("*.jsonl")):
            os.utime(one, (long_ago, long_ago))
    with unfinished_folder(tmp_path) as made:
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert [path.exists() for path in (crashed, busy)] == [False, True]
    assert not made.exists()


def test_a_file_with_a_long_name_can_be_written(tmp_path: Path) -> None:
    """The temporary file's name does not depend on it."""
    path = tmp_path / ("x" * 252 + ".md")
    write(path, b"text")
    assert path.read_bytes() == b"text"


def test_a_folder_that_cannot_be_listed_can_still_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cleaning up is optional."""

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    write(tmp_path / "text.md", b"text")
    assert (tmp_path / "text.md").read_bytes() == b"text"
    atomic_file.remove_abandoned(tmp_path)
