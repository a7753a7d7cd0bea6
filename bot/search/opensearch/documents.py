"""What is stored in OpenSearch: a document for each passage that has terms, with its number and its terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import K1, B

VERSION = 1
"""Version of the documents and mappings below: another one makes new indexes."""

BULK_DOCUMENTS = 4_000
BULK_TERMS = 200_000
"""Limits of one bulk request: about 2 MB, so that neither side holds much."""

_LONGEST = 256
"""Bytes of a term; Lucene refuses more than 32,766. Longer ones are shortened to their start and a hash."""


def fingerprint(forward: ForwardIndex) -> str:
    """16 hex digits that change with any term of any passage, and with `VERSION`."""
    found = hashlib.blake2b(f"{VERSION} {K1} {B} {forward.corpus_size}".encode(), digest_size=8)
    for array in (
        forward.token_starts,
        forward.tokens,
        forward.vocabulary.text,
        forward.vocabulary.offsets,
    ):
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def passages_with_terms(forward: ForwardIndex) -> NDArray[np.intp]:
    """The numbers of the passages that become documents."""
    return np.diff(forward.token_starts).nonzero()[0]


def indexed_term(term: str) -> str:
    """The term as OpenSearch knows it: not too long, and without lone surrogates."""
    encoded = term.encode("utf-8", "surrogatepass")
    if len(encoded) <= _LONGEST and term.isprintable():
        return term
    return f"{term[:8]!a}#{hashlib.blake2b(encoded, digest_size=16).hexdigest()}"


def similarity(corpus_size: int, documents: int) -> tuple[float, float]:
    """Choose Lucene's k1 and b so that a length weighs in it what it weighs in ours.

    Lucene's average length is that of the passages that have terms, ours that of all.
    """
    fixed, by_length = K1 * (1 - B), K1 * B * corpus_size / max(documents, 1)
    k1 = fixed + by_length
    return k1, by_length / k1


def score_factor(corpus_size: int, documents: int, major_version: int) -> float:
    """What Lucene's scores must be multiplied by: it leaves out BM25's k1 + 1, as OpenSearch does from 3.0 on."""
    legacy = similarity(corpus_size, documents)[0] + 1
    return (K1 + 1) / legacy if major_version < 3 else K1 + 1


def index_body(forward: ForwardIndex, shards: int) -> dict[str, Any]:
    """Settings and mappings of a new index of `forward`."""
    k1, b = similarity(forward.corpus_size, len(passages_with_terms(forward)))
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,  # they are copied from the finished index, which is cheaper
            "refresh_interval": -1,
            "translog": {"durability": "async"},  # nothing is safe before the flush at the end
            "similarity": {"default": {"type": "BM25", "k1": k1, "b": b}},
        },
        "mappings": {
            "dynamic": False,
            "_source": {"enabled": False},
            "properties": {
                "n": {"type": "integer"},
                "terms": {
                    "type": "keyword",
                    "index_options": "freqs",
                    "norms": True,
                    "doc_values": False,
                },
            },
        },
    }


def bulk_bodies(forward: ForwardIndex) -> Iterator[tuple[int, bytes]]:
    """Yield bulk requests, each with the number of its documents. Memory is bounded by one of them.

    Documents have ids, so that a request may be sent twice.
    """
    numbers = passages_with_terms(forward)
    starts = forward.token_starts
    first = 0
    while first < len(numbers):
        last = _end(numbers, starts, first, int(starts[numbers[first]]) + BULK_TERMS)
        yield last - first, _bulk_body(forward, numbers[first:last])
        first = last


def _end(numbers: NDArray[np.intp], starts: NDArray[np.int64], first: int, limit: int) -> int:
    some = numbers[first : first + BULK_DOCUMENTS]
    return first + max(int(starts[some + 1].searchsorted(limit, "right")), 1)


def _bulk_body(forward: ForwardIndex, numbers: NDArray[np.intp]) -> bytes:
    starts = forward.token_starts
    begin, end = int(starts[numbers[0]]), int(starts[numbers[-1] + 1])
    distinct, at = np.unique(forward.tokens[begin:end], return_inverse=True)
    quoted = [json.dumps(indexed_term(forward.vocabulary.term(n))) for n in distinct.tolist()]
    terms = [quoted[i] for i in at.tolist()]
    lines: list[str] = []
    edges = zip(
        numbers.tolist(), starts[numbers].tolist(), starts[numbers + 1].tolist(), strict=True
    )
    for number, a, b in edges:
        lines.append(f'{{"index":{{"_id":"{number}"}}}}')
        lines.append(f'{{"n":{number},"terms":[{",".join(terms[a - begin : b - begin])}]}}')
    lines.append("")
    return "\n".join(lines).encode()
