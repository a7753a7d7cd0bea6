"""The folder: the good files, and everything wrong with the others."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.models import VerbatimError
from bot.texts import folder as folder_module
from bot.texts.folder import fingerprint, read_bytes, read_folder, write_source
from tests.samples import BREAD, BRIDGE


def test_every_text_of_every_subfolder_is_read(folder: Path) -> None:
    """The id is the path without suffix."""
    reading = read_folder(folder)
    assert {source.id for source in reading.sources} == {"bridge", "baking/bread"}
    assert reading.problems == ()


def test_each_broken_file_is_named_and_the_good_ones_are_read(folder: Path) -> None:
    """One problem does not hide another."""
    (folder / "a.md").write_bytes(b"\xff")
    (folder / "b.txt").write_text("no front matter", encoding="utf-8")
    (folder / "c.md").mkdir()
    (folder / "d.pdf").write_bytes(b"%PDF")
    (folder / ".hidden.md").write_bytes(b"\xff")
    reading = read_folder(folder)
    assert {source.id for source in reading.sources} == {"bridge", "baking/bread"}
    assert sorted(problem.where for problem in reading.problems) == ["a.md", "b.txt", "c.md"]
    assert reading.ignored == ("d.pdf",)


def test_other_files_are_neither_opened_nor_hashed(folder: Path) -> None:
    """A pipe would block."""
    os.mkfifo(folder / "pipe.md")
    (folder / "film.mp4").write_bytes(b"one")
    before = fingerprint(folder)
    (folder / "film.mp4").write_bytes(b"other")
    assert before == fingerprint(folder)
    (problem,) = read_folder(folder).problems
    assert str(problem) == "pipe.md: is a folder or a special file, not a text"
    (folder / "bridge.md").write_text("other", encoding="utf-8")
    assert before != fingerprint(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """The bot never quotes what is not in its folder."""
    outside = tmp_path / "secret.md"
    outside.write_text("---\ntitle: T\nauthor: A\n---\nsecret\n", encoding="utf-8")
    (folder / "link.md").symlink_to(outside)
    (problem,) = read_folder(folder).problems
    assert "outside the knowledge folder" in problem.reason


def test_two_files_with_one_id_are_refused(folder: Path) -> None:
    """It would be unclear which one is meant."""
    text = (folder / "bridge.md").read_text(encoding="utf-8")
    (folder / "bridge.txt").write_text(text, encoding="utf-8")
    (problem,) = read_folder(folder).problems
    assert problem.where == "bridge.txt"


def test_a_folder_that_is_missing_or_empty_is_a_problem(tmp_path: Path) -> None:
    """A bot without texts is a mistake."""
    assert read_folder(tmp_path / "none").problems
    assert read_folder(tmp_path).problems


def test_a_file_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read."""
    monkeypatch.setattr(folder_module, "MAX_BYTES", 10)
    with pytest.raises(VerbatimError, match="10 are allowed"):
        read_bytes(folder / "bridge.md", "bridge.md")


def test_a_text_is_overwritten_only_on_request(folder: Path) -> None:
    """Atomically."""
    changed = replace(BRIDGE, title="Another title")
    with pytest.raises(VerbatimError, match="is there already"):
        write_source(changed, folder)
    write_source(changed, folder, replace=True)
    assert "Another title" in {source.title for source in read_folder(folder).sources}
    assert not list(folder.glob(".*"))


def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "knowledge").write_text("a file", encoding="utf-8")
    with pytest.raises(VerbatimError, match="cannot be written"):
        write_source(replace(BREAD, id="bread"), tmp_path / "knowledge")
