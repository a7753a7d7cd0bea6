"""Archives with checksums."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.operations import archive
from bot.operations.archive import Member


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive of two files."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(name * 5_000, encoding="utf-8")
        (tmp_path / name).chmod(0o640)
    members = [Member("a", tmp_path / "a"), Member("in/b", tmp_path / "b")]
    archive.write(tmp_path / "made", [*members, Member("gone", tmp_path / "gone")], {"rows": 1})
    return tmp_path / "made"


def extract(path: Path) -> tuple[dict[str, object], Path]:
    folder = path.with_name("out")
    folder.mkdir()
    return archive.extract(path, folder), folder


def test_what_is_written_comes_back(made: Path) -> None:
    """With its permissions; a file that is gone meanwhile is left out."""
    manifest, out = extract(made)
    assert manifest["rows"] == 1
    assert (out / "in" / "b").read_text("utf-8") == "b" * 5_000
    assert (out / "in" / "b").stat().st_mode & 0o777 == 0o640
    assert not (out / "gone").exists()
    assert archive.read(made, "a") == b"a" * 5_000
    assert archive.read(made, "c") is None


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"a\\b.txt", "\u0628\n.txt".encode()])
def test_a_file_of_any_name_comes_back(tmp_path: Path, name: bytes) -> None:
    """Also of one that is no Unicode, or that another system would take for a path."""
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"x")
    archive.write(tmp_path / "made", [Member(path.name, path)], {})
    _, out = extract(tmp_path / "made")
    assert (out / path.name).read_bytes() == b"x"


def test_a_file_with_two_names_comes_back_under_both(tmp_path: Path) -> None:
    """Copies of a folder that share their files, as backup programs make them, are not damaged."""
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    archive.write(tmp_path / "made", [Member(name, tmp_path / name) for name in "ab"], {})
    _, out = extract(tmp_path / "made")
    assert (out / "b").read_bytes() == b"x"


def test_only_the_owner_can_read_it(made: Path) -> None:
    """It holds questions and the key."""
    assert made.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cut", [0, 30, -30])
def test_a_file_that_is_cut_is_refused(made: Path, cut: int) -> None:
    made.write_bytes(made.read_bytes()[:cut])
    with pytest.raises(VerbatimError, match="is damaged, or not a backup"):
        extract(made)


def test_changed_content_is_refused(made: Path, tmp_path: Path) -> None:
    """Though it is a perfect tar file."""
    manifest = archive.read(made, archive.MANIFEST) or b""
    _tar(made, {"a": b"x", "in/b": b"b" * 5_000, archive.MANIFEST: manifest})
    with pytest.raises(VerbatimError, match="checksums do not match"):
        extract(made)


@pytest.mark.parametrize("name", ["../out.txt", "/etc/x", "a/../../x", "a\\..\\x"])
def test_no_member_leaves_the_folder(tmp_path: Path, name: str) -> None:
    _tar(tmp_path / "bad", {name: b"x"})
    with pytest.raises(VerbatimError, match="is damaged"):
        extract(tmp_path / "bad")


def test_links_are_refused(tmp_path: Path) -> None:
    """They could lead out of the folder."""
    with tarfile.open(tmp_path / "bad", "w:gz") as tar:
        info = tarfile.TarInfo("a")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(VerbatimError, match="not a backup"):
        extract(tmp_path / "bad")


def test_an_archive_of_something_else_or_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    _tar(tmp_path / "other", {"a": b"x"})
    with pytest.raises(VerbatimError, match="is not a backup of verbatim"):
        extract(tmp_path / "other")
    (tmp_path / "out" / "a").unlink()
    (tmp_path / "out").rmdir()
    _tar(tmp_path / "newer", {archive.MANIFEST: b'{"format": 99, "files": {}}'})
    with pytest.raises(VerbatimError, match="newer version"):
        extract(tmp_path / "newer")
    with pytest.raises(VerbatimError, match="there is no such file"):
        archive.extract(tmp_path / "none", tmp_path)


def _tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
