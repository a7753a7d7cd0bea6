"""A file of arrays is read back whole, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.files import array_file
from bot.files.array_file import UnusableFileError

ARRAYS: dict[str, NDArray[Any]] = {
    "numbers": np.arange(1_000, dtype=np.int32),
    "shares": np.linspace(0, 1, 77, dtype=np.float32),
    "empty": np.zeros(0, np.uint8),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with `ARRAYS`."""
    path = tmp_path / "arrays"
    array_file.write(path, "print", {"k1": 0.4, "name": "ü"}, ARRAYS)
    return path


def reason(path: Path, fingerprint: str = "print") -> str:
    with pytest.raises(UnusableFileError) as caught:
        array_file.read(path, fingerprint)
    return caught.value.reason


def test_arrays_are_read_back_and_are_read_only(path: Path) -> None:
    """With the parameters."""
    parameters, arrays = array_file.read(path, "print")
    assert parameters == {"k1": 0.4, "name": "ü"}
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_on_windows_files_are_read_not_mapped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapped file could not be replaced by the next reload."""
    monkeypatch.setattr(array_file, "MAPS", False)
    monkeypatch.setattr("bot.files.array_file.mmap.mmap", None)
    parameters, arrays = array_file.read(path, "print")
    array_file.write(path, "print", parameters, {"numbers": np.zeros(3, np.int32)})
    for name, array in ARRAYS.items():
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_a_file_with_another_fingerprint_or_a_missing_file_is_not_used(
    path: Path, tmp_path: Path
) -> None:
    """The reason is one word."""
    assert reason(path, "other") == "fingerprint"
    assert reason(tmp_path / "none") == "missing"
    (tmp_path / "foreign").write_bytes(b"PK\x03\x04" + b"x" * 100)
    assert reason(tmp_path / "foreign") == "foreign"


def test_another_version_is_not_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither older nor newer."""
    monkeypatch.setattr(array_file, "VERSION", array_file.VERSION + 1)
    assert reason(path) == "version"


@pytest.mark.parametrize("place", [0.0, 0.01, 0.3, 0.6, 0.95])
def test_any_changed_byte_is_noticed(path: Path, place: float) -> None:
    """Every byte except padding is under a checksum."""
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 0x40
    path.write_bytes(data)
    assert reason(path) in {"foreign", "damaged"}


@pytest.mark.parametrize("length", [0, 7, 12, 100, 2_000, -1])
def test_a_truncated_file_is_noticed(path: Path, length: int) -> None:
    """Even in the middle of its header."""
    path.write_bytes(path.read_bytes()[:length])
    assert reason(path) in {"foreign", "damaged"}


def test_trailing_bytes_are_noticed(path: Path) -> None:
    """They were not written by us."""
    path.write_bytes(path.read_bytes() + b"x")
    assert reason(path) == "damaged"


def test_a_failed_write_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no temporary file."""
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        array_file.write(path, "print", {}, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
