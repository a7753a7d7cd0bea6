"""Zip files, and what a hostile one cannot do."""

from __future__ import annotations

import io

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import zip_package
from bot.texts.formats.zip_package import ZipPackage
from tests.texts.formats.hostile import BILLION_LAUGHS, OUTSIDE_FILE, zipped


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one part that is too large, nor many together."""
    package = ZipPackage(io.BytesIO(zipped({"a": b"\0" * 3_000_000})), "b.zip")
    with pytest.raises(VerbatimError, match="unpacks to more than is allowed"):
        package.read("a", 1_000_000)
    monkeypatch.setattr(zip_package, "MOST_BYTES", 2_500)
    package = ZipPackage(io.BytesIO(zipped(dict.fromkeys("abc", b"\x00" * 1000))), "b.zip")
    package.read("a")
    package.read("b")
    with pytest.raises(VerbatimError, match="unpacks to more than is allowed"):
        package.read("c")


def test_a_size_that_is_a_lie_does_not_matter() -> None:
    """What is unpacked is counted."""
    data = bytearray(zipped({"a": b"\0" * 100_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    try:
        assert len(ZipPackage(io.BytesIO(bytes(data)), "b.zip").read("a", 1_000)) <= 1_000
    except VerbatimError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("xml", [BILLION_LAUGHS, OUTSIDE_FILE])
def test_entities_are_refused(xml: str) -> None:
    """No file is read by one, and none grows."""
    with pytest.raises(VerbatimError, match="declares entities"):
        ZipPackage(io.BytesIO(zipped({"a.xml": xml})), "b.zip").xml("a.xml")


def test_missing_and_locked_parts_are_named() -> None:
    """In a line."""
    data = bytearray(zipped({"a": b"words"}))
    with pytest.raises(VerbatimError, match="its part b is missing"):
        ZipPackage(io.BytesIO(bytes(data)), "b.zip").read("b")
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(VerbatimError, match="password"):
        ZipPackage(io.BytesIO(bytes(data)), "b.zip").read("a")
    with pytest.raises(VerbatimError, match="password"):
        ZipPackage(io.BytesIO(bytes(data)), "b.zip").peek("a", 10)


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any is read."""
    monkeypatch.setattr(zip_package, "MOST_PARTS", 2)
    with pytest.raises(VerbatimError, match="3 files, but at most 2 are allowed"):
        ZipPackage(io.BytesIO(zipped(dict.fromkeys("abc", b""))), "b.zip")


def test_damage_anywhere_is_a_line() -> None:
    """Each byte changed."""
    whole = zipped({"a.xml": "<a>words</a>", "b.xml": "<b>more</b>"})
    for at in range(0, len(whole), 3):
        data = whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :]
        try:
            package = ZipPackage(io.BytesIO(data), "b.zip")
            for name in package.names:
                package.read(name)
        except VerbatimError as error:
            assert "\n" not in str(error)


def test_a_part_without_a_name_is_left_out() -> None:
    """Found by fuzzing: such a part is neither a file nor a folder."""
    whole = zipped({"q.txt": b"x", "a.txt": b"words"}).replace(b"q.txt", b"\0.txt")
    assert ZipPackage(io.BytesIO(whole), "file").names == ("a.txt",)
