"""Hashes member ids, with a secret key without which they cannot be recovered."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

import structlog

from bot.errors import Problem, VerbatimError
from bot.files import atomic_file, file_errors

KEY_BYTES = 32

_log = structlog.get_logger("verbatim.storage")


def hash_member_id(key: bytes, member_id: int) -> str:
    """Hash a member's id: BLAKE2b keyed with `key`, 32 hex digits."""
    return hashlib.blake2b(str(member_id).encode(), digest_size=16, key=key).hexdigest()


def read_key(file: Path) -> bytes | None:
    """Read the key in `file`; None if there is no such file.

    Raises:
        VerbatimError: it cannot be read, or is not a key.

    """
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VerbatimError(Problem(str(file), file_errors.why_unreadable(error))) from error
    if len(key) != KEY_BYTES:
        reason = f"is not a key: it has {len(key)} bytes, not {KEY_BYTES}; put the right file back"
        raise VerbatimError(Problem(str(file), reason))
    return key


def open_key(file: Path) -> bytes:
    """Read the key in `file`; create it if it is missing, readable by the owner alone.

    Raises:
        VerbatimError: it cannot be read or created, or is not a key.

    """
    key = read_key(file)
    if key is None:
        try:
            _create_key(file)
        except OSError as error:
            raise VerbatimError(
                Problem(str(file), f"cannot be created: {error.strerror}")
            ) from error
        key = read_key(file)
    if key is None:
        raise VerbatimError(Problem(str(file), "was deleted while it was being built"))
    return key


def _create_key(file: Path) -> None:
    """Create a key in `file`, atomically, unless another process was faster."""
    with suppress(atomic_file.TakenError):
        with atomic_file.replacing(file, new=True, private=True) as out:
            out.write(secrets.token_bytes(KEY_BYTES))
        _log.info("made the key that members are hashed with", file=str(file))
