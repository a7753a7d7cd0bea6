"""One index of the bot in the cluster."""

from __future__ import annotations

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
    """Whether the alias points to it, or to the index that its vectors go with."""
    healthy: bool
    """Whether all its copies are there."""
    sign_of_life: str
    """Changes while it is built."""
    builder: str
    terms: str = ""
    """For an index of vectors: the index of the same passages' words, which it goes with."""

    @classmethod
    def of(
        cls, name: str, about: Mapping[str, Any], counted: Mapping[str, Any], alias: str
    ) -> IndexStatus:
        """Read what the cluster says `about` an index, and what it has `counted` there."""
        meta = _meta(about)
        return cls(
            name=name,
            passages=int(counted.get("docs.count") or 0),
            bytes=int(counted.get("store.size") or 0),
            complete=bool(meta.get("complete")),
            current=alias in about.get("aliases", {}),
            healthy=counted.get("health") == "green",
            sign_of_life=str(meta.get("signs")),
            builder=str(meta.get("builder", "")),
            terms=str(meta.get("terms", "")),
        )


def is_ours(about: Mapping[str, Any]) -> bool:
    """Whether the bot has made an index, by what the cluster says `about` it; others may have the same prefix."""
    return {"complete", "builder"} <= _meta(about).keys()


def _meta(about: Mapping[str, Any]) -> Mapping[str, Any]:
    found = about.get("mappings", {}).get("_meta", {})
    return found if isinstance(found, Mapping) else {}
