"""DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/): the strict part of CBOR that Bluesky's repositories are in."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

MAX_DEPTH = 100
_CID_TAG = 42


class CborError(ValueError):
    """The bytes are not DAG-CBOR."""


class Cid(NamedTuple):
    """The id of a block: version, codec and hash of its contents, as bytes."""

    bytes: bytes


def decode(data: bytes) -> Any:
    """Decode one value. Raises CborError."""
    value, end = _value(data, 0, 0)
    if end != len(data):
        raise CborError("there is something after its end")
    return value


def cid_at(data: bytes) -> Cid:
    """Read the id that `data` begins with. Raises CborError."""
    if data[:2] == b"\x12\x20":  # version 0: a bare SHA-256
        return _checked(data, 34)
    at = 0
    for _ in range(3):  # version, codec, hash function
        _, at = _varint(data, at)
    length, at = _varint(data, at)
    return _checked(data, at + length)


def _checked(data: bytes, length: int) -> Cid:
    if length > len(data):
        raise CborError("an id ends early")
    return Cid(data[:length])


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 63, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise CborError("a number is cut short")


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise CborError("nested too deeply")
    if at >= len(data):
        raise CborError("it ends early")
    major, info = data[at] >> 5, data[at] & 0x1F
    if major == 7:
        return _simple(data, at, info)
    number, at = _argument(data, at + 1, info)
    if major in {2, 3}:
        return _string(data, at, number, is_text=major == 3)
    if major in {4, 5}:
        return _list_or_map(data, at, number, depth, is_map=major == 5)
    if major == 6:
        return _cid(data, at, number, depth)
    return (number if major == 0 else -1 - number), at


def _string(data: bytes, at: int, length: int, *, is_text: bool) -> tuple[Any, int]:
    if length > len(data) - at:
        raise CborError("a text ends early")
    raw = data[at : at + length]
    return raw.decode("utf-8", "replace") if is_text else raw, at + length


def _cid(data: bytes, at: int, tag: int, depth: int) -> tuple[Cid, int]:
    inner, at = _value(data, at, depth + 1)
    if tag != _CID_TAG or not isinstance(inner, bytes) or inner[:1] != b"\0":
        raise CborError("an unknown tag")
    return Cid(inner[1:]), at


def _argument(data: bytes, at: int, info: int) -> tuple[int, int]:
    if info < 24:
        return info, at
    size = 1 << (info - 24)
    if info > 27 or at + size > len(data):
        raise CborError("a number ends early")
    return int.from_bytes(data[at : at + size], "big"), at + size


def _list_or_map(data: bytes, at: int, number: int, depth: int, *, is_map: bool) -> tuple[Any, int]:
    count = 2 * number if is_map else number
    if count > len(data) - at:  # each takes a byte at least
        raise CborError("a list ends early")
    found: list[Any] = []
    for _ in range(count):
        value, at = _value(data, at, depth + 1)
        found.append(value)
    if not is_map:
        return found, at
    if not all(isinstance(key, str) for key in found[::2]):
        raise CborError("a key is not a string")
    return dict(zip(found[::2], found[1::2], strict=True)), at


def _simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    if info == 27 and at + 9 <= len(data):
        return struct.unpack(">d", data[at + 1 : at + 9])[0], at + 9
    values = {20: False, 21: True, 22: None}
    if info not in values:
        raise CborError("an unknown value")
    return values[info], at + 1
