"""The passages that are searched, as retrieval sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.models import Passage, Source


class PassageCollection(Protocol):
    """P passages in reading order, of N posts of S sources."""

    @property
    def sources(self) -> Sequence[Source]:
        """The sources, in order."""
        ...

    @property
    def post_passages(self) -> NDArray[np.int64]:
        """(N+1,) the number of each post's first passage; the last is P."""
        ...

    @property
    def source_passages(self) -> NDArray[np.int64]:
        """(S+1,) the number of each source's first passage; the last is P."""
        ...

    @property
    def roles(self) -> NDArray[np.uint8]:
        """(P,) what each passage is good for, of `Role`."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> Passage: ...

    def number_of(self, key: int) -> int | None:
        """Look up the number of the passage with this key."""
        ...
