"""What an index is to hold, as it is built: its documents, and how they are checked once they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[int, int], None]
"""Is told how many documents are done, and of how many."""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The documents of one index, and its name, which changes with any of them."""

    name: str
    total: int
    """Documents."""
    body: Mapping[str, Any]
    """Settings and mappings."""
    bulk_bodies: Callable[[], Iterator[tuple[int, bytes]]]
    """Yields bulk requests, each with the number of its documents."""
    differences: Callable[[], str]
    """Describes what the finished index answers wrongly; empty if nothing."""
    meta: Mapping[str, str] = field(default_factory=dict)
    """What else is written into the index about it."""
