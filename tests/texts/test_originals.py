"""Originals are kept within the knowledge folder, and found again."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.texts import originals
from bot.texts.folder import read_folder
from bot.texts.originals import ImportOptions


def test_an_original_is_found_by_the_id_of_its_text(folder: Path) -> None:
    """With how it was read; it is no text of the folder, and for its owner alone."""
    before = read_folder(folder)
    options = ImportOptions("numbered", names=True)
    path = originals.keep(folder, "baking/bread", "Paste.TXT", io.BytesIO(b"1/ x"), options)
    assert path == folder / ".originals/baking/bread.txt"
    assert path.read_bytes() == b"1/ x"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert originals.find(folder, "baking/bread").options == options
    assert originals.kept_ids(folder) == ["baking/bread"]
    assert read_folder(folder) == before


def test_a_later_original_takes_the_place_of_the_earlier_one(folder: Path) -> None:
    """Whatever the suffix."""
    originals.keep(folder, "a", "a.json", io.BytesIO(b"1"), ImportOptions(names=True))
    originals.keep(folder, "a", "a.htm l", io.BytesIO(b"2"), ImportOptions())
    assert sorted(path.name for path in (folder / ".originals").iterdir()) == ["a.txt"]
    assert originals.find(folder, "a").options == ImportOptions()


def test_one_that_is_too_large_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import goes on without."""
    monkeypatch.setattr(originals, "MAX_BYTES", 3)
    assert originals.keep(folder, "a", "a.txt", io.BytesIO(b"1234"), ImportOptions()) is None


def test_a_text_without_an_original_and_a_link_out_of_the_folder_are_refused(
    folder: Path, tmp_path: Path
) -> None:
    """With what to do."""
    with pytest.raises(VerbatimError, match="import the file itself"):
        originals.find(folder, "a")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / ".originals").mkdir()
    (folder / ".originals/a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(VerbatimError, match="import the file itself"):
        originals.find(folder, "a")


def test_no_more_originals_are_kept_than_allowed(folder: Path) -> None:
    """The oldest go, with how they were read and with empty folders; none is kept where none is allowed."""
    names = ImportOptions(names=True)
    for age, source_id in enumerate(("a/b/old", "a/new", "newer")):
        path = originals.keep(folder, source_id, "x.txt", io.BytesIO(b"x"), names, most=3)
        assert path is not None
        os.utime(path, ns=(age, age))
    assert originals.kept_ids(folder) == ["a/b/old", "a/new", "newer"]
    originals.keep(folder, "newest", "x.txt", io.BytesIO(b"x"), names, most=2)
    assert originals.kept_ids(folder) == ["newer", "newest"]
    assert not (folder / ".originals/a").exists()
    assert originals.keep(folder, "last", "x.txt", io.BytesIO(b"x"), names, most=0) is None
