"""Fits which clause of a long sentence is set in bold, cross-validates it, and writes its weights.

    python -m benchmarks.clauses FOLDER [--readers READERS] [--show]

FOLDER holds the question files; READERS holds the readers, as for `benchmarks.reranking`: with them, the
weights are fitted for sentences that the reader has read, without them for the others. `answers.jsonl` beside this
module holds marks of our own: which words of a question's right sentence answer it. A clause is right
when it contains all of them. Pieces of one article, and questions of one thread, stay together; every
sentence is read by a reader that has not seen its text.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fit import group_of, title_of
from benchmarks.fitting import fit_choice
from bot.answering.evaluation import Record, read_records
from bot.library.snapshots import build_snapshot
from bot.models import Question
from bot.search.data_files import DATA
from bot.search.feature_group import Floats
from bot.search.highlighting.clauses import (
    CLAUSE_FEATURES,
    READ_CLAUSE_FEATURES,
    ClauseCandidates,
    clause_candidates,
    dump_clause_weights,
    is_long,
)
from bot.search.reading.answer_span import AnswerSpan
from bot.search.reading.reader import Reader
from bot.search.resources import CLAUSES, READ_CLAUSES
from bot.search.retrieval import Retrieval
from bot.search.searcher import Searcher
from training.asked import MarkedAnswer, fold_of, read_answers

MARKS = Path(__file__).parent / "answers.jsonl"
FOLDS = 10
SHUFFLES = 3
RIDGE = 3.0
READER_FOLDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A question, the sentence that answers it, its runs of phrases, and which of them contain the answer."""

    file: str
    group: str
    question: str
    sentence: str
    answer: str
    runs: ClauseCandidates
    right: NDArray[np.bool_]


def read_marks(folder: Path, readers: Sequence[Reader]) -> list[Mark]:
    """Read every mark, with its question analysed against its text.

    With `readers`, only those whose sentence was read.
    """
    answers: dict[tuple[str, str], list[MarkedAnswer]] = defaultdict(list)
    for answer in read_answers(MARKS, folder):
        answers[answer.file, answer.record].append(answer)
    found: list[Mark | None] = []
    for file in sorted({file for file, _ in answers}):
        for record in read_records(folder / f"{file}.jsonl"):
            marked = answers[file, record.name]
            source = record.source() if marked else None
            if source:
                searcher = build_snapshot([source]).searcher
                found += [mark(record, answer, searcher, readers) for answer in marked]
    return [each for each in found if each]


def mark(
    record: Record, answer: MarkedAnswer, searcher: Searcher, readers: Sequence[Reader]
) -> Mark | None:
    """One mark; None for a follow-up, a short sentence, or one that should have been read and was not."""
    item = record.questions[answer.index]
    if item.after or not is_long(answer.sentence):
        return None
    question, sentence = Question(item.q), answer.sentence
    retrieval = searcher.retrieve(question)
    answer_span = None
    if readers:
        reader = readers[fold_of(title_of(record), len(readers))]
        answer_span = span_in(sentence, question, retrieval, replace(searcher, reader=reader))
        if answer_span is None:
            return None
    runs = clause_candidates(sentence, searcher.highlighted(retrieval), answer_span)
    right = (runs.starts <= answer.start) & (answer.end <= runs.ends)
    group = group_of(answer.file, record)
    return Mark(answer.file, group, question.text, sentence, answer.words, runs, right)


def span_in(
    sentence: str, question: Question, retrieval: Retrieval, searcher: Searcher
) -> AnswerSpan | None:
    """Where the reader of `searcher` sees the answer in `sentence`, if it has read that."""
    read = searcher.read_closely(question, retrieval, searcher.resources.rankers[retrieval.ranker])
    numbers = {searcher.passages[int(n)].text: int(n) for n in retrieval.candidates}
    logits = read.span_logits(numbers[sentence]) if read and sentence in numbers else None
    return (
        None
        if logits is None or searcher.reader is None
        else searcher.reader.answer_span(sentence, logits)
    )


def fitted_weights(marks: Sequence[Mark]) -> Floats:
    """(len(CLAUSE_FEATURES),) the weights that make the right runs of `marks` likely."""
    scale = np.concatenate([m.runs.features for m in marks]).std(axis=0) + 1e-3
    kept = [m for m in marks if m.right.any()]
    theta = fit_choice(
        [m.runs.features / scale for m in kept],
        [m.right for m in kept],
        [np.zeros(len(m.right)) for m in kept],
        np.ones(len(kept)),
        RIDGE,
    )
    return np.asarray(theta / scale, np.float32)


def in_folds(
    marks: Sequence[Mark], seed: int, *, show: bool
) -> dict[str, list[tuple[bool, float]]]:
    """By file, whether each clause is right and its share of the sentence, with weights learned from other marks."""
    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    groups = sorted({m.group for m in marks})
    random.Random(seed).shuffle(groups)  # noqa: S311
    fold = {group: i % FOLDS for i, group in enumerate(groups)}
    for k in range(FOLDS):
        learned = fitted_weights([m for m in marks if fold[m.group] != k])
        for m in marks:
            if fold[m.group] == k:
                best = m.runs.best(learned)
                span = m.runs.span(best)
                for name in (m.file, "all"):
                    share = (span.end - span.start) / len(m.sentence)
                    found[name].append((bool(m.right[best]), share))
                if show:
                    bold = m.sentence[span.start : span.end]
                    print(f"{int(m.right[best])} {m.question} | {bold} | {m.answer}")
    return found


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=Path)
    parser.add_argument("--show", action="store_true", help="print each clause of the first folds")
    args = parser.parse_args()
    folders = [args.readers / str(k) for k in range(READER_FOLDS)] if args.readers else []
    marks = read_marks(args.folder, [Reader(folder) for folder in folders])
    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for seed in range(SHUFFLES):
        for name, some in in_folds(marks, seed, show=args.show and seed == 0).items():
            found[name] += some
    possible = np.mean([m.right.any() for m in marks])
    print(f"{len(marks)} marks; {possible:.3f} of the answers are in some run")
    for name, some in sorted(found.items()):
        right, share = np.mean(some, axis=0)
        print(f"  {name:16} n={len(some) // SHUFFLES:4} answer in bold {right:.3f}, of {share:.3f}")
    names = READ_CLAUSE_FEATURES if folders else CLAUSE_FEATURES
    dump_clause_weights(fitted_weights(marks), DATA / (READ_CLAUSES if folders else CLAUSES), names)


if __name__ == "__main__":
    main()
