"""JSON files of fitted coefficients, stored by feature name and tied to the feature list that they were fitted for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import Problem, VerbatimError
from bot.search.feature_group import Floats

KEY = "feature_list_hash"
"""The key of the hash in a file."""


def feature_list_hash(*lists: Iterable[str]) -> str:
    """Hash lists of feature names: 16 hexadecimal digits that differ when a name is added, removed or renamed.

    The order within a list does not count, since coefficients are stored by name.
    """
    text = "\n\n".join("\n".join(sorted(names)) for names in lists)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def read_file(path: Path) -> dict[str, Any]:
    """Parse a file of coefficients; `require_fitted_for` has yet to check it."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def write_file(path: Path, feature_hash: str, sections: Mapping[str, object]) -> None:
    """Write a file of coefficients: its hash first, then `sections`."""
    data = {KEY: feature_hash, **sections}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def require_fitted_for(expected: str, data: Mapping[str, Any], path: Path) -> None:
    """Check that `data`, read from `path`, was fitted for the feature list with the `expected` hash.

    Raises:
        VerbatimError: it was fitted for another list. Even one feature more or less changes what all
            the other coefficients mean, and nothing else would show it.

    """
    if data.get(KEY) != expected:
        reason = (
            f"fitted for another list of features ({data.get(KEY)}, the code has {expected}):"
            " fit it again with `make fit`"
        )
        raise VerbatimError(Problem(str(path), reason))


def from_names(values: Mapping[str, float], names: Sequence[str]) -> Floats:
    """Arrange a section's coefficients in the order of `names`: (len(names),)."""
    return np.array([values[name] for name in names], np.float32)


def by_name(values: Floats, names: Sequence[str]) -> dict[str, float]:
    """Write coefficients as a section: four decimals, so that a refit shows as a readable difference."""
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
