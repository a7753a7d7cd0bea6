"""What a reload did, and how the texts before and after it differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Problem
from bot.library.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Ids of the sources in which two snapshots differ."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


Stale = Mapping[str, tuple[Problem, ...]]
"""Ids of the sources whose file cannot be read now, so that an earlier version stays, and why."""


@dataclass(frozen=True, slots=True)
class ReloadResult:
    """What a reload did: if `swapped` is false, nothing, because of the `problems`.

    `problems`: of the files that are left out, or for which the reload was refused. `stale`: sources that stay as
    they were, since their files cannot be read. `has_good_files` tells whether a reload that skips the broken
    files would find any other. `at`: when it ended, after so many `seconds`.
    """

    snapshot: Snapshot
    changes: SourceChanges
    problems: tuple[Problem, ...]
    swapped: bool
    has_good_files: bool
    stale: Stale
    at: datetime
    seconds: float


def changes_between(old: Snapshot, new: Snapshot) -> SourceChanges:
    """Compare the sources of two snapshots, in the order of their listings."""
    if old.id == new.id:
        return SourceChanges()
    was, now = old.listing, new.listing
    return SourceChanges(
        added=tuple(s.id for s in now.in_order if s.id not in was.sources),
        changed=tuple(
            s.id
            for s in now.in_order
            if s.id in was.sources and was.sources[s.id].digest != s.digest
        ),
        removed=tuple(s.id for s in was.in_order if s.id not in now.sources),
    )
