"""What retrieval knows of language beside the texts: data files of this package, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.retrieval.aliases import read_groups
from bot.retrieval.associations import Associations, load_associations
from bot.retrieval.clauses import load_worth
from bot.retrieval.matching import Floats
from bot.retrieval.ranking import Coefficients, load_coefficients

DATA = Path(__file__).parent / "data"
_GROUPS = ("countries.txt", "abbreviations.txt")
_ASSOCIATIONS = "associations.npz"
CLAUSES = "clauses.json"
"""What is worth how much in choosing the clause in bold."""
LEXICAL = "lexical"
FITTED = {
    LEXICAL: "ranking.json",
    "e5": "ranking-e5.json",
    "e5-foreign": "ranking-e5-foreign.json",
    "minilm": "ranking-minilm.json",
}
"""The files of the fitted rankers."""


@dataclass(frozen=True, slots=True, eq=False)
class Rankers(Mapping[str, Coefficients]):
    """The fitted rankers by name, each read from its file when it is first asked for.

    Not before: a fit reads texts while the files are still those of an older list of features.
    """

    files: Mapping[str, Path]

    def __getitem__(self, name: str) -> Coefficients:
        return _ranker(self.files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """Words that mean alike, names for one thing, and what has been fitted."""

    associations: Associations
    groups: Sequence[Sequence[str]]
    rankers: Mapping[str, Coefficients]
    """Without a model of meaning, with each default model, and for questions in other languages."""

    @property
    def clauses(self) -> Floats:
        """What each of clauses.SIGNS is worth; read when it is first asked for, as rankers are."""
        return _clauses(DATA / CLAUSES)


@cache
def resources() -> Resources:
    """Return the data files of this package."""
    return Resources(
        associations=load_associations(DATA / _ASSOCIATIONS),
        groups=[group for name in _GROUPS for group in read_groups(DATA / name)],
        rankers=Rankers(
            {name: DATA / file for name, file in FITTED.items() if (DATA / file).exists()}
        ),
    )


_ranker, _clauses = cache(load_coefficients), cache(load_worth)


def fingerprint() -> str:
    """Return a hash of the data files that an index is made with."""
    found = hashlib.blake2b((DATA / _ASSOCIATIONS).read_bytes(), digest_size=8)
    return found.hexdigest()
