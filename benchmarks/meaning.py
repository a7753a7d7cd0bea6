"""What an embedding model costs: its first and second start, and a question compared with no model.

    python -m benchmarks.meaning TEXT [--passages 10000] [--minilm FOLDER] [--quick]

TEXT is repeated, each time with another number in its sentences, up to that many passages. All models
are asked in one run, a block of questions each in turn, and each question only once, so that none is
cached. `--quick` gives the passages random vectors, which is enough for everything but the first start.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

import numpy as np

from benchmarks.corpus import posts_in
from bot.answering.answerer import Policy, answer
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Question, Source
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.bundled import BundledModel
from bot.search.embedding.embedder import Embedder, Floats
from bot.search.embedding.onnx import OnnxModel
from bot.texts.corpus import Corpus

BLOCK = 40
"""Questions in a row: the idle threads of one model's library disturb the next model for a moment."""

PER_SOURCE = 50
"""Posts of a source."""


def repeated(posts: Sequence[Post]) -> Iterator[str]:
    """Yield the texts of `posts` over and over, each time with another number."""
    return (
        post.text if not turn else f"{post.text.rstrip('.')} ({turn})."
        for turn in count()
        for post in posts
    )


def grown(posts: Sequence[Post], passages: int) -> list[Source]:
    """Sources with at least `passages` passages, all different."""
    texts = repeated(posts)
    sources: list[Source] = []
    found = 0
    while found < passages:
        listed = tuple(Post(i, text) for i, text in enumerate(islice(texts, PER_SOURCE), 1))
        sources.append(Source(f"s{len(sources)}", "A text", "@somebody", listed))
        found += len(Corpus.of([sources[-1]]))
    return sources


def questions(snapshot: Snapshot, number: int, seed: int) -> Iterator[str]:
    """Yield questions of some words of a passage each."""
    rng = np.random.default_rng(seed)
    for at in rng.integers(0, len(snapshot.passages), number):
        words = snapshot.passages[int(at)].text.split()
        chosen = rng.permutation(len(words))[:6]
        yield "What about " + " ".join(words[i] for i in sorted(chosen)) + "?"


def with_embeddings(snapshot: Snapshot, model: Embedder, file: Path) -> tuple[Snapshot, float]:
    """`snapshot` with its vectors, and the seconds it took, opening the file included."""
    begun = time.perf_counter()
    maker = EmbeddingBuilder(model, file)
    embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
    if embeddings is None:
        raise ValueError("no vectors were made")
    return snapshot.with_embeddings(embeddings), time.perf_counter() - begun


class Quick:
    """A model whose passages have random vectors, and whose questions are its own."""

    def __init__(self, model: Embedder) -> None:
        self.name, self.family, self.multilingual = "quick", model.family, model.multilingual
        self.questions = model.questions
        self._dimensions = model.questions(["?"]).shape[1]

    def passages(self, texts: Sequence[str]) -> Floats:
        """(N, D) random vectors."""
        rng = np.random.default_rng(len(texts))
        return rng.standard_normal((len(texts), self._dimensions)).astype(np.float32)


async def longest_pause(snapshot: Snapshot, asked: list[str], at_once: int = 1) -> list[float]:
    """By how many seconds ticks of the event loop came too late, the worst last.

    Meanwhile two threads answer what is `asked`, `at_once` questions at a time.
    """
    late: list[float] = []

    async def tick() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - begun - 0.001)

    ticking = asyncio.create_task(tick())
    loop = asyncio.get_running_loop()
    left = iter(asked)

    async def ask() -> None:
        for text in left:
            await loop.run_in_executor(executor, answer, snapshot, Question(text), Policy())

    with ThreadPoolExecutor(2) as executor:
        await asyncio.gather(*(ask() for _ in range(at_once)))
    ticking.cancel()
    return sorted(late)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--minilm", type=Path, help="a folder with all-MiniLM-L6-v2")
    parser.add_argument("--quick", action="store_true", help="random vectors for the passages")
    args = parser.parse_args()
    logging.basicConfig(level="WARNING")
    lexical = build_snapshot(grown(list(posts_in(args.text)), args.passages))
    print(f"{len(lexical.passages):,} passages in {len(lexical.sources)} sources")
    models: dict[str, Embedder] = {"bundled": BundledModel()}
    if args.minilm:
        models["minilm"] = OnnxModel(str(args.minilm))
    if args.quick:
        models = {name: Quick(model) for name, model in models.items()}
    snapshots = {"off": lexical}
    with tempfile.TemporaryDirectory() as folder:
        for name, model in models.items():
            file = Path(folder) / name
            snapshots[name], first = with_embeddings(lexical, model, file)
            second = min(with_embeddings(lexical, model, file)[1] for _ in range(3))
            print(
                f"{name}: first start {first:.1f} s, second {second:.3f} s: {first / second:,.0f} ×"
            )
        asked = list(questions(lexical, args.questions, 1))
        times: dict[str, list[float]] = {name: [] for name in snapshots}
        for block in range(0, len(asked), BLOCK):
            for name, snapshot in snapshots.items():
                for text in asked[block : block + BLOCK]:
                    begun = time.perf_counter()
                    answer(snapshot, Question(text), Policy())
                    times[name].append(1000 * (time.perf_counter() - begun))
        for name, found in times.items():
            p50, p99 = np.percentile(found, [50, 99])
            print(f"{name}: question → Answer p50 {p50:.2f} ms, p99 {p99:.2f} ms")
        for name, snapshot in snapshots.items():
            late = asyncio.run(longest_pause(snapshot, list(questions(lexical, 100, 2))))
            print(f"{name}: a tick of the event loop is late by {1000 * late[len(late) // 2]:.2f} ms"
                  f" (median), {1000 * late[int(0.99 * len(late))]:.2f} (p99), {1000 * late[-1]:.2f} at most")  # fmt: skip


if __name__ == "__main__":
    main()
