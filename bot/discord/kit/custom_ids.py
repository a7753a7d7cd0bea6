"""Numbers in base 64: the state of a component must fit into the 100 characters of its `custom_id`."""

from __future__ import annotations

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGITS = r"[A-Za-z0-9_-]"
"""Regular expression of one digit of base 64."""

BASE = len(_ALPHABET)
USER_LENGTH = 11
"""Digits of a member's id."""


def digits(number: int, length: int) -> str:
    """Write `number` in base 64, in `length` digits."""
    return "".join(_ALPHABET[number >> 6 * i & 63] for i in reversed(range(length)))


def number_of(text: str) -> int:
    """Read what `digits` wrote."""
    number = 0
    for digit in text:
        number = number << 6 | _ALPHABET.index(digit)
    return number
