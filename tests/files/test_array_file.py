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


def test_arrays_are_read_back_and_cannot_be_changed(path: Path) -> None:
    """With the parameters beside them."""
    parameters, arrays = array_file.read(path, "print")
    assert parameters == {"k1": 0.4, "name": "ü"}
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_where_a_mapped_file_could_not_be_replaced_it_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows: a reload writes the index, and the vectors, over those that are in use."""
    monkeypatch.setattr(array_file, "MAPS", False)
    monkeypatch.setattr("bot.files.array_file.mmap.mmap", None)
    parameters, arrays = array_file.read(path, "print")
    array_file.write(path, "print", parameters, {"numbers": np.zeros(3, np.int32)})
    for name, array in ARRAYS.items():
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_a_file_of_other_texts_or_none_is_not_used(path: Path, tmp_path: Path) -> None:
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
def test_a_changed_byte_is_noticed_wherever_it_is(path: Path, place: float) -> None:
    """Nothing damaged is ever trusted: each byte but the padding is under a checksum."""
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 0x40
    path.write_bytes(data)
    assert reason(path) in {"foreign", "damaged"}


@pytest.mark.parametrize("length", [0, 7, 12, 100, 2_000, -1])
def test_a_file_that_was_cut_short_is_noticed(path: Path, length: int) -> None:
    """Also in the middle of its header; and one with something after its end."""
    path.write_bytes(path.read_bytes()[:length])
    assert reason(path) in {"foreign", "damaged"}


def test_something_after_the_end_is_noticed(path: Path) -> None:
    """It was not written by us."""
    path.write_bytes(path.read_bytes() + b"x")
    assert reason(path) == "damaged"


def test_a_failed_write_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing beside it."""
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        array_file.write(path, "print", {}, {})
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
