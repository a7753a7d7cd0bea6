"""What reading question and passages together costs: a question's time, the event loop, start and memory.

    python -m benchmarks.reading TEXT [--reader FOLDER] [--sizes 30 10000 100000]
                                 [--threads 2 …] [--budget 640 …] [--questions 200]

Corpora of those sizes are grown from TEXT, those of at most ONE_TEXT passages as one text. All ways to
answer are measured in one run, a block of questions each in turn. Each question is asked once, and each
way has a reader of its own, so that no window is cached; tokens of a passage are, as they are for
members. `processor` is the median of the time that all cores work on a question, which is roughly right
on a busy machine too. The passages' vectors are random, and a reader from FOLDER gets a second stage
with zero weights: neither changes what a question costs. Several `--threads` or `--budget` are
compared.

Start and memory are measured in fresh processes, which load, ask one question about the smallest corpus,
and end: the median of STARTS. They load nothing that Discord or the storage need.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.corpus import posts_in
from benchmarks.meaning import (
    BLOCK,
    Quick,
    grown,
    longest_pause,
    questions,
    repeated,
    with_embeddings,
)
from benchmarks.reader_costs import Costs, WatchedReader, breakdown
from bot.answering.answerer import Policy, answer
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Question, Source
from bot.search.embedding.bundled import BundledModel
from bot.search.embedding.embedder import ModelError
from bot.search.ranking.embedding_features import SIMILARITIES
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import LEXICAL, RERANKED
from bot.search.ranking.second_stage import ORDER_FEATURES, READER_FEATURES, Reranker
from bot.search.reading import planning
from bot.search.reading.reader import DATA, THREADS, Reader, ReaderError
from bot.texts.corpus import Corpus

ONE_TEXT = 200
"""Passages up to which a corpus is one text."""

STARTS = 3
"""How many fresh processes the median is taken of."""

WARM_UP = 5
"""Questions that are asked first and not counted: they load what is loaded only once."""

GOALS = {30: (35, 60), 10_000: (60, 110), 100_000: (75, 130)}
"""Passages → p50 and p99 of question → Answer in ms, with e5 and the reader."""
LATE, LOAD, RESIDENT = 5, 1, 330
"""The goals for a tick of the event loop (ms), the reader's loading (s), and memory (MB)."""

Model = Literal["words", "e5"]
MODELS: tuple[Model, ...] = ("words", "e5")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer: a snapshot, and the settings of its reader if it has one."""

    name: str
    snapshot: Snapshot
    threads: int = 0
    budget: int = planning.BUDGET_WITH_VECTORS
    reader: WatchedReader | None = None

    def answer(self, text: str) -> tuple[float, float]:
        """The seconds from the question `text` to its answer, and the processor time of all cores."""
        planning.BUDGET = planning.BUDGET_WITH_VECTORS = self.budget
        begun, worked = time.perf_counter(), time.process_time()
        answer(self.snapshot, Question(text), Policy())
        taken = time.perf_counter() - begun
        if self.reader:
            self.reader.costs.seconds["answer"] += taken
        return taken, time.process_time() - worked

    def late(self, asked: list[str]) -> list[float]:
        """By how many ms each tick of the event loop came too late, the worst last."""
        planning.BUDGET = planning.BUDGET_WITH_VECTORS = self.budget
        return [1000 * late for late in asyncio.run(longest_pause(self.snapshot, asked, at_once=2))]


def corpus(posts: Sequence[Post], passages: int) -> list[Source]:
    """Sources of at least `passages` passages: one text, or many if there are so many."""
    if passages > ONE_TEXT:
        return grown(posts, passages)
    number = 0
    while True:
        number += 1
        texts = islice(repeated(posts), number)
        thread = tuple(Post(i, text) for i, text in enumerate(texts, 1))
        source = Source("thread", "A thread", "@somebody", thread)
        if len(Corpus.of([source])) >= passages:
            return [source]


def weighing_nothing(reader: str) -> dict[str, Reranker]:
    """Second stages as they are before a fit, to measure the time they take."""
    found = {}
    for name in RERANKED:
        similarities = () if name == LEXICAL else SIMILARITIES
        rows = np.zeros(
            1 + len(HIT_FEATURES) + len(similarities) + len(READER_FEATURES), np.float32
        )
        order = np.zeros(len(ORDER_FEATURES), np.float32)
        found[name] = Reranker(order, rows, rows, similarities, reader)
    return found


def with_reader(snapshot: Snapshot, reader: Reader, folder: Path) -> Snapshot:
    """`snapshot` with `reader`, which was loaded from `folder`."""
    snapshot = snapshot.with_reader(reader)
    if folder == DATA:
        return snapshot
    searcher = snapshot.searcher
    known = replace(searcher.resources, rerankers=weighing_nothing(reader.digest))
    return replace(snapshot, searcher=replace(searcher, resources=known))


def with_model(snapshot: Snapshot, model: Model) -> Snapshot:
    """`snapshot` with random vectors, if `model` is more than words alone."""
    if model == "words":
        return snapshot
    with tempfile.TemporaryDirectory() as folder:
        return with_embeddings(snapshot, Quick(BundledModel()), Path(folder) / "vectors")[0]


def ways(snapshot: Snapshot, args: argparse.Namespace) -> Iterator[Way]:
    """Yield words alone and e5, each without a reader, and with one for each setting that is compared."""
    for model in MODELS:
        found = with_model(snapshot, model)
        yield Way(model, found)
        for threads in args.threads:
            for budget in args.budget:
                reader = WatchedReader(args.reader, threads)
                read = with_reader(found, reader, args.reader)
                yield Way(f"{model} + reader", read, threads, budget, reader)


def measure(compared: Sequence[Way], asked: Sequence[str]) -> list[list[tuple[float, float]]]:
    """For each way, what `Way.answer` returns for each question; ways take turns, a block at a time."""
    for way in compared:
        for text in asked[:WARM_UP]:
            way.answer(text)
        if way.reader:
            way.reader.costs = Costs()
    asked = asked[WARM_UP:]
    found: list[list[tuple[float, float]]] = [[] for _ in compared]
    for block in range(0, len(asked), BLOCK):
        for way, seconds in zip(compared, found, strict=True):
            seconds.extend(map(way.answer, asked[block : block + BLOCK]))
    return found


def show(size: int, args: argparse.Namespace) -> None:
    """Measure and print what a question about `size` passages costs."""
    snapshot = build_snapshot(corpus(list(posts_in(args.text)), size))
    # A thread would be asked many questions twice: each is asked once.
    drawn = dict.fromkeys(questions(snapshot, 3 * (args.questions + args.late), 1))
    asked = list(drawn)[: WARM_UP + args.questions]
    late = list(drawn)[len(asked) :][: args.late]
    goal = "goal {} / {}".format(*GOALS[size]) if size in GOALS else ""
    print(f"\n{len(snapshot.passages):,} passages in {len(snapshot.sources)} sources,"
          f" {len(asked) - WARM_UP} questions (ms; with e5 and reader: {goal or 'no goal'})")  # fmt: skip
    print(
        f"{'':13}threads budget      p50     p99  processor   a tick late: p99  at most (goal {LATE})"
    )
    compared = list(ways(snapshot, args))
    for way, seconds in zip(compared, measure(compared, asked), strict=True):
        taken, worked = 1000 * np.array(seconds).T
        p50, p99 = np.percentile(taken, [50, 99])
        work = f"{way.threads:7} {way.budget:6}" if way.reader else f"{'':14}"
        line = f"{way.name:13}{work} {p50:8.2f} {p99:7.2f} {np.median(worked):10.2f}"
        read = breakdown(way.reader.costs) if way.reader else ""
        ticks = way.late(late)
        print(f"{line} {ticks[int(0.99 * len(ticks))]:18.2f} {ticks[-1]:8.2f}{read}", flush=True)


def start(model: Model, threads: int, args: argparse.Namespace) -> dict[str, float]:
    """The seconds to load a reader with `threads` (None: no reader), and the memory of this process, in MB."""
    snapshot = build_snapshot(corpus(list(posts_in(args.text)), min(args.sizes)))
    begun = time.perf_counter()
    reader = Reader(args.reader, threads) if threads else None
    loaded = time.perf_counter() - begun
    snapshot = with_model(snapshot, model)
    if reader:
        snapshot = with_reader(snapshot, reader, args.reader)
    answer(snapshot, Question(next(questions(snapshot, 1, 1))), Policy())
    return {"load": loaded, "resident": _memory("VmRSS"), "most": _memory("VmHWM")}


def _memory(name: str) -> float:
    """A size of this process that Linux knows, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{name}:"))


def show_starts(args: argparse.Namespace) -> None:
    """Measure and print what a fresh process pays."""
    print(
        f"\na fresh process, one question asked (goals with e5 and reader: load {LOAD} s, {RESIDENT} MB)"
    )
    print(f"{'':13}threads   load s   resident MB   at most")
    for model in MODELS:
        for threads in (0, *args.threads):
            command = [
                sys.executable,
                "-m",
                "benchmarks.reading",
                *sys.argv[1:],
                "--alone",
                model,
                str(threads),
            ]
            found: dict[str, list[float]] = {"load": [], "resident": [], "most": []}
            for _ in range(STARTS):
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
                for name, value in json.loads(done.stdout).items():
                    found[name].append(value)
            load, resident, most = (float(np.median(values)) for values in found.values())
            work = (
                f"{model + ' + reader':13}{threads:7} {load:8.2f}"
                if threads
                else f"{model:13}{'':16}"
            )
            print(f"{work} {resident:13.0f} {most:9.0f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path)
    parser.add_argument("--reader", type=Path, default=DATA, help="a folder with another reader")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(GOALS), help="passages")
    parser.add_argument(
        "--threads", type=int, nargs="+", default=[THREADS], help="for one question"
    )
    parser.add_argument(
        "--budget",
        type=int,
        nargs="+",
        default=[planning.BUDGET_WITH_VECTORS],
        help="tokens that are read",
    )
    parser.add_argument("--questions", type=int, default=200, help="how many questions are timed")
    parser.add_argument(
        "--late", type=int, default=100, help="questions asked beside the event loop"
    )
    parser.add_argument("--no-starts", action="store_true", help="leave out the fresh processes")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    numbers = (*args.sizes, *args.threads, *args.budget, args.questions, args.late)
    if min(numbers) < 1:
        parser.error("sizes, threads, budgets and numbers of questions begin at 1")
    logging.basicConfig(level="WARNING")
    if args.alone:
        model, threads = args.alone
        print(json.dumps(start(model, int(threads), args)))
        return
    if not args.text.exists():
        parser.error(
            f"{args.text} does not exist: give a knowledge file, a folder of them, or a question file"
        )
    try:
        BundledModel()
        print(Reader(args.reader).name)
    except (ModelError, ReaderError) as error:
        parser.error(str(error))
    if not args.no_starts:
        show_starts(args)
    for size in args.sizes:
        show(size, args)


if __name__ == "__main__":
    main()
