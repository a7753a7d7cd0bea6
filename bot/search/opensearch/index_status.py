"""One index of the bot in the cluster, and whether its build is still alive."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """One index of the bot."""

    name: str
    passages: int
    bytes: int
    """Of all copies."""
    complete: bool
    """False while it is built, or if its build has died."""
    current: bool
    """Whether the alias points to it."""
    healthy: bool
    """Whether all its copies are there."""
    sign_of_life: str
    """Changes while it is built."""
    builder: str

    @classmethod
    def of(
        cls, name: str, about: Mapping[str, Any], counted: Mapping[str, Any], alias: str
    ) -> IndexStatus:
        """Read what the cluster says `about` an index, and what it has `counted` there."""
        meta = about.get("mappings", {}).get("_meta", {})
        return cls(
            name=name,
            passages=int(counted.get("docs.count") or 0),
            bytes=int(counted.get("store.size") or 0),
            complete=bool(meta.get("complete")),
            current=alias in about.get("aliases", {}),
            healthy=counted.get("health") == "green",
            sign_of_life=str(meta.get("signs")),
            builder=str(meta.get("builder", "")),
        )


def has_exited(builder: str, own: str) -> bool:
    """Whether `builder` was a process of this machine that is gone. False where that cannot be told."""
    host, _, number = builder.rpartition(":")
    own_host, _, own_number = own.rpartition(":")
    if host != own_host or not number.isdigit() or os.name != "posix":
        return False
    if number == own_number:
        return True  # this process builds one index at a time, and is not building now
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
