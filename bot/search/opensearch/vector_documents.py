"""The vectors of passages as they are stored in OpenSearch: a document for each vector, with the numbers of its passages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.embedding.vectors import Rows, Vectors

VERSION = 1
"""Version of the documents and mappings below: another one makes new indexes."""

BULK_VECTORS = 1_000
"""Vectors in a bulk request: about 1.5 MB."""

SHARED_BY = 100
"""Passages with one vector that share a document, at most.

Graphs of many equal vectors are searched badly, and chats are full of “Thanks!”.
"""

CONNECTIONS, BUILD_BREADTH = 16, 128
"""HNSW's m and ef_construction."""


def vector_fingerprint(embeddings: PassageEmbeddings) -> str:
    """8 hex digits that change with the model, with the text of any passage, and with `VERSION`."""
    made_with = f"{VERSION} {CONNECTIONS} {BUILD_BREADTH} {embeddings.fingerprint}"
    return hashlib.blake2b(made_with.encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class VectorDocuments:
    """The passages in the order of their vectors' rows, divided into documents."""

    passages: Rows
    """(N,)"""
    starts: Rows
    """(D+1,) where the passages of each document begin."""

    @classmethod
    def of(cls, vectors: Vectors) -> VectorDocuments:
        """Put passages that share a vector together, at most SHARED_BY of them."""
        order = np.argsort(vectors.rows, kind="stable")
        rows, at = vectors.rows[order], np.arange(len(order))
        is_new = np.ones(len(order), np.bool_)
        is_new[1:] = rows[1:] != rows[:-1]
        place = at - np.maximum.accumulate(np.where(is_new, at, 0))
        return cls(order, np.append(np.flatnonzero(place % SHARED_BY == 0), len(order)))

    def __len__(self) -> int:
        return len(self.starts) - 1


def vector_index_body(dimensions: int, shards: int) -> dict[str, Any]:
    """Settings and mappings of a new index of vectors."""
    method = {
        "name": "hnsw",
        "engine": "lucene",  # the only one that runs without native libraries
        "space_type": "cosinesimil",
        "parameters": {"m": CONNECTIONS, "ef_construction": BUILD_BREADTH},
    }
    vector = {
        "type": "knn_vector",
        "dimension": dimensions,
        "data_type": "byte",
        "method": method,
    }
    return {
        "settings": {
            "index.knn": True,
            "number_of_shards": shards,
            "number_of_replicas": 0,  # they are copied from the finished index, which is cheaper
            "refresh_interval": -1,
            "translog": {"durability": "async"},  # nothing is safe before the flush at the end
        },
        "mappings": {
            "dynamic": False,
            "_source": {"enabled": False},
            "properties": {"n": {"type": "integer"}, "vector": vector},
        },
    }


def vector_bulk_bodies(vectors: Vectors, documents: VectorDocuments) -> Iterator[tuple[int, bytes]]:
    """Yield bulk requests, each with the number of its documents. Memory is bounded by one of them."""
    for first in range(0, len(documents), BULK_VECTORS):
        starts = documents.starts[first : first + BULK_VECTORS + 1]
        of_each = np.split(documents.passages[starts[0] : starts[-1]], starts[1:-1] - starts[0])
        stored = _storable(vectors.bytes[vectors.rows[documents.passages[starts[:-1]]]])
        lines: list[str] = []
        for number, (vector, passages) in enumerate(zip(stored, of_each, strict=True), first):
            lines.append(f'{{"index":{{"_id":"{number}"}}}}')
            lines.append(
                json.dumps(
                    {"n": passages.tolist(), "vector": vector.tolist()}, separators=(",", ":")
                )
            )
        lines.append("")
        yield len(of_each), "\n".join(lines).encode()


def _storable(vectors: NDArray[np.int8]) -> NDArray[np.int8]:
    """Vectors of which none is zero, since that has no direction, and OpenSearch refuses it."""
    found = vectors.copy()
    found[~vectors.any(axis=1), 0] = 1
    return found
