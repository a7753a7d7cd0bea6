"""Fits a ranker on question files, cross-validates it, and writes its coefficients.

    python -m benchmarks.fit FOLDER [--quick] [--ranker lexical|e5|e5-foreign|minilm] [--model M]

FOLDER holds the question files that `benchmarks.data` names; `make fit` fits all rankers. A ranker with
an embedding model is fitted on that model's vectors; `e5-foreign` as if every question were in a
language that shares only names and numbers with the texts. The figures
printed are those of questions that took no part in the fit: first by leaving out a fifth of the
articles and threads at a time, then by leaving out a whole file at a time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import FILES
from benchmarks.figures import JudgedExample, plot_calibration, report
from benchmarks.fitting import Example, fit_conversation, fit_logistic, fit_ranking
from benchmarks.question_vectors import EMBEDDERS, FOREIGN, RememberedQuestions
from bot.answering.evaluation import Item, Record, is_right, read_records
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Hit, Question, Source, Turn
from bot.search.data_files import DATA
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.feature_group import Floats
from bot.search.query.follow_ups import FOLLOW_UP_FEATURES
from bot.search.ranking.embedding_features import SIMILARITIES
from bot.search.ranking.features import FEATURES
from bot.search.ranking.first_stage import (
    Coefficients,
    dump_coefficients,
    first_stage_hit_features,
    follow_up_probability,
    probabilities,
    scores,
)
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import FITTED, LEXICAL
from bot.search.searcher import Searcher

FOLDS = 5
THREADS = ("threads-natural", "threads")
ARTICLES = ("selqa-sections", "squad-articles")
WEIGHT = {"threads-natural": 2.0, "threads": 1.3, "selqa-sections": 1.0, "squad-articles": 0.8}
"""The weight of a question of each file in the ranking: threads are most like real use."""
CALIBRATION = {
    "threads-natural": 2.0,
    "threads": 2.0,
    "selqa-sections": 0.6,
    "squad-articles": 0.35,
}
"""The same in the calibration."""
HITS = np.array([1.0, 0.2, 0.2])
"""The weight of the first, second and third hit in the calibration."""


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Every question, asked of its text alone and of all texts of its file, and conversations."""

    asked: list[Example]
    talked: list[Example]


def group_of(name: str, record: Record) -> str:
    """What must not be split between folds: pieces of one article stay together."""
    return f"{name}/{title_of(record) if name in ARTICLES else record.name}"


def title_of(record: Record) -> str:
    """The title that all pieces of an article share."""
    return (record.title or record.name).split(":")[0]


def example(
    name: str, record: Record, item: Item, snapshot: Snapshot, after: Turn | None, kind: str
) -> Example:
    """Analyse `item` against `snapshot`."""
    question = Question(item.q, after)
    retrieval = snapshot.searcher.retrieve(question)
    source = record.source()
    passages, twins = snapshot.passages, snapshot.searcher.twins
    gold = np.array([
        is_right(Hit(passages[n], 0, 0, also=twins.of(n)), item, source) for n in retrieval.candidates.tolist()
    ], np.bool_)  # fmt: skip
    whole = len(snapshot.sources) > 1
    return Example(
        group_of(name, record), title_of(record), name, whole, kind, question, snapshot.searcher,
        retrieval, gold, bool(item.gold),
    )  # fmt: skip


def read_data(
    folder: Path,
    built: Callable[[Sequence[Source]], Snapshot] = build_snapshot,
    most: int | None = None,
    one_in: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Data, dict[str, list[tuple[Record, Snapshot]]]]:
    """Read all standalone questions, and each file's records with their snapshots.

    `built` makes a snapshot of sources, with the vectors of a model or without; `most` is how many articles of
    a file are read, and of their
    questions one in so many.
    """
    asked: list[Example] = []
    small: dict[str, list[tuple[Record, Snapshot]]] = {}
    for name in FILES:
        records = read_records(folder / f"{name}.jsonl")[: most if name in ARTICLES else None]
        sources = [source for record in records if (source := record.source())]
        together = built(sources)
        small[name] = [(r, built([s])) for r, s in zip(records, sources, strict=True)]
        for record, snapshot in small[name]:
            for item in record.questions[:: one_in.get(name, 1)]:
                if item.after is None:
                    asked.append(example(name, record, item, snapshot, None, item.kind))
                    if item.gold or name in THREADS:
                        asked.append(example(name, record, item, together, None, item.kind))
    return Data(asked, []), small


def conversations(
    small: dict[str, list[tuple[Record, Snapshot]]], ranker_of: Callable[[str], Coefficients]
) -> Iterator[Example]:
    """Yield follow-ups after their turn, and questions that stand alone after another one."""
    rng = random.Random(5)  # noqa: S311 - a sample, not a secret
    for name in THREADS:
        for record, snapshot in small[name]:
            alone = [item.q for item in record.questions if item.after is None and item.gold]
            for item in record.questions:
                if item.gold:
                    before = item.after or rng.choice([q for q in alone if q != item.q])
                    retrieval = snapshot.searcher.retrieve(Question(before))
                    ranker = ranker_of(group_of(name, record))
                    order = scores(ranker, retrieval)
                    quoted = snapshot.passages[int(retrieval.candidates[int(order.argmax())])]
                    kind = "followup" if item.after else "alone"
                    yield example(name, record, item, snapshot, Turn(before, quoted.key), kind)


def ranker(examples: Iterable[Example], start: Coefficients | None = None) -> Coefficients:
    """Fit only the coefficients of the order; `start`: those of a similar fit, to start from."""
    # A third of the whole-file questions is plenty, and keeps the fit to minutes.
    able = [e for e in examples if e.answerable]
    kept = [e for i, e in enumerate(able) if not e.whole or i % 3 == 0]
    weights = np.array([WEIGHT[e.dataset] for e in kept])
    first = None
    if start is not None:
        own = np.r_[start.features, start.similarity_weights]
        first = own.astype(float), start.evidence.astype(float)
    features, evidence = fit_ranking(kept, weights, start=first)
    return Coefficients(
        features=features[: len(FEATURES)].astype(np.float32),
        evidence=evidence.astype(np.float32),
        follow_up=np.zeros(1 + len(FOLLOW_UP_FEATURES), np.float32),
        conversation=np.zeros(0, np.float32),
        answerable=np.zeros(0, np.float32),
        right=np.zeros(0, np.float32),
        similarities=SIMILARITIES if len(features) > len(FEATURES) else (),
        similarity_weights=features[len(FEATURES) :].astype(np.float32),
    )


def complete(c: Coefficients, talked: Sequence[Example], asked: Sequence[Example]) -> Coefficients:
    """Fit the conversation and the probability of a ranker."""
    follow_ups = np.stack(
        [e.retrieval.conversation.follow_up for e in talked if e.retrieval.conversation]
    )
    follows = np.array([e.kind == "followup" for e in talked])
    lean = fit_logistic(follow_ups.astype(float), follows, np.ones(len(talked)), 1.0)
    c = replace(c, follow_up=lean.astype(np.float32))
    usable = [e for e in talked if e.gold.any() and not e.gold.all() and e.retrieval.conversation]
    theta = fit_conversation(
        [scores(c, replace(e.retrieval, conversation=None)).astype(float) for e in usable],
        [e.retrieval.conversation.turn.astype(float) for e in usable if e.retrieval.conversation],
        np.array([follow_up_probability(c, e.retrieval) for e in usable]),
        [e.gold for e in usable],
        np.array([1.0 if e.kind == "followup" else 0.8 for e in usable]),
    )
    c = replace(c, conversation=theta.astype(np.float32))
    judged = [(e, *hits(c, e)) for e in (*asked, *talked) if len(e.retrieval.candidates)]
    answerable = fit_logistic(
        np.stack([rows[0] for _, _, rows in judged]).astype(float),
        np.array([e.answerable for e, _, _ in judged]),
        np.array([calibration_weight(e) for e, _, _ in judged]),
    )
    able = [one for one in judged if one[0].answerable]
    right = fit_logistic(
        np.concatenate([rows for _, _, rows in able]).astype(float),
        np.concatenate([e.gold[order] for e, order, _ in able]),
        np.concatenate([calibration_weight(e) * HITS[: len(order)] for e, order, _ in able]),
    )
    return replace(c, answerable=answerable.astype(np.float32), right=right.astype(np.float32))


def calibration_weight(e: Example) -> float:
    """The weight of an example in the calibration."""
    rare = 0.15 if e.kind == "adversarial" else 1.0
    return CALIBRATION[e.dataset] * rare * (0.3 if e.whole or e.kind == "alone" else 1.0)


def hits(c: Coefficients, e: Example, limit: int = 3) -> tuple[NDArray[np.int64], Floats]:
    """The best candidates of an example, and the features that their probabilities are computed from."""
    r = e.retrieval
    if not len(r.candidates):
        return np.zeros(0, np.int64), np.zeros(
            (0, len(HIT_FEATURES) + len(c.similarities)), np.float32
        )
    points = scores(c, r)
    order = np.argsort(-points, kind="stable")[:limit]
    rows = first_stage_hit_features(c, r, points, order)
    rows[:, list(e.zeroed)] = 0
    return order, rows


def judge(c: Coefficients, e: Example) -> JudgedExample:
    """Evaluate `e` with coefficients that have not seen it."""
    order, rows = hits(c, e)
    if not len(order):
        return JudgedExample(e, False, False, 0.0, False)
    alone = int(e.retrieval.features.column("bm25").argmax())
    return JudgedExample(
        example=e,
        first=bool(e.gold[order[0]]),
        in_three=bool(e.gold[order].any()),
        probability=probabilities(c, rows)[0],
        by_bm25=bool(e.gold[alone]),
    )


def with_vectors(
    name: str, model: str | None, file: Path
) -> Callable[[Sequence[Source]], Snapshot]:
    """Choose the function that builds snapshots for the ranker `name`; vectors are stored in `file`."""
    if name == LEXICAL:
        return build_snapshot
    family = name.removesuffix(FOREIGN)
    remembered = file.with_name(f"{file.name}.{family}-questions")
    embedder = RememberedQuestions(EMBEDDERS[family](model), remembered)
    return built_with(EmbeddingBuilder(embedder, file, shared=True), foreign=name.endswith(FOREIGN))


class _ForeignSearcher(Searcher):
    """Treats every question as one in another language."""

    def foreign_language(self, text: str) -> str | None:
        return "xx"


def built_with(maker: EmbeddingBuilder, *, foreign: bool) -> Callable[[Sequence[Source]], Snapshot]:
    """Make a function that builds snapshots with vectors; with `foreign` every question counts as foreign."""

    def built(sources: Sequence[Source]) -> Snapshot:
        snapshot = build_snapshot(sources)
        embeddings = maker.make(sources, snapshot.passages)
        if embeddings is None:
            raise ValueError("a model gave no vectors")
        snapshot = snapshot.with_embeddings(embeddings)
        if not foreign:
            return snapshot
        s = snapshot.searcher
        abroad = _ForeignSearcher(
            s.passages, s.table, s.expander, s.resources, s.twins, s.embeddings
        )
        return replace(snapshot, searcher=abroad)

    return built


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ranker", choices=FITTED, default=LEXICAL)
    parser.add_argument("--model", help="for minilm: the model's name or folder")
    parser.add_argument("--vectors", type=Path, default=Path("benchmarks/.vectors"))
    parser.add_argument("--output", type=Path)
    parser.add_argument("--plot", type=Path, help="draw the calibration in the folds as this .svg")
    parser.add_argument("--quick", action="store_true", help="without leaving out whole files")
    args = parser.parse_args()
    clock = time.time()
    built = with_vectors(args.ranker, args.model, args.vectors)
    data, small = read_data(args.folder, built)
    groups = sorted({e.group for e in data.asked})
    random.Random(0).shuffle(groups)  # noqa: S311
    fold = {group: i % FOLDS for i, group in enumerate(groups)}
    rankers = {k: ranker(e for e in data.asked if fold[e.group] != k) for k in range(FOLDS)}
    data.talked.extend(conversations(small, lambda group: rankers[fold[group]]))
    print(
        f"{len(data.asked)} questions, {len(data.talked)} conversations, {time.time() - clock:.0f} s"
    )

    def without(out: Callable[[Example], bool], own: Coefficients | None) -> list[JudgedExample]:
        asked, talked = ([e for e in some if not out(e)] for some in (data.asked, data.talked))
        c = complete(own or ranker(asked), talked, asked)
        return [judge(c, e) for e in (*data.asked, *data.talked) if out(e)]

    def in_fold(k: int) -> list[JudgedExample]:
        return without(lambda e: fold[e.group] == k, rankers[k])

    def in_file(name: str) -> list[JudgedExample]:
        return without(lambda e: e.dataset == name, None)

    folds = [one for k in range(FOLDS) for one in in_fold(k)]
    report(folds, "a fifth of the articles and threads left out at a time")
    if args.plot:
        plot_calibration(folds, args.plot)
    if not args.quick:
        files = [one for name in FILES for one in in_file(name)]
        report(files, "a whole file left out at a time")
    output = args.output or DATA / FITTED[args.ranker]
    dump_coefficients(complete(ranker(data.asked), data.talked, data.asked), output)
    print(f"wrote {output}, {time.time() - clock:.0f} s")


if __name__ == "__main__":
    main()
