"""Figures of scored questions.

    python -m training.evaluate SCORES.jsonl… [--questions FOLDER --marks benchmarks/answers.jsonl]

P@1: the best sentence is right; in 3: one of the best three is. AUROC: how often an answerable
question's best sentence scores above an unanswerable one's. With --questions and --marks: how often
the words that the reader takes for the answer contain the marked ones, or overlap them.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.asked import read_answers, read_asked


@dataclass(frozen=True)
class Scored:
    """A line of a file of scores."""

    file: str
    record: str
    index: int
    kind: str
    answerable: bool
    gold: tuple[int, ...]
    scores: tuple[float, ...]
    answer: tuple[int, int]

    @property
    def rank(self) -> int | None:
        """The rank of the first right sentence, from 1."""
        order = sorted(range(len(self.scores)), key=lambda i: -self.scores[i])
        return next((r for r, i in enumerate(order, start=1) if i in self.gold), None)

    @property
    def best(self) -> float:
        """The best sentence's logit minus that of "none"."""
        return max(self.scores)


def read_scores(paths: Iterable[Path]) -> Iterator[Scored]:
    """Yield the lines of files of scores."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            yield Scored(
                raw["file"], raw["record"], raw["index"], raw["kind"], raw["answerable"],
                tuple(raw["gold"]), tuple(raw["scores"]), (raw["answer"][0], raw["answer"][1]),
            )  # fmt: skip


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The area under the ROC curve: the chance that a positive scores above a negative."""
    above = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float((above > 0).mean() + (above == 0).mean() / 2)


def lines_of(scored: Sequence[Scored]) -> Iterator[str]:
    """Yield the table's lines, file by file and kind by kind."""
    files: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        files[one.file].append(one)
    for file, items in files.items():
        able = [s for s in items if s.answerable and s.kind != "followup"]
        kinds: dict[str, list[Scored]] = defaultdict(list)
        for one in items:
            kinds[one.kind].append(one)
        yield f"{file}: {_precision(able)}" if able else file
        for kind, some in sorted(kinds.items()):
            if some[0].answerable:
                yield f"    {kind:12} {_precision(some)}"
            elif able:
                value = area([s.best for s in able], [s.best for s in some])
                yield f"    {kind:12} n {len(some):5}  AUROC {value:.3f}  {_above(some)}"
            else:
                yield f"    {kind:12} n {len(some):5}  {_above(some)}"


def _precision(scored: Sequence[Scored]) -> str:
    first = np.mean([s.rank == 1 for s in scored])
    three = np.mean([s.rank is not None and s.rank <= 3 for s in scored])
    return f"n {len(scored):5}  P@1 {first:.3f}  in 3 {three:.3f}  {_above(scored)}"


def _above(scored: Sequence[Scored]) -> str:
    best = np.array([s.best for s in scored])
    shares = "  ".join(f">{t}: {(best > t).mean():.3f}" for t in (-3, 0, 2))
    return f"{shares}  median {np.median(best):.1f}"


def spans_of(scored: Sequence[Scored], questions: Path, marks: Path) -> Iterator[str]:
    """Yield how well the predicted answers agree with the marked ones, where the sentence is right."""
    marked = {a.key: " ".join(a.words.split()) for a in read_answers(marks, questions)}
    sentences = {(a.file, a.record, a.index): a.case.sentences for a in read_asked(questions)}
    held, touched, share = [], [], []
    for one in scored:
        key = (one.file, one.record, one.index)
        if key not in marked or one.rank != 1:
            continue
        sentence = sentences[key][int(np.argmax(one.scores))]
        at = sentence.find(marked[key])
        if at >= 0:
            start, end = one.answer
            stop = at + len(marked[key])
            held.append(start <= at and stop <= end)
            touched.append(start < stop and at < end)
            share.append((end - start) / len(sentence))
    if held:
        yield (
            f"answer: n {len(held)}  held {np.mean(held):.3f}  touched {np.mean(touched):.3f}"
            f"  share of the sentence {np.mean(share):.2f}"
        )


def main() -> None:
    """Print the figures of the files of scores."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scores", nargs="+", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--marks", type=Path)
    args = parser.parse_args()
    scored = list(read_scores(args.scores))
    print("\n".join(lines_of(scored)))
    if args.questions and args.marks:
        print("\n".join(spans_of(scored, args.questions, args.marks)))


if __name__ == "__main__":
    main()
