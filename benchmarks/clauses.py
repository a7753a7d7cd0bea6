"""Fits which clause of a long sentence is set in bold, cross-validates it, and writes its weights.

    python -m benchmarks.clauses FOLDER [--show]

FOLDER holds the question files. `answers.jsonl` beside this module holds marks of our own: which
words of a question's right sentence answer it. A clause is right when it holds all of them. Pieces
of one article, and questions of one thread, stay together.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fit import group_of
from benchmarks.fitting import fit_choice
from bot.answering.evaluation import Record, read_records
from bot.models import Question
from bot.retrieval.clauses import Floats, Runs, dump_worth, runs_of
from bot.retrieval.resources import CLAUSES, DATA
from bot.snapshots import build_snapshot

MARKS = Path(__file__).parent / "answers.jsonl"
FOLDS = 10
SHUFFLES = 3
RIDGE = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A question, the sentence that answers it, its runs, and which of them hold the answer."""

    file: str
    group: str
    question: str
    sentence: str
    answer: str
    runs: Runs
    right: NDArray[np.bool_]


def read_marks(folder: Path) -> list[Mark]:
    """Return every mark, its question read against the text that it is asked of."""
    lines = [json.loads(line) for line in MARKS.read_text(encoding="utf-8").splitlines()]
    records = {
        (file, record.name): record
        for file in sorted({line["file"] for line in lines})
        for record in read_records(folder / f"{file}.jsonl")
    }
    return [
        mark(line["file"], records[line["file"], line["record"]], line["index"], line["answer"])
        for line in lines
    ]


def mark(file: str, record: Record, number: int, answer: str) -> Mark:
    """Return one mark."""
    item = record.questions[number]
    sentence = item.gold[0]
    source = record.source()
    searcher = build_snapshot([source] if source else []).searcher
    reading = searcher.read(Question(item.q))
    runs = runs_of(
        sentence, reading.text, reading.concepts, reading.asked,
        searcher.expander.analyzers[0], searcher.resources.associations,
    )  # fmt: skip
    start = sentence.index(answer)
    end = start + len(answer)
    right = (runs.starts <= start) & (end <= runs.ends)
    return Mark(file, group_of(file, record), item.q, sentence, answer, runs, right)


def worth(marks: Sequence[Mark]) -> Floats:
    """Return (S,) what each of clauses.SIGNS is worth, by `marks`."""
    scale = np.concatenate([m.runs.signs for m in marks]).std(axis=0) + 1e-3
    kept = [m for m in marks if m.right.any()]
    theta = fit_choice(
        [m.runs.signs / scale for m in kept],
        [m.right for m in kept],
        [np.zeros(len(m.right)) for m in kept],
        np.ones(len(kept)),
        RIDGE,
    )
    return np.asarray(theta / scale, np.float32)


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print each clause of the first folds")
    given = parser.parse_args()
    marks = read_marks(given.folder)
    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for seed in range(SHUFFLES):
        groups = sorted({m.group for m in marks})
        random.Random(seed).shuffle(groups)  # noqa: S311
        fold = {group: i % FOLDS for i, group in enumerate(groups)}
        for k in range(FOLDS):
            learned = worth([m for m in marks if fold[m.group] != k])
            for m in marks:
                if fold[m.group] == k:
                    best = m.runs.best(learned)
                    span = m.runs.span(best)
                    share = (span.end - span.start) / len(m.sentence)
                    for name in (m.file, "all"):
                        found[name].append((bool(m.right[best]), share))
                    if given.show and seed == 0:
                        bold = m.sentence[span.start : span.end]
                        print(f"{int(m.right[best])} {m.question} | {bold} | {m.answer}")
    possible = np.mean([m.right.any() for m in marks])
    print(f"{len(marks)} marks; {possible:.3f} of the answers are in some run")
    for name, some in sorted(found.items()):
        right, share = np.mean(some, axis=0)
        print(f"  {name:16} n={len(some) // SHUFFLES:4} answer in bold {right:.3f}, of {share:.3f}")
    dump_worth(worth(marks), DATA / CLAUSES)


if __name__ == "__main__":
    main()
