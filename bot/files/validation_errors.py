"""Says in plain words what pydantic refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_KEYS_BELOW = "needs `key: value` lines below it"
_LIST = "must be a list, such as [one, other]"
_WHOLE_NUMBER = "must be a whole number"
_NUMBER = "must be a number"
_TRUE_OR_FALSE = "must be true or false"
_PLAIN_REASONS = {
    "bool_parsing": _TRUE_OR_FALSE,
    "bool_type": _TRUE_OR_FALSE,
    "dict_type": _KEYS_BELOW,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "list_type": _LIST,
    "model_type": _KEYS_BELOW,
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "is empty",
    "tuple_type": _LIST,
    "string_type": "must be a text: put it in quotes",
}


def of_chosen_branches(errors: Sequence[Any]) -> list[Any]:
    """Leave out errors that say only that a section is not the word (`auto`) that would be allowed in its place."""
    return [item for item in errors if not _is_other_branch(item, errors)]


def _is_other_branch(item: Any, errors: Sequence[Any]) -> bool:
    *key, branch = item["loc"] or ("",)
    if item["type"] != "literal_error" or not is_added(branch):
        return False
    return any(list(o["loc"][: len(key)]) == key for o in errors if o["type"] != item["type"])


def is_added(part: str | int) -> bool:
    """Whether pydantic has put this into a path: `[key]`, or the name of a validator."""
    return isinstance(part, str) and part.endswith("]") and "[" in part


def reason(item: Any) -> str:
    """What is wrong with the value, without its key."""
    plain = _PLAIN_REASONS.get(item["type"])
    return plain.format(**item.get("ctx", {})) if plain else _lower_first(item["msg"])


def _lower_first(text: str) -> str:
    text = text.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
