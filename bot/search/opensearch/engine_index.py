"""The index that a searcher of the newest passages uses where a search engine holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.search.bm25.index import Candidates, Index


@dataclass(frozen=True, slots=True, eq=False)
class EngineIndex:
    """Implements `Index`: candidates come from the engine, the statistics from the embedded index of the same passages."""

    local: Index
    find: Callable[[Mapping[str, float], int, Sequence[range] | None], Candidates]

    @property
    def corpus_size(self) -> int:
        """See `Index`."""
        return self.local.corpus_size

    def document_frequency(self, term: str) -> int:
        """See `Index`."""
        return self.local.document_frequency(term)

    def frequent_terms(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Index`."""
        return self.local.frequent_terms(prefix, limit)

    def candidates(
        self, query: Mapping[str, float], k: int = 50, within: Sequence[range] | None = None
    ) -> Candidates:
        """See `Index`.

        Raises:
            EngineUnavailableError: the cluster does not answer, and there is no fallback.

        """
        return self.find(query, k, within)
