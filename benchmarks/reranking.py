"""Fits the second stage (the weight of the reader's margins), cross-validates it, and writes it.

    python -m benchmarks.reranking FOLDER --readers READERS [--ranker lexical|e5|minilm] [--model M]

FOLDER holds the question files. READERS holds the readers: `all/reader.onnx`, which the coefficients
are for, and `0/`, `1/`, `2/`, each fitted without the texts of that fold (`training.finetune --fold`),
with a tokenizer.json each. Every figure printed comes from a reader, a first and a second stage that
have not seen the question's text. The readers' output is cached in --memory.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import FILES
from benchmarks.figures import JudgedExample, auroc, plot_calibration, report
from benchmarks.fit import (
    CALIBRATION,
    FOLDS,
    HITS,
    THREADS,
    WEIGHT,
    Data,
    calibration_weight,
    complete,
    conversations,
    example,
    group_of,
    ranker,
    read_data,
    with_vectors,
)
from benchmarks.fitting import Example, fit_choice, fit_logistic
from benchmarks.outcomes import report_outcomes
from bot.answering.answerer import MAX_HITS
from bot.answering.evaluation import Item, Record
from bot.library.snapshots import Snapshot
from bot.models import Hit, Question, Turn
from bot.search.data_files import DATA
from bot.search.feature_group import Floats
from bot.search.ranking.first_stage import (
    Coefficients,
    joint_probabilities,
    scores,
)
from bot.search.ranking.rankers import LEXICAL, RERANKED
from bot.search.ranking.second_stage import (
    Reranker,
    dump_reranker,
    order_features,
    second_scores,
    second_stage_hit_features,
)
from bot.search.reading import planning
from bot.search.reading.layout import Layout
from bot.search.reading.reader import Reader
from training.asked import fold_of
from training.examples import chatter_lines

READER_FOLDS = 3
TURNS = Path(__file__).parent.parent / "training" / "data"
MEASURED = {"chatter": "chatter-measured.txt", "unrelated": "questions-measured.txt"}
"""Turns after a question that ask its text nothing: used only to measure, never to fit."""
UNASKED = ("chatter", "unrelated")
FITTED_TURNS = 600


class RememberingReader(Reader):
    """A reader that caches the logits of every window in a file; it gives no answer's ends."""

    def __init__(self, folder: Path, memory: Path) -> None:
        super().__init__(folder, threads=1)
        self._file = memory / f"{self.digest}.pickle"
        self._memory: dict[int, Floats] = {}
        if self._file.exists():
            self._memory = pickle.loads(self._file.read_bytes())  # noqa: S301 - our own file

    def _run(self, layout: Layout) -> tuple[Floats, Floats]:
        key = hash((layout.ids, layout.asked))
        if key not in self._memory:
            self._memory[key] = super()._run(layout)[0]
        return self._memory[key], np.zeros((len(layout.ids), 2), np.float32)

    def save(self) -> None:
        """Save the cache."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(pickle.dumps(self._memory))


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """An example, a first stage that has not seen it, and the reader's margins."""

    example: Example
    first: Coefficients
    points: Floats
    margins: Floats


def read_all(
    examples: Sequence[Example],
    first_of: Callable[[Example], Coefficients],
    readers: Sequence[Reader],
) -> list[Read]:
    """Have every example read by the reader that has not seen its text."""

    def read(e: Example) -> Read | None:
        first = first_of(e)
        r = e.retrieval
        searcher = replace(e.searcher, reader=readers[fold_of(e.title, len(readers))])
        found = searcher.read_closely(e.question, r, first)
        points = scores(first, r)
        return None if found is None else Read(e, first, points, found.of(r.candidates))

    with ThreadPoolExecutor(2) as pool:
        return [found for found in pool.map(read, examples) if found]


def no_follow_ups(
    small: dict[str, list[tuple[Record, Snapshot]]], first_of: Callable[[str], Coefficients]
) -> Iterator[Example]:
    """Yield turns that ask the text nothing, after a question that it answers."""
    rng = random.Random(11)  # noqa: S311 - a sample, not a secret
    threads = [(name, r, s) for name in THREADS for r, s in small[name]]
    elsewhere = [i.q for _, r, _ in threads for i in r.questions if i.gold and i.after is None]
    fitted = chatter_lines()
    lines = [(f"fitted-{kind}", line) for kind, some in (("chatter", fitted), ("unrelated", elsewhere))
             for line in rng.sample(some, min(FITTED_TURNS // 2, len(some)))]  # fmt: skip
    for kind, file in MEASURED.items():
        lines += [(kind, line) for line in chatter_lines(TURNS / file)]
    for kind, line in lines:
        name, record, snapshot = rng.choice(threads)
        own = {i.q for i in record.questions}
        if line in own:
            continue
        before = rng.choice([i.q for i in record.questions if i.gold and i.after is None])
        retrieval = snapshot.searcher.retrieve(Question(before))
        points = scores(first_of(group_of(name, record)), retrieval)
        quoted = snapshot.passages[int(retrieval.candidates[int(points.argmax())])]
        item = Item(q=line, gold=[], kind=kind)
        yield example(name, record, item, snapshot, Turn(before, quoted.key), kind)


def second_order(read: Iterable[Read]) -> Floats:
    """Fit (len(ORDER_FEATURES),) weights that make the right candidates likely."""
    features, gold, weights = [], [], []
    for r in read:
        known = ~np.isnan(r.margins)
        right = r.example.gold[known]
        if right.any() and not right.all():
            features.append(order_features(r.points, r.margins)[known].astype(float))
            gold.append(right)
            weights.append(WEIGHT[r.example.dataset] * (0.5 if r.example.whole else 1.0))
    offsets = [np.zeros(len(g)) for g in gold]
    return fit_choice(features, gold, offsets, np.array(weights), 1.0).astype(np.float32)


def best_hits(order: Floats, r: Read, limit: int = 3) -> tuple[NDArray[np.int64], Floats]:
    """The best candidates of an example, and the features that their probabilities are computed from."""
    second = second_scores(order, r.points, r.margins)
    best = np.argsort(-second, kind="stable")[:limit]
    rows = second_stage_hit_features(
        r.first, r.example.retrieval, r.points, second, r.margins, best
    )
    return best, rows


def second_stage(read: Sequence[Read], digest: str) -> Reranker:
    """Fit the second stage on `read`."""
    kept = [r for r in read if r.example.kind not in UNASKED]
    order = second_order(r for r in kept if r.example.answerable)
    some = [(r, *best_hits(order, r)) for r in kept]
    answerable = fit_logistic(
        np.stack([rows[0] for _, _, rows in some]).astype(float),
        np.array([r.example.answerable for r, _, _ in some]),
        np.array([_weight(r.example) for r, _, _ in some]),
    )
    able = [one for one in some if one[0].example.answerable]
    right = fit_logistic(
        np.concatenate([rows for _, _, rows in able]).astype(float),
        np.concatenate([r.example.gold[best] for r, best, _ in able]),
        np.concatenate([_weight(r.example) * HITS[: len(best)] for r, best, _ in able]),
    )
    return Reranker(
        order, answerable.astype(np.float32), right.astype(np.float32),
        read[0].first.similarities, digest,
    )  # fmt: skip


def _weight(e: Example) -> float:
    return 0.5 * CALIBRATION[e.dataset] if e.kind.startswith("fitted") else calibration_weight(e)


def judge(stage: Reranker, r: Read) -> JudgedExample:
    """Evaluate an example with coefficients that have not seen it."""
    e = r.example
    best, rows = best_hits(stage.order, r, MAX_HITS)
    passages = [e.searcher.passages[int(n)] for n in e.retrieval.candidates[best]]
    chances = accumulate(joint_probabilities(stage.answerable, stage.right, rows), min)
    hits = tuple(
        Hit(passage, 0.0, chance, read=True)
        for passage, chance in zip(passages, chances, strict=True)
    )
    right = tuple(bool(is_right) for is_right in e.gold[best])
    return JudgedExample(
        example=e,
        first=right[0],
        in_three=any(right[:3]),
        probability=hits[0].probability,
        by_bm25=bool(e.gold[int(r.points.argmax())]),
        quote=passages[0].text,
        hits=hits,
        right=right,
    )


def report_alone(read: Sequence[Read]) -> None:
    """Print how often each stage alone ranks a right passage first, and how well it detects what the text does not say."""
    for name in FILES:
        some = [r for r in read if r.example.dataset == name and not r.example.whole
                and r.example.kind not in {*UNASKED, "followup", "alone"}]  # fmt: skip
        able = [r for r in some if r.example.answerable]
        for stage in ("points", "margins"):
            values = [np.nan_to_num(getattr(r, stage), nan=-np.inf) for r in able]
            first = [bool(r.example.gold[v.argmax()]) for r, v in zip(able, values, strict=True)]
            print(
                f"  {name}: {'the reader' if stage == 'margins' else 'the first stage'} alone P@1 {np.mean(first):.3f}",
                end="",
            )
        best = np.array([np.nanmax(r.margins) for r in able])
        for kind in ("near", "far", "adversarial"):
            others = np.array([np.nanmax(r.margins) for r in some if r.example.kind == kind])
            if len(others):
                print(f", {kind} AUROC {auroc(best, others):.3f}", end="")
        print()


def print_failures(outcomes: Sequence[JudgedExample], number: int) -> None:
    """Print the most confident mistakes on threads: a wrong quote first, or a quote where the text does not answer."""
    wrong = [
        o for o in outcomes if o.example.dataset in THREADS and not o.example.whole and not o.first
    ]
    for o in sorted(wrong, key=lambda o: -o.probability)[:number]:
        e = o.example
        texts = [e.searcher.passages[int(n)].text for n in e.retrieval.candidates[e.gold]]
        before = f" [after: {e.question.after.question}]" if e.question.after else ""
        print(
            f"{o.probability:.2f} {e.kind} {e.title!r}: {e.question.text}{before}\n    said: {o.quote}\n    right: {texts}"
        )


def report_turns(outcomes: Sequence[JudgedExample]) -> None:
    """Print how turns that ask the text nothing, after a question, come out."""
    for kind in UNASKED:
        p = np.array([o.probability for o in outcomes if o.example.kind == kind])
        shares = ", ".join(f"{t}: {np.mean(p >= t):.3f}" for t in (0.07, 0.1, 0.2, 0.3, 0.5, 0.77))
        print(f"  {kind} after a question, n={len(p)}: from {shares}")


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=Path, required=True)
    parser.add_argument("--ranker", choices=sorted({*RERANKED} - {"default"}), default=LEXICAL)
    parser.add_argument("--model", help="for minilm: the model's name or folder")
    parser.add_argument("--vectors", type=Path, default=Path("benchmarks/.vectors"))
    parser.add_argument("--memory", type=Path, default=Path("build/read"))
    parser.add_argument("--output", type=Path)
    parser.add_argument("--plot", type=Path, help="draw the calibration in the folds as this .svg")
    parser.add_argument(
        "--failures", type=int, default=0, help="print this many of the most confident mistakes"
    )
    parser.add_argument("--budget", type=int, help="tokens that are read")
    parser.add_argument("--records", type=int, help="articles of a file, at most; by default all")
    parser.add_argument(
        "--one-in",
        type=int,
        default=1,
        help="this many of the articles' questions, and a third as many of SQuAD's",
    )
    args = parser.parse_args()
    if args.budget:
        planning.BUDGET = planning.BUDGET_WITH_VECTORS = args.budget
    clock = time.time()
    built = with_vectors(args.ranker, args.model, args.vectors)
    one_in = {"selqa-sections": args.one_in, "squad-articles": 3 * args.one_in - 2}
    data, small = read_data(args.folder, built, args.records, one_in)
    groups = sorted({e.group for e in data.asked})
    random.Random(0).shuffle(groups)  # noqa: S311
    fold = {group: i % FOLDS for i, group in enumerate(groups)}
    firsts = {k: ranker(e for e in data.asked if fold[e.group] != k) for k in range(FOLDS)}
    data.talked.extend(conversations(small, lambda group: firsts[fold[group]]))
    turns = list(no_follow_ups(small, lambda group: firsts[fold[group]]))
    for k, first in firsts.items():
        asked, talked = ([e for e in s if fold[e.group] != k] for s in (data.asked, data.talked))
        firsts[k] = complete(first, talked, asked)
    print(f"first stages, {time.time() - clock:.0f} s", flush=True)
    readers = [RememberingReader(args.readers / str(k), args.memory) for k in range(READER_FOLDS)]
    examples = [*_some(data), *data.talked, *turns]
    read = read_all(examples, lambda e: firsts[fold[e.group]], readers)
    for reader in readers:
        reader.save()
    print(f"{len(read)} of {len(examples)} questions read, {time.time() - clock:.0f} s", flush=True)
    digest = Reader(args.readers / "all").digest
    outcomes = []
    for k in range(FOLDS):
        stage = second_stage([r for r in read if fold[r.example.group] != k], digest)
        outcomes += [judge(stage, r) for r in read if fold[r.example.group] == k]
    report([o for o in outcomes if o.example.kind not in UNASKED and not o.example.kind.startswith("fitted")],
           "a fifth of the articles and threads left out at a time; over the first stage, not BM25")  # fmt: skip
    report_outcomes(outcomes)
    report_turns(outcomes)
    report_alone(read)
    print_failures([o for o in outcomes if not o.example.kind.startswith("fitted")], args.failures)
    if args.plot:
        plot_calibration(outcomes, args.plot)
    stage = second_stage(read, digest)
    output = args.output or DATA / RERANKED[args.ranker]
    dump_reranker(stage, output)
    print(f"order {stage.order}; wrote {output}, {time.time() - clock:.0f} s")


def _some(data: Data) -> list[Example]:
    """The questions that are read: of those asked of whole files, only a third."""
    return [e for i, e in enumerate(data.asked) if not e.whole or i % 3 == 0]


if __name__ == "__main__":
    main()
