"""What can be wrong with a search engine."""

from __future__ import annotations

from bot.errors import Problem, VerbatimError


class EngineError(VerbatimError):
    """OpenSearch cannot be reached, or refuses what it was asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(Problem("OpenSearch", reason))
        self.reason = reason


class EngineUnavailableError(EngineError):
    """No node gave a complete answer in time."""


class MissingIndexError(EngineError):
    """No node knows the index."""


class BuildError(EngineError):
    """An index could not be built, or came out wrong; what there was of it is deleted where possible."""
