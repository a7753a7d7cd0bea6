"""The folder: the good files, and everything wrong with the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import VerbatimError
from bot.texts import folder as folder_module
from bot.texts import text_file
from bot.texts.folder import Limits, read_folder, write_source
from bot.texts.text_file import TextFile, read_bytes
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


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_or_folder_whose_name_is_no_unicode_is_named(folder: Path) -> None:
    """As an archive from an old system leaves it. The name can be printed, logged and sent."""
    text = (folder / "bridge.md").read_bytes()
    (folder / os.fsdecode(b"caf\xe9")).mkdir()
    (folder / os.fsdecode(b"caf\xe9/tea.md")).write_bytes(text)
    (folder / os.fsdecode(b"caf\xe9.pdf")).write_bytes(b"%PDF")
    reading = read_folder(folder)
    assert [str(problem) for problem in reading.problems] == [
        "caf\ufffd/tea.md: its name is not UTF-8: rename it"
    ]
    assert reading.ignored == ("caf\ufffd.pdf",)
    assert {source.id for source in reading.sources} == {"bridge", "baking/bread"}


def test_other_files_are_not_opened(folder: Path) -> None:
    """A pipe would block."""
    os.mkfifo(folder / "pipe.md")
    (folder / "film.mp4").write_bytes(b"one")
    (problem,) = read_folder(folder).problems
    assert str(problem) == "pipe.md: is a special file, not a text"


def age(folder: Path) -> None:
    """Make the texts of `folder` look as old as texts mostly are."""
    for path in folder.rglob("*.md"):
        os.utime(path, (1_000_000, 1_000_000))


def read_when_old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, TextFile]:
    """Read the folder as if its files had been there for long."""
    age(folder)
    monkeypatch.setattr(text_file, "_YOUNG", -(10**18))
    return read_folder(folder).files


def test_unchanged_files_are_not_opened_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their texts are the same objects."""
    before = read_when_old(folder, monkeypatch)
    monkeypatch.setattr(text_file, "read_bytes", None)
    again = read_folder(folder, before)
    assert [file.source for file in again.files.values()] == [s.source for s in before.values()]
    assert all(again.files[name] is before[name] for name in before)


def test_a_file_that_was_touched_is_hashed_but_not_parsed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is so young that a change might not show in its times."""
    before = read_folder(folder).files
    assert {file.stamp for file in before.values()} == {None}
    monkeypatch.setattr("bot.texts.formats.knowledge_file.parse", None)
    assert read_folder(folder, before).files == before


def test_a_changed_file_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one of the same size and time."""
    before = read_when_old(folder, monkeypatch)
    path = folder / "bridge.md"
    path.write_text(path.read_text(encoding="utf-8").replace("eleven", "twelve"), encoding="utf-8")
    age(folder)
    after = read_folder(folder, before).files
    assert "twelve" in after["bridge.md"].source.posts[0].text
    assert after["baking/bread.md"].source is before["baking/bread.md"].source


def test_a_file_that_somebody_is_writing_stays_as_it_is_known(folder: Path) -> None:
    """A new one is left for later."""
    before = read_folder(folder).files
    for name in ("bridge.md", "new.md"):
        (folder / name).write_text("---\ntitle: hal", encoding="utf-8")
    found = read_folder(folder, before, unfinished={"bridge.md", "new.md"})
    assert found.files["bridge.md"] is before["bridge.md"]
    assert found.files.keys() == before.keys()
    assert found.problems == ()


def test_a_file_that_changes_while_it_is_read_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it is never taken for all of it."""

    def grows(path: Path, name: str) -> bytes:
        data = read_bytes(path, name)
        with path.open("ab") as file:
            file.write(b"more\n")
        return data

    (folder / "baking" / "bread.md").unlink()
    monkeypatch.setattr(text_file, "read_bytes", grows)
    (problem,) = read_folder(folder).problems
    assert str(problem).startswith("bridge.md: is being written at the moment")


def test_a_file_that_is_deleted_while_the_folder_is_read_is_no_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = list(folder_module._files(folder, []))
    (folder / "bridge.md").unlink()
    monkeypatch.setattr(folder_module, "_files", lambda *_: paths)
    found = read_folder(folder)
    assert (list(found.files), found.problems) == (["baking/bread.md"], ())


def deny(monkeypatch: pytest.MonkeyPatch, denied: Path) -> None:
    """Let listing a folder fail, which permissions do not do to root."""
    listed = os.scandir

    def scandir(path: str | Path) -> Any:
        if Path(path) == denied:
            raise PermissionError(13, "Permission denied", str(denied))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_folder_that_may_not_be_listed_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its texts are not taken for deleted ones."""
    deny(monkeypatch, folder / "baking")
    found = read_folder(folder)
    assert [str(problem) for problem in found.problems] == [
        "baking: cannot be read: Permission denied"
    ]
    assert not found.unusable
    deny(monkeypatch, folder)
    assert read_folder(folder).unusable


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(files=1), "2 files, but at most 1 are allowed: raise `knowledge.max_files`"),
        (Limits(bytes=100), "100 are allowed: raise `knowledge.max_bytes`"),
        (Limits(posts=4), "5 posts, but at most 4 are allowed: raise `knowledge.max_posts`"),
    ],
)
def test_a_folder_that_holds_too_much_is_refused(folder: Path, limits: Limits, named: str) -> None:
    """In one line that names the setting."""
    found = read_folder(folder, limits=limits)
    assert found.unusable
    (problem,) = found.problems
    assert named in str(problem)


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
    monkeypatch.setattr(text_file, "MAX_BYTES", 10)
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
