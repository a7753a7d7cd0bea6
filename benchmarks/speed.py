"""Speed and memory of the index and its peers, on the same terms; and of whole answers.

    python -m benchmarks.speed TEXT [--sizes 100 10000 100000 1000000] [--rounds 7] [--cold]

The corpus of each size is grown from TEXT (a knowledge file, a folder of them, or a question file).
Each build runs in a process of its own, and so does each measurement of memory, which only loads
and asks. Questions go to all engines in turn, twenty at a time in random order, round after round, in
one process; a question's time is the median of its rounds, p50 and p99 are over questions. Look at the
ratios: they hold when the machine's speed drifts. A build includes saving, except for engines
that can build without it (rank_bm25 and ours). With `--cold`, all questions are also asked with cold caches:
before each one, more memory is read than the processor's caches hold, as if the bot had been idle.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np

from benchmarks.corpus import Terms, analysed, grow, posts_in, questions
from benchmarks.engines import (
    ENGINES,
    OURS,
    Ask,
    load_corpus,
    load_questions,
    save_corpus,
)  # fmt: skip
from bot.answering.answerer import Policy, answer
from bot.library.snapshots import build_snapshot
from bot.models import Post, Question, Source

CHUNK = 20
QUESTIONS = 1_000
SLOW = {
    ("rank_bm25", 10**4): 200, ("rank_bm25", 10**5): 20, ("rank_bm25", 10**6): 8,
    ("bm25s numpy", 10**5): 200, ("bm25s numpy", 10**6): 60,
    ("sqlite fts5", 10**5): 200, ("sqlite fts5", 10**6): 40,
}  # fmt: skip
"""How many questions slow engines are asked."""

COLD_QUESTIONS = 300
"""How many questions are asked with cold caches, which takes some 10 ms each."""

SWEPT = 48 << 20
"""Bytes that are read to push the index out of the caches."""

Row = dict[str, float]


def build(name: str, size: int, folder: str) -> Row:
    """How long a build takes, after a small one that takes care of imports and compilation."""
    place = Path(folder) / name.replace(" ", "-")
    corpus = load_corpus(Path(folder))
    for some in (corpus[:100], corpus):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        start = time.perf_counter()
        save = ENGINES[name].build(some, place)
        taken = time.perf_counter() - start
    if save is not None:
        save()
    return {"build": taken}


def resident(name: str, size: int, folder: str, k: int) -> Row:
    """The time to load and the memory after all questions, in MB."""
    asked = load_questions(Path(folder))
    start = time.perf_counter()
    ask = ENGINES[name].load(Path(folder) / name.replace(" ", "-"), k)
    load = time.perf_counter() - start
    for terms in asked[: SLOW.get((name, size), len(asked))]:
        ask(terms)
    gc.collect()
    return {"load": load, "rss": _status("VmRSS"), "anon": _status("RssAnon")}


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith(field))


def ask_all(
    names: list[str], size: int, folder: str, k: int, rounds: int, *, cold: bool = False
) -> dict[str, Row]:
    """Each engine's p50 and p99 over questions, in µs."""
    sweep = np.ones(SWEPT if cold else 0, np.uint8)
    asked = load_questions(Path(folder))[: COLD_QUESTIONS if cold else None]
    asks = {name: ENGINES[name].load(Path(folder) / name.replace(" ", "-"), k) for name in names}
    times: dict[str, list[list[int]]] = {name: [] for name in names}
    shuffle = random.Random(0)  # noqa: S311 - an order, not a secret
    for turn in range(rounds + 1):  # the first turn warms caches and compiles
        taking = [name for name in names if turn <= 3 or (name, size) not in SLOW]
        for name in taking:
            times[name].append([])
        # A chunk's first question finds cold caches: it is not the same question in every round.
        for first in range(-shuffle.randrange(CHUNK), len(asked), CHUNK):
            for name in shuffle.sample(taking, len(taking)):
                most = SLOW.get((name, size), len(asked))
                chunk = asked[max(first, 0) : min(first + CHUNK, most)]
                times[name][-1].extend(_times(asks[name], chunk, sweep))
    return {name: _percentiles(taken[1:]) for name, taken in times.items()}


def _times(ask: Ask, chunk: list[Terms], sweep: np.ndarray) -> list[int]:
    taken = []
    for terms in chunk:
        sweep.sum()
        start = time.perf_counter_ns()
        ask(terms)
        taken.append(time.perf_counter_ns() - start)
    return taken


def _percentiles(rounds: list[list[int]]) -> Row:
    typical = np.median(np.array(rounds), axis=0) / 1_000
    return {"p50": float(np.percentile(typical, 50)), "p99": float(np.percentile(typical, 99))}


def answers(size: int, folder: str, rounds: int) -> Row:
    """Return p50 and p99 of question → Answer over a knowledge base of `size` passages, in µs."""
    corpus = load_corpus(Path(folder))
    sources = []
    for first in range(0, len(corpus), 300):
        lines = [f"{' '.join(terms).capitalize()}." for terms in corpus[first : first + 300]]
        posts = (Post(i, " ".join(lines[i * 3 - 3 : i * 3])) for i in range(1, len(lines) // 3 + 1))
        sources.append(Source(f"s{first}", f"Text {first}", "Somebody", tuple(posts)))
    snapshot = build_snapshot(sources)
    asked = [Question(f"what about {' '.join(terms)}?") for terms in load_questions(Path(folder))]
    taken: list[list[int]] = []
    for _ in range(rounds + 1):
        one = []
        for question in asked[:300]:
            start = time.perf_counter_ns()
            answer(snapshot, question, Policy())
            one.append(time.perf_counter_ns() - start)
        taken.append(one)
    return _percentiles(taken[1:])


STEPS: dict[str, Callable[..., Any]] = {
    "build": build, "resident": resident, "ask": ask_all, "ask cold": partial(ask_all, cold=True),
    "answers": answers,
}  # fmt: skip


def in_a_process(step: str, *arguments: Any) -> Any:
    """The result of `step` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.speed", "--step", json.dumps([step, *arguments])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


def show(size: int, rows: dict[str, Row]) -> None:
    """Print the table of one size, and the ratios of ours to the fastest peer."""
    fields = {"build": "build s", "load": "load s", "rss": "RSS MB", "anon": "anon MB",
              "p50": "p50 µs", "p99": "p99 µs"}  # fmt: skip
    print(f"\n{size:,} passages\n{'':12}" + "".join(f"{title:>12}" for title in fields.values()))
    for name, row in rows.items():
        print(f"{name:12}" + "".join(f"{row[field]:12,.{_places(field)}f}" for field in fields))
    peers = {name: row for name, row in rows.items() if name != OURS}
    for field in ("p50", "p99"):
        best = min(peers, key=lambda name: peers[name][field])
        print(f"{field}: ours / {best} = {rows[OURS][field] / peers[best][field]:.2f}")
    if "rank_bm25" in peers:
        print(f"build: ours / rank_bm25 = {rows[OURS]['build'] / peers['rank_bm25']['build']:.2f}")


def _places(field: str) -> int:
    return {"build": 2, "load": 3, "p50": 1, "p99": 1}.get(field, 0)


def main() -> None:
    """Run all steps for all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?", default=Path("knowledge"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**2, 10**4, 10**5, 10**6])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES))
    parser.add_argument("--answers", type=int, nargs="*", default=[10**5], help="sizes for answers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--k", type=int, default=50)
    parser.add_argument("--cold", action="store_true", help="ask with cold caches too")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step, *rest = json.loads(given.step)
        print(json.dumps(STEPS[step](*rest)))
        return
    base = analysed(posts_in(given.text))
    with tempfile.TemporaryDirectory() as temporary:
        for size in sorted({*given.sizes, *given.answers}):
            folder = Path(temporary) / str(size)
            grown = grow(base, size)
            save_corpus(grown, questions(grown, QUESTIONS), folder)
            del grown
            if size in given.sizes:
                rows: dict[str, Row] = {}
                for name in given.engines:
                    rows[name] = in_a_process("build", name, size, str(folder))
                    rows[name] |= in_a_process("resident", name, size, str(folder), given.k)
                common = (given.engines, size, str(folder), given.k, given.rounds)
                asked = in_a_process("ask", *common)
                show(size, {name: row | asked[name] for name, row in rows.items()})
                if given.cold:
                    print("with cold caches:")
                    asked = in_a_process("ask cold", *common[:-1], min(given.rounds, 4))
                    show(size, {name: row | asked[name] for name, row in rows.items()})
            if size in given.answers:
                row = in_a_process("answers", size, str(folder), given.rounds)
                print(f"question → Answer at {size:,} passages:"
                      f" p50 {row['p50']:,.0f} µs, p99 {row['p99']:,.0f} µs", flush=True)  # fmt: skip
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
