"""What retrieval knows of language beside the texts: data files of this package, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.retrieval.aliases import read_groups
from bot.retrieval.associations import Associations, load_associations
from bot.retrieval.ranking import Coefficients, load_coefficients

_DATA = Path(__file__).parent / "data"
_GROUPS = ("countries.txt", "abbreviations.txt")
_ASSOCIATIONS = "associations.npz"
_COEFFICIENTS = "ranking.json"


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """Words that mean alike, names for one thing, and the fitted ranker."""

    associations: Associations
    groups: Sequence[Sequence[str]]
    coefficients: Coefficients


@cache
def resources() -> Resources:
    """Return the data files of this package."""
    return Resources(
        associations=load_associations(_DATA / _ASSOCIATIONS),
        groups=[group for name in _GROUPS for group in read_groups(_DATA / name)],
        coefficients=load_coefficients(_DATA / _COEFFICIENTS),
    )


def fingerprint() -> str:
    """Return a hash of the data files that an index is made with."""
    found = hashlib.blake2b((_DATA / _ASSOCIATIONS).read_bytes(), digest_size=8)
    return found.hexdigest()
