"""The passages nearest to a question by their vectors, found by OpenSearch's k-NN: approximately, by HNSW."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.search.embedding.embedder import Floats
from bot.search.embedding.vectors import Rows, quantise
from bot.search.opensearch.errors import EngineUnavailableError
from bot.search.opensearch.nodes import Nodes

FOUND = 64
"""Vectors that a search returns. The exact cosines, which are known here, choose the nearest of them."""

BREADTH = 512
"""HNSW's ef_search: how many vectors are kept in view. At 128, 2 % of the nearest are missed; at 512, 0.4 %."""


@dataclass(frozen=True, slots=True, eq=False)
class VectorIndex:
    """One index of vectors in the cluster."""

    nodes: Nodes
    name: str
    shards: int

    def near(self, vector: Floats, within: range | None = None) -> Rows:
        """Find passages near a question's vector, ascending: one of each FOUND vectors; `within`: among these alone.

        Raises:
            EngineUnavailableError: no complete answer in time.
            MissingIndexError: the index was dropped.
            EngineError: it was refused.

        """
        stored = quantise(vector[None])[0]
        if not stored.any():  # it points nowhere, and OpenSearch refuses it
            return np.zeros(0, np.int64)
        asked: dict[str, Any] = {
            "vector": stored.tolist(),
            "k": FOUND,
            "method_parameters": {"ef_search": BREADTH},
        }
        if within is not None:
            asked["filter"] = {"range": {"n": {"gte": within.start, "lt": within.stop}}}
        body = {
            "query": {"knn": {"vector": asked}},
            "size": FOUND,
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["n"],
            "track_total_hits": False,
        }
        answer = self.nodes.request(
            "POST",
            f"/{self.name}/_search?{self._options}",
            body,
            complete=True,
            avoid_down=self.shards > 1,
        )
        first = 0 if within is None else within.start
        try:
            found = [
                next(number for number in hit["fields"]["n"] if number >= first)
                for hit in answer["hits"]["hits"]
            ]
        except (KeyError, TypeError, StopIteration) as error:
            raise EngineUnavailableError(f"an invalid response ({error!r})") from error
        return np.unique(np.array(found, np.int64))

    @property
    def _options(self) -> str:
        own_copy = "&preference=_local" if self.shards == 1 else ""
        return f"allow_partial_search_results=false&request_cache=false{own_copy}"
