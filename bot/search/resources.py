"""The data files of this package: word lists, word vectors and fitted coefficients, each loaded once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.errors import Problem, VerbatimError
from bot.search.data_files import DATA
from bot.search.feature_group import Floats
from bot.search.highlighting.clauses import (
    CLAUSE_FEATURES,
    READ_CLAUSE_FEATURES,
    load_clause_weights,
)
from bot.search.language.analysis import Analyzer
from bot.search.language.word_vectors import WordVectors, english_word_vectors
from bot.search.query.aliases import Aliases, build_aliases, read_groups
from bot.search.ranking.first_stage import Coefficients, load_coefficients
from bot.search.ranking.rankers import RERANKED, Rankers, Rerankers
from bot.search.ranking.second_stage import Reranker, load_reranker, require_reader

_GROUPS = ("countries.txt", "abbreviations.txt")
CLAUSES, READ_CLAUSES = "clauses.json", "clauses-read.json"
"""The weights that the clause in bold is chosen by, without the reader and with it."""


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """Word vectors, names for one thing, and everything that has been fitted."""

    word_vectors: WordVectors
    groups: Sequence[Sequence[str]]
    """Names of one thing in each."""
    rankers: Mapping[str, Coefficients]
    """Those of `rankers.RANKERS`, by name."""
    rerankers: Mapping[str, Reranker]
    """The second stage behind each of them that has one."""

    @property
    def clauses(self) -> Floats:
        """The weights of CLAUSE_FEATURES; loaded when they are first used, as rankers are."""
        return _clauses(DATA / CLAUSES, CLAUSE_FEATURES)

    @property
    def read_clauses(self) -> Floats:
        """The weights of READ_CLAUSE_FEATURES, for passages that the reader has read."""
        return _clauses(DATA / READ_CLAUSES, READ_CLAUSE_FEATURES)


@cache
def resources() -> Resources:
    """Load the data files of this package."""
    return Resources(
        word_vectors=english_word_vectors(),
        groups=[group for name in _GROUPS for group in read_groups(DATA / name)],
        rankers=Rankers(lambda file: load_coefficients(DATA / file)),
        rerankers=Rerankers(lambda file: load_reranker(DATA / file)),
    )


@cache
def common_aliases(language: str) -> Aliases:
    """Names for one thing in any text, analysed as texts in `language` are."""
    return build_aliases(resources().groups, Analyzer(language))


_clauses = cache(load_clause_weights)


def require_fitted_on(reader: str) -> None:
    """Check that every second stage was fitted on the reader whose weights have this hash.

    Raises:
        VerbatimError: one was not, or its file is missing or was fitted for other features.

    """
    for name, file in RERANKED.items():
        try:
            reranker = resources().rerankers[name]
        except OSError as error:
            reason = f"cannot be read ({error.strerror}): fetch the code again"
            raise VerbatimError(Problem(str(DATA / file), reason)) from error
        require_reader(reranker, reader, DATA / file)


def fingerprint(folder: Path = DATA) -> str:
    """Hash all data files: those that an index is built with are among them."""
    found = hashlib.blake2b(digest_size=8)
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        found.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()
