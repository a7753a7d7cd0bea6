"""Members as hashes, and the key that makes them."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.storage.members import hash_member_id, open_key, read_key


def test_a_hash_depends_on_key_and_member_alone() -> None:
    """Without the key nobody can try all ids."""
    one, other = bytes(32), bytes([1] * 32)
    assert hash_member_id(one, 7) == hash_member_id(one, 7)
    assert len({hash_member_id(one, 7), hash_member_id(one, 8), hash_member_id(other, 7)}) == 3
    assert hash_member_id(one, 7) != hashlib.blake2b(b"7", digest_size=16).hexdigest()
    assert (
        bytes.fromhex(hash_member_id(one, 7))
        == hashlib.blake2b(b"7", digest_size=16, key=one).digest()
    )


def test_the_key_is_created_once_for_its_owner(key_file: Path) -> None:
    """32 random bytes; no temporary file is left."""
    before = os.umask(0)
    try:
        made = open_key(key_file)
    finally:
        os.umask(before)
    assert len(made) == 32
    assert made == open_key(key_file) == read_key(key_file) == key_file.read_bytes()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [key_file] == list(key_file.parent.iterdir())
    assert made != open_key(key_file.with_name("other"))


def test_a_key_created_by_another_process_is_used(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never overwritten."""
    theirs = b"t" * 32

    def late(size: int) -> bytes:
        key_file.write_bytes(theirs)
        return b"o" * size

    monkeypatch.setattr(secrets, "token_bytes", late)
    assert theirs == open_key(key_file)
    assert [key_file] == list(key_file.parent.iterdir())


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_an_invalid_key_is_refused_and_not_changed(key_file: Path, content: bytes) -> None:
    """The message names the file and the reason."""
    key_file.write_bytes(content)
    with pytest.raises(VerbatimError, match=f"is not a key: it has {len(content)} bytes") as caught:
        open_key(key_file)
    assert str(caught.value).startswith(str(key_file))
    assert content == key_file.read_bytes()


def test_a_key_that_cannot_be_read_or_created_is_one_line(tmp_path: Path) -> None:
    """A folder in its place, or no folder for it."""
    with pytest.raises(VerbatimError, match="is a folder, not a file"):
        open_key(tmp_path)
    with pytest.raises(VerbatimError, match="cannot be created") as caught:
        open_key(tmp_path / "none" / "verbatim.key")
    assert "\n" not in str(caught.value)
