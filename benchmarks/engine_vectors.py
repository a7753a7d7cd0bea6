"""OpenSearch's k-NN compared with the exact search of all vectors: what it finds, and what it costs.

    python -m benchmarks.engine_vectors VECTORS [--passages 100000] [--heap 512m]

VECTORS is a file that `verbatim vectors` has left, or a benchmark. It is grown: each vector is one of it, moved by the
difference of two others. The cluster is one node with the k-NN plugin, on this machine.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np

from benchmarks.cluster import PORT, TestCluster
from benchmarks.engine import percentiles, resident
from bot.search.embedding.embedder import Floats, ModelFamily, choose
from bot.search.embedding.question_embedder import QuestionEmbedder
from bot.search.embedding.similarity import NEAREST, PassageEmbeddings
from bot.search.embedding.store import VectorStore
from bot.search.embedding.vectors import Rows, Vectors, quantise
from bot.search.opensearch import vector_index
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from bot.search.opensearch.preconditions import lacks_knn
from bot.search.opensearch.vector_index import VectorIndex

QUESTIONS = 300
TRIED = ((16, 64), (32, 128), (64, 128), (64, 256), (64, 512))
"""How many vectors are returned, and HNSW's ef_search."""


def grown(real: Floats, count: int, rng: np.random.Generator) -> Floats:
    """`count` unit vectors like those in `real`."""
    first, second, third = (real[rng.integers(len(real), size=count)] for _ in range(3))
    moved = first + rng.uniform(0.1, 0.6, (count, 1)).astype(np.float32) * (second - third)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def asked_of(passages: Vectors, real: Floats, rng: np.random.Generator) -> Floats:
    """Questions: each lies near a random passage."""
    numbers = rng.integers(len(passages.rows), size=QUESTIONS).tolist()
    near = np.stack([passages.vector(number) for number in numbers])
    moved = near + 0.4 * (grown(real, QUESTIONS, rng) - near)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def best_of(passages: Vectors, question: Floats, near: Rows) -> set[int]:
    """Those that would be candidates."""
    order = np.argsort(-passages.cosines(question, near), kind="stable")
    return set(near[order[:NEAREST]].tolist())


def compare(index: VectorIndex, passages: Vectors, asked: Floats, pid: int) -> None:
    """Print the recall and costs of each setting that is tried."""
    every = range(len(passages.rows))
    begun = time.process_time()
    exact = [set(passages.nearest(question, NEAREST, every).tolist()) for question in asked]
    print(f"exact: {(time.process_time() - begun) / len(asked) * 1000:.1f} ms of processor time")
    for found, breadth in TRIED:
        vector_index.FOUND, vector_index.BREADTH = found, breadth
        seconds, recalled = [], []
        for question in asked[:50]:
            index.near(question)
        used = processor_seconds(pid)
        for question, expected in zip(asked, exact, strict=True):
            begun = time.perf_counter()
            near = index.near(question)
            seconds.append(time.perf_counter() - begun)
            recalled.append(len(best_of(passages, question, near) & expected) / NEAREST)
        used = processor_seconds(pid) - used
        print(
            f"{found} of ef_search {breadth}: recall@{NEAREST} {np.mean(recalled):.4f}, {percentiles(seconds)},"
            f" {used / len(asked) * 1000:.1f} ms of the node's processor time",
            flush=True,
        )


def main() -> None:
    """Build an index of vectors, and compare."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine_vectors", description=__doc__
    )
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--heap", default="512m")
    given = parser.parse_args()
    model = choose("auto", None)
    if model is None:
        raise SystemExit("no embedding model is installed")
    rng = np.random.default_rng(1)
    real = VectorStore(given.vectors, model.name).vectors.astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    made = quantise(grown(real, given.passages, rng))
    passages = Vectors.of(made, np.arange(given.passages), gather=True)
    embeddings = PassageEmbeddings(
        QuestionEmbedder(model), ModelFamily.E5, passages, passages, lambda *_: None
    )
    cluster = TestCluster(1, heap=given.heap, port=PORT + 20, knn=True, lean=False)
    cluster.stop()
    try:
        cluster.start(wait=300)
        nodes = Nodes(ClusterAddress(tuple(cluster.urls), timeout=10))
        if lacking := lacks_knn(nodes, 10):
            raise SystemExit(lacking)
        pid = cluster.pid(1)
        used, begun = processor_seconds(pid), time.perf_counter()
        indexes = Indexes(nodes, IndexLayout("bench", build_timeout=600))
        name = indexes.ensure_vectors("bench-terms-1", embeddings)
        status = indexes.status_of(name)
        size = 0 if status is None else status.bytes / 1e6
        print(
            f"{given.passages:,} vectors of {made.shape[1]} bytes: built in {time.perf_counter() - begun:.0f} s,"
            f" {processor_seconds(pid) - used:.0f} s of the node's processor time; {size:.0f} MB on disk,"
            f" {resident(pid):.0f} MB of memory",
            flush=True,
        )
        compare(indexes.open_vectors(name), passages, asked_of(passages, real, rng), pid)
        print(f"memory of the node afterwards: {resident(pid):.0f} MB")
        nodes.close()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
