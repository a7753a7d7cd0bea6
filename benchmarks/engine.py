"""The index in OpenSearch compared with the embedded one: whether they find the same, how fast, and in how much memory.

    python -m benchmarks.engine TEXT [--passages 100000] [--nodes 3] [--shards 1] [--heap 256m] [--no-dfs]
    python -m benchmarks.engine TEXT --records [--passages 1000000] [--nodes 1]

The corpus is grown from TEXT (a knowledge file, a folder of them, or a question file). The cluster is
started on this machine, and stopped afterwards. With `--records`: what it costs to read the data that
ranking needs of the candidates and their neighbours, from a mapped file and from the cluster, both with
warm and with cold caches.
"""

from __future__ import annotations

import argparse
import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cluster import PORT, TestCluster
from benchmarks.corpus import analysed, grow_forward, posts_in
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index
from bot.search.bm25.posting_index import PostingIndex
from bot.search.opensearch import remote_index
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from bot.search.opensearch.remote_index import RemoteIndex

QUESTIONS = 1_000
BEST = 50
ROWS = 130
"""Passages whose records a question needs: 32 candidates and what stands around them."""
RECORD = 350
"""Bytes of one: terms, the sum of its word vectors, places, and its text."""
BLOCK = 16
"""Passages that share a document, since neighbours are needed together."""


def questions(forward: ForwardIndex, count: int, seed: int = 2) -> list[dict[str, float]]:
    """`count` questions of three to eight terms, each from one random passage."""
    rng = np.random.default_rng(seed)
    asked: list[dict[str, float]] = []
    while len(asked) < count:
        terms = list(dict.fromkeys(forward.terms_of(int(rng.integers(forward.corpus_size)))))
        if len(terms) >= 5:
            size = min(len(terms), int(rng.integers(3, 9)))
            asked.append({terms[i]: 1.0 for i in rng.permutation(len(terms))[:size]})
    return asked


def percentiles(seconds: list[float]) -> str:
    """p50 and p99 in milliseconds."""
    p50, p99 = np.percentile(np.array(seconds) * 1000, (50, 99))
    return f"p50 {p50:.2f} ms, p99 {p99:.2f} ms"


def timed(
    index: Index | RemoteIndex, asked: list[dict[str, float]]
) -> tuple[list[list[int]], list[float]]:
    """The passages that are found for each question, and the seconds that took."""
    found, seconds = [], []
    for query in asked:
        begun = time.perf_counter()
        found.append(index.candidates(query, BEST).passages)
        seconds.append(time.perf_counter() - begun)
    return found, seconds


def resident(pid: int | str = "self") -> float:
    """Megabytes of a process's memory that are not mapped files."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def compare(given: argparse.Namespace, cluster: TestCluster, nodes: Nodes) -> None:
    """Build both, ask both, and print how they differ."""
    begun = time.perf_counter()
    forward = grow_forward(analysed(posts_in(given.text)), given.passages)
    print(f"{forward.corpus_size:,} passages, {len(forward.tokens):,} terms,"
          f" {len(forward.vocabulary):,} distinct: {time.perf_counter() - begun:.0f} s")  # fmt: skip
    begun = time.perf_counter()
    local = PostingIndex.build(forward)
    print(f"embedded: built in {time.perf_counter() - begun:.1f} s")
    indexes = Indexes(nodes, IndexLayout("bench", given.shards, given.replicas, 300))
    before = resident()
    begun = time.perf_counter()
    name = indexes.ensure(forward, local)
    seconds = time.perf_counter() - begun
    print(f"OpenSearch: built in {seconds:.1f} s, {given.passages / seconds:,.0f} passages/s;"
          f" memory of the builder +{resident() - before:.0f} MB")  # fmt: skip
    begun = time.perf_counter()
    indexes.swap(name)
    print(f"swapped in {time.perf_counter() - begun:.3f} s")
    status = indexes.status_of(name)
    copies = 1 + min(given.replicas, given.nodes - 1)
    if status is not None:
        print(f"size: {status.bytes / copies / 1e6:,.0f} MB a copy")
    remote = indexes.open(name, forward, local)
    if given.no_dfs:
        remote_index.DFS = ""
    asked = questions(forward, QUESTIONS)
    timed(remote, asked[:200])
    expected, local_seconds = timed(local, asked)
    found, seconds_ = timed(remote, asked)
    for k in (1, 10, 50):
        same = sum(a[:k] == b[:k] for a, b in zip(expected, found, strict=True)) / len(asked)
        sets = sum(set(a[:k]) == set(b[:k]) for a, b in zip(expected, found, strict=True))
        print(f"same top {k}: {same:.2%} in order, {sets / len(asked):.2%} as a set")
    print(f"embedded: {percentiles(local_seconds)}")
    print(f"OpenSearch, {given.nodes} nodes, {given.shards} shards: {percentiles(seconds_)}")
    print(
        "memory of a node:",
        ", ".join(f"{resident(cluster.pid(n)):.0f} MB" for n in range(1, given.nodes + 1)),
    )
    indexes.drop(name)


def compare_records(given: argparse.Namespace, cluster: TestCluster, nodes: Nodes) -> None:
    """Read records by number from a mapped file and from the cluster."""
    rng = np.random.default_rng(3)
    wanted = [_rows(rng, given.passages) for _ in range(300)]
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        path = Path(folder) / "records"
        with path.open("wb") as file:
            for begin in range(0, given.passages, 100_000):
                count = min(100_000, given.passages - begin)
                file.write(rng.bytes(count * RECORD))
        mapped = np.memmap(path, np.uint8, "r").reshape(-1, RECORD)
        _measure("mapped file", lambda rows: mapped[rows].sum(), wanted, [path])
    body = {
        "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1,
                     "translog": {"durability": "async"}},
        "mappings": {"dynamic": False, "_source": {"enabled": False},
                     "properties": {"r": {"type": "binary", "store": True}}},
    }  # fmt: skip
    nodes.request("PUT", "/bench-records", body, timeout=60)
    begun = time.perf_counter()
    for content in _bulk(rng, given.passages):
        nodes.request("POST", "/bench-records/_bulk?filter_path=errors", content, timeout=60)
    nodes.request("POST", "/bench-records/_refresh", timeout=300)
    nodes.request("POST", "/bench-records/_flush", timeout=300)
    print(f"OpenSearch: stored in {time.perf_counter() - begun:.0f} s")

    def get(rows: np.ndarray) -> None:
        blocks = np.unique(rows // BLOCK).tolist()
        docs = [{"_id": str(block), "stored_fields": ["r"]} for block in blocks]
        found = nodes.request(
            "POST", "/bench-records/_mget?realtime=false", {"docs": docs}, timeout=30
        )
        for one in found["docs"]:
            base64.b64decode(one["fields"]["r"][0])

    data = [path for path in cluster.folder.glob("n*/data/**/*") if path.is_file()]
    print(f"size: {sum(path.stat().st_size for path in data) / 1e6:,.0f} MB")
    _measure("OpenSearch, _mget", get, wanted, data)
    nodes.request("DELETE", "/bench-records", timeout=60)


def _rows(rng: np.random.Generator, passages: int) -> np.ndarray:
    """The numbers of random candidates and of the passages around them."""
    candidates = rng.integers(2, passages - 3, ROWS // 4)
    return np.unique((candidates[:, None] + np.arange(-1, 3)).ravel())


def _bulk(rng: np.random.Generator, passages: int) -> Iterator[bytes]:
    for begin in range(0, passages // BLOCK, 1_000):
        lines = []
        for number in range(begin, min(begin + 1_000, passages // BLOCK)):
            content = base64.b64encode(rng.bytes(RECORD * BLOCK)).decode()
            lines.append(f'{{"index":{{"_id":"{number}"}}}}\n{{"r":"{content}"}}\n')
        yield "".join(lines).encode()


def _measure(
    name: str, get: Callable[[np.ndarray], Any], wanted: list[np.ndarray], files: list[Path]
) -> None:
    """Time `get` for all that is `wanted`, with cold caches (those of `files`), then with warm ones."""
    for caches in ("cold", "warm"):
        seconds = []
        for rows in wanted[:30] if caches == "cold" else wanted:
            if caches == "cold":
                for path in files:
                    _evict(path)
            begun = time.perf_counter()
            get(rows)
            seconds.append(time.perf_counter() - begun)
        print(f"{name}, {caches} caches, {len(wanted[0])} records: {percentiles(seconds)}")


def _evict(path: Path) -> None:
    """Take a file out of the operating system's cache."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # merged away meanwhile
        return
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def main() -> None:
    """Start a cluster, measure, and stop it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--heap", default="256m")
    parser.add_argument(
        "--no-dfs", action="store_true", help="let each shard use its own statistics"
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--records", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path("/tmp"))  # noqa: S108 - for large files
    given = parser.parse_args()
    cluster = TestCluster(given.nodes, given.folder / "verbatim-cluster", given.heap, given.port)
    cluster.stop()
    cluster.start()
    nodes = Nodes(ClusterAddress(tuple(cluster.urls), timeout=30))
    try:
        (compare_records if given.records else compare)(given, cluster, nodes)
    finally:
        nodes.close()
        cluster.stop()


if __name__ == "__main__":
    main()
