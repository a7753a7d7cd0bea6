"""What the search engine is doing, for health checks, metrics and operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.search.opensearch.nodes import NodeStatus


class EngineState(StrEnum):
    """What the engine is doing."""

    WAITING = "waiting"
    """There is nothing to search yet."""
    BUILDING = "building"
    READY = "ready"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The state of the engine, since when, and why."""

    state: EngineState
    since: datetime
    index: str = ""
    done: int = 0
    total: int = 0
    """Passages sent, while an index is built, and all."""
    reason: str = ""
    fallback: bool = False
    """Whether the embedded index answers while the cluster does not."""
    nodes: tuple[NodeStatus, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether questions are answered, by the cluster or in its place."""
        return self.state is EngineState.READY or self.fallback

    @property
    def why_not_ready(self) -> str:
        """What is wrong, or how far the index is."""
        how_far = f" ({self.done:,} of {self.total:,} passages)" if self.total else ""
        return self.reason or f"the texts are being indexed in OpenSearch{how_far}"


class EngineSearch(NamedTuple):
    """The engine's part in one answer, for metrics."""

    seconds: float
    outcome: str
    """`answered`, `fallback` or `unavailable`."""
    by: str = "words"
    """`words`, or `vectors` (by k-NN)."""
