"""BM25 by OpenSearch: the query's terms go to a cluster, numbers and scores of passages come back."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.search.bm25.index import (
    MAX_QUERY_TERMS,
    Candidates,
    Index,
    check_query,
    lucene_idf,
)
from bot.search.opensearch.documents import indexed_term
from bot.search.opensearch.errors import EngineUnavailableError
from bot.search.opensearch.nodes import Nodes

_MAX_CLAUSES = 1_000
"""Terms and ranges of one query, together; OpenSearch takes 1,024."""

_FEWEST_RANGES = 20

DFS = "search_type=dfs_query_then_fetch"
"""Shards share their statistics, so that they score as one index would."""


@dataclass(frozen=True, eq=False)
class RemoteIndex:
    """One index of the cluster. The statistics come from `local`, the embedded index of the same passages."""

    nodes: Nodes
    name: str
    local: Index
    documents: int
    """The passages that have terms."""
    shards: int
    factor: float
    """What the cluster's scores are multiplied by (`documents.score_factor`)."""

    def candidates(
        self, query: Mapping[str, float], k: int = 50, within: Sequence[range] | None = None
    ) -> Candidates:
        """Find the best passages, as `Index.candidates` does.

        Raises:
            EngineUnavailableError: no complete answer in time.
            MissingIndexError: the index was dropped.

        """
        check_query(query, k, within)
        terms = list(self._terms(query))
        if not terms or (within is not None and not any(within)):
            return Candidates([], [])
        if within is None:
            found = self._search(terms, k, None)
        else:
            # Ranges do not overlap, so the best of the parts are the best of all.
            step = max(_MAX_CLAUSES - len(terms), _FEWEST_RANGES)
            parts = [
                self._search(terms, k, within[at : at + step]) for at in range(0, len(within), step)
            ]
            found = list(islice(heapq.merge(*parts), k))
        return Candidates([number for _, number in found], [-minus for minus, _ in found])

    def _terms(self, query: Mapping[str, float]) -> Iterator[dict[str, Any]]:
        """The clauses of the terms that some passage has, with what makes Lucene's score ours."""
        for term, weight in islice(query.items(), MAX_QUERY_TERMS):
            df = self.local.document_frequency(term)
            if df:
                ours = lucene_idf(df, self.local.corpus_size)
                theirs = lucene_idf(df, self.documents)
                boost = weight * self.factor * ours / theirs
                yield {"term": {"terms": {"value": indexed_term(term), "boost": boost}}}

    def _search(
        self, terms: list[dict[str, Any]], k: int, within: Sequence[range] | None
    ) -> list[tuple[float, int]]:
        """Minus the score, and the number, of the best k passages, best first."""
        query: dict[str, Any] = {"should": terms, "minimum_should_match": 1}
        if within is not None:
            ranges = [
                {"range": {"n": {"gte": part.start, "lt": part.stop}}} for part in within if part
            ]
            query["filter"] = [{"bool": {"should": ranges}}]
        body = {
            "query": {"bool": query},
            "size": min(k, self.local.corpus_size),
            "sort": ["_score", {"n": "asc"}],
            "_source": False,
            "stored_fields": "_none_",
            "track_total_hits": False,
        }
        answer = self.nodes.request(
            "POST",
            f"/{self.name}/_search?{self._options}",
            body,
            complete=True,
            avoid_down=self.shards > 1,
            patient=True,
        )
        try:
            return [(-hit["sort"][0], hit["sort"][1]) for hit in answer["hits"]["hits"]]
        except (KeyError, TypeError, IndexError) as error:
            raise EngineUnavailableError(f"an invalid response ({error!r})") from error

    @property
    def _options(self) -> str:
        """Each node asks its own copy where it has all of the index; else the shards share their statistics."""
        kind = "preference=_local" if self.shards == 1 else DFS
        return f"allow_partial_search_results=false&request_cache=false&{kind}"
