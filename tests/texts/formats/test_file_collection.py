"""Folders and zips of files."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import folder_files, registry, zip_files
from bot.texts.formats.file_collection import FileCollection
from tests.texts.formats.hostile import zipped

FILES = {
    "notes/one.md": b"# One\n\nWords of one.",
    "two.html": b"<!DOCTYPE html><p>Words of two.",
    "picture.png": b"\x89PNG\r\n\x1a\n\0\0\0",
    "empty.txt": b"",
    "inner.zip": zipped({"a.txt": b"x"}),
    "__MACOSX/one.md": b"x",
    ".hidden/x.txt": b"x",
}


def in_folder(folder: Path) -> FileCollection:
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder_files.open_folder(folder)


def in_zip(_: Path) -> FileCollection:
    return zip_files.parse(io.BytesIO(zipped(FILES)), "z.zip")


@pytest.mark.parametrize("opened", [in_folder, in_zip])
def test_each_file_is_read_in_its_own_format(opened, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Files that none reads are reported."""
    files: FileCollection = opened(tmp_path)
    assert [(entry.id, entry.title) for entry in files] == [
        ("inner.zip", "inner.zip"),
        ("notes/one.md", "one.md"),
        ("two.html", "two.html"),
    ]
    assert files.parse("notes/one.md").posts == ("# One", "Words of one.")
    assert files.parse("two.html").posts == ("Words of two.",)
    assert files.original("notes/one.md") == ("one.md", FILES["notes/one.md"])
    reasons = " ".join(line.reason for line in files.dropped)
    assert "picture" in reasons
    assert "hidden file" in reasons
    with pytest.raises(VerbatimError, match="contains files of its own"):
        files.parse("inner.zip")
    with pytest.raises(VerbatimError, match="has no file"):
        files.parse("../two.html")


def test_paths_in_a_zip_lead_nowhere(tmp_path: Path) -> None:
    """They are names: nothing is written."""
    names = ["../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a\x1b[31m.txt"]
    files = zip_files.parse(
        io.BytesIO(zipped(dict.fromkeys(names, b"Words."))), str(tmp_path / "z.zip")
    )
    assert len(list(files)) == 4
    for entry in files:
        assert entry.id.isprintable()
        assert files.parse(entry.id).posts == ("Words.",)
        assert "/" not in files.original(entry.id).name
    assert list(tmp_path.iterdir()) == []


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    """Nor pipes opened."""
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("Secret.", encoding="utf-8")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "fine.txt").write_text("Words.", encoding="utf-8")
    os.mkfifo(inside / "pipe.txt")
    files = folder_files.open_folder(inside)
    assert [entry.id for entry in files] == ["fine.txt"]
    assert {line.reason for line in files.dropped} == {
        "a link to a place outside the folder",
        "not a regular file",
    }


def test_empty_ones_are_refused(tmp_path: Path) -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="is an empty folder"):
        folder_files.open_folder(tmp_path)
    with pytest.raises(VerbatimError, match="is an empty zip"):
        zip_files.parse(io.BytesIO(zipped({})), "z.zip")


def test_a_zip_of_a_format_of_its_own_is_not_taken_for_files() -> None:
    """The formats that are zips are tried before."""
    data = zipped({"[Content_Types].xml": "x", "word/document.xml": "x"})
    assert registry.choose(io.BytesIO(data), "x.zip").NAME == "docx"
    assert registry.choose(io.BytesIO(zipped({"a.txt": "x"})), "x.docx").NAME == "zip"
