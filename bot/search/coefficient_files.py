"""Which features a file of coefficients was fitted for: a hash of their names stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.models import Problem, VerbatimError

KEY = "feature_list_hash"
"""Under which the hash stands in the file."""


def feature_list_hash(*lists: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that differ when a name is added, removed or renamed.

    The order within a list is of no account: coefficients are stored by name.
    """
    text = "\n\n".join("\n".join(sorted(names)) for names in lists)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def require_fitted_for(expected: str, data: Mapping[str, Any], path: Path) -> None:
    """Return if `data`, read from `path`, was fitted for the feature list whose hash is `expected`.

    Raises:
        VerbatimError: it was not, and would weigh other features than its fit has seen.

    """
    if data.get(KEY) != expected:
        reason = (
            f"fitted for another list of features ({data.get(KEY)}, the code has {expected}):"
            " fit it anew with `make fit`"
        )
        raise VerbatimError(Problem(str(path), reason))
