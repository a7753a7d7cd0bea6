"""Groups of features: a dataclass whose fields are the features' names, filled by name where they are computed.

A ranker stores its coefficients by these names, so a new feature is one new field: constructing the group
without it is a type error, and the hash of the feature list (`coefficient_files`) refuses the old coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Column = NDArray[np.floating[Any]]
"""Of any precision: `as_matrix` makes it float32."""


@dataclass(frozen=True, slots=True, eq=False)
class FeatureGroup:
    """Features of a set of rows (candidates, hits or phrases); a field is an array over the rows, or one number for all."""

    @classmethod
    def feature_names(cls) -> tuple[str, ...]:
        """List the features in the order of the group's columns."""
        return _field_names(cls)  # type: ignore[arg-type]  # mypy compares the hash of instances

    @classmethod
    def from_columns(cls, columns: Iterable[Any]) -> Self:
        """Build a group from columns in the order of `feature_names`: of a matrix product, one a feature."""
        return cls(**dict(zip(cls.feature_names(), columns, strict=True)))

    @classmethod
    def zeros(cls, rows: int) -> Self:
        """Build a group of features that are all 0."""
        return cls.from_columns(np.zeros((len(cls.feature_names()), rows), np.float32))

    def as_vector(self) -> Floats:
        """Lay out a group of single numbers: (features,)."""
        return np.array([getattr(self, name) for name in self.feature_names()], np.float32)


@cache
def _field_names(group: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(group))


def names_in(groups: Iterable[type[FeatureGroup]]) -> tuple[str, ...]:
    """List the features of several groups, in the order in which `as_matrix` puts them."""
    return tuple(name for group in groups for name in group.feature_names())


def as_matrix(groups: Iterable[FeatureGroup], rows: int) -> Floats:
    """Lay groups out side by side: (rows, features), one contiguous block of memory for each feature."""
    columns = [getattr(group, name) for group in groups for name in group.feature_names()]
    matrix = np.empty((len(columns), rows), np.float32)
    for place, column in zip(matrix, columns, strict=True):
        place[...] = column
    return matrix.T
