"""Members, known only by a hash that cannot be turned back without the key."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

import structlog

from bot.files import atomic_file
from bot.models import Problem, VerbatimError

KEY_BYTES = 32

_log = structlog.get_logger("verbatim.storage")


def hash_member_id(key: bytes, member_id: int) -> str:
    """Return the 32 hex digits that stand for a member: BLAKE2b keyed with `key`."""
    return hashlib.blake2b(str(member_id).encode(), digest_size=16, key=key).hexdigest()


def read_key(file: Path) -> bytes | None:
    """Return the key in `file`, or None if there is no such file.

    Raises:
        VerbatimError: it cannot be read, or is no key.

    """
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VerbatimError(Problem(str(file), f"cannot be read: {error.strerror}")) from error
    if len(key) != KEY_BYTES:
        reason = f"is no key: it has {len(key)} bytes, not {KEY_BYTES}; put the right file back"
        raise VerbatimError(Problem(str(file), reason))
    return key


def open_key(file: Path) -> bytes:
    """Return the key in `file`; if there is none, make it, for the owner's eyes alone.

    Raises:
        VerbatimError: it cannot be read or made, or is no key.

    """
    key = read_key(file)
    if key is None:
        try:
            _make_key(file)
        except OSError as error:
            raise VerbatimError(Problem(str(file), f"cannot be made: {error.strerror}")) from error
        key = read_key(file)
    if key is None:
        raise VerbatimError(Problem(str(file), "was taken away while it was made"))
    return key


def _make_key(file: Path) -> None:
    """Put a whole key at `file`, unless somebody else was faster."""
    with suppress(atomic_file.TakenError):
        with atomic_file.replacing(file, new=True, private=True) as out:
            out.write(secrets.token_bytes(KEY_BYTES))
        _log.info("made the key that members are hashed with", file=str(file))
