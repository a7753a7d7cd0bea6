"""Measures what each group of ranking features is worth: the figures of a fit with it, minus those without it.

    python -m benchmarks.ablation FOLDER [--ranker lexical|e5|minilm] [--model M] [--only WORD …] [--output FILE]

FOLDER holds the question files. The ranker is fitted in five folds as by `benchmarks.fit`, first with
everything, then with each group of ABLATIONS set to zero; only the figures are written. Each fit starts
from the coefficients of the full one, so a group takes about half a minute. It prints P@1, and AUROC of
answerable questions against near and far ones, in points; positive: the group helps.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.data import FILES
from benchmarks.figures import JudgedExample, auroc
from benchmarks.fit import (
    FOLDS,
    THREADS,
    complete,
    conversations,
    judge,
    ranker,
    read_data,
    with_vectors,
)
from benchmarks.fitting import Example
from bot.search.feature_group import FeatureGroup, Floats
from bot.search.query.cue_words import Evidence, QuestionType
from bot.search.query.follow_ups import FOLLOW_UP_FEATURES
from bot.search.ranking import feature_groups as groups
from bot.search.ranking import surrounding_features as around
from bot.search.ranking.conversation import TURN_FEATURES
from bot.search.ranking.features import EVIDENCE_FEATURES, FEATURES, EvidenceShape
from bot.search.ranking.first_stage import Coefficients
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import FITTED, LEXICAL

VECTORS = Path("benchmarks/.vectors")


@dataclass(frozen=True, slots=True)
class Ablation:
    """The names of the features that are set to zero, by the list that they are in."""

    name: str
    features: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    types: tuple[QuestionType, ...] = ()
    turn: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()

    def applied_to(self, e: Example) -> Example:
        """A copy of `e` in which they are zero; `hit` features are zeroed where they are computed."""
        r = e.retrieval
        features = replace(
            r.features,
            values=_without(r.features.values, FEATURES, self.features),
            evidence=_without(r.features.evidence, EVIDENCE_FEATURES, self.evidence),
        )
        conversation = r.conversation and replace(
            r.conversation,
            turn=_without(r.conversation.turn, TURN_FEATURES, self.turn),
            follow_up=_without(r.conversation.follow_up, FOLLOW_UP_FEATURES, self.follow_up),
        )
        types = tuple(kind for kind in r.question_types if kind not in self.types)
        changed = replace(r, features=features, conversation=conversation, question_types=types)
        hit = [HIT_FEATURES.index(name) for name in self.hit]
        return replace(e, retrieval=changed, zeroed=tuple(hit))


def _without(values: Floats, names: Sequence[str], left_out: Sequence[str]) -> Floats:
    if not left_out:
        return values
    values = values.copy(order="K")
    values[..., [names.index(name) for name in left_out]] = 0
    return values


def _group(name: str, *some: type[FeatureGroup]) -> Ablation:
    return Ablation(name, tuple(n for group in some for n in group.feature_names()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KINDS = tuple(kind.name or "" for kind in Evidence)
TYPES = tuple(kind for kind in QuestionType if kind is not QuestionType.ANYTHING)
ABLATIONS = (
    Ablation(
        "word vectors",
        _words(
            "associated sentence_likeness post_likeness associated_lead likeness_lead associated_gain"
        ),
    ),
    Ablation("BM25", _words("bm25 bm25_lead bm25_top")),
    _group("match types", groups.MatchTypeFeatures),
    Ablation("informative weight", _words("informative informative_lead informative_top")),
    Ablation("first, last, rarest", _words("first last rarest"), hit=_words("hit_last hit_rarest")),
    Ablation("concepts, all_concepts, squared", _words("concepts all_concepts squared")),
    _group("leads", groups.LeadFeatures),
    Ablation("… bm25_top, held_top, informative_top", _words("bm25_top held_top informative_top")),
    Ablation(
        "surroundings",
        (
            "post_likeness",
            *around.GainFeatures.feature_names(),
            *around.PrecedingFeatures.feature_names(),
        ),
    ),
    Ablation("… title_gain", ("title_gain",)),
    Ablation("… before_gain, after_gain", _words("before_gain after_gain")),
    _group("… before_asks, before_heading", around.PrecedingFeatures),
    _group("word order", groups.WordOrderFeatures),
    _group("shape", around.ShapeFeatures),
    Ablation("evidence of cue words", evidence=KINDS),
    Ablation("all evidence", evidence=EVIDENCE_FEATURES),
    Ablation("neighbours as evidence", evidence=around.NeighbourFeatures.feature_names()),
    Ablation("shape as evidence", evidence=EvidenceShape.feature_names()),
    Ablation("all question types", types=TYPES),
    Ablation(
        "hit features: asks_…", hit=tuple(name for name in HIT_FEATURES if name[:5] == "asks_")
    ),
    Ablation(
        "hit features: copied", hit=tuple(name for name in HIT_FEATURES if name[:4] == "hit_")
    ),
    Ablation("hit features: kind_fits", hit=("kind_fits",)),
    Ablation("hit features: share, odds, margin", hit=_words("share odds margin")),
    Ablation("hit features: unknown_names, named", hit=_words("unknown_names named")),
    Ablation("conversation: all", turn=TURN_FEATURES),
    *(Ablation(f"follow-up cue {name}", follow_up=(name,)) for name in _words("points continues")),
    *(Ablation(f"question type {kind.name}", types=(kind,)) for kind in TYPES),
    *(Ablation(f"evidence {name}", evidence=(name,)) for name in KINDS),
)


def figures(outcomes: Sequence[JudgedExample]) -> dict[str, float]:
    """P@1 of each file alone and as a whole, follow-ups, and AUROC, in points."""
    found: dict[str, float] = {}
    for name in FILES:
        of_file = [o for o in outcomes if o.example.dataset == name]
        for kind in ("followup", "alone"):
            some = [o.first for o in of_file if o.example.kind == kind]
            if some:
                found[f"{name} {kind}"] = 100 * float(np.mean(some))
        single = [o for o in of_file if o.example.kind not in {"followup", "alone"}]
        for whole in (False, True):
            some = [o.first for o in single if o.example.whole == whole and o.example.answerable]
            found[f"{name} P@1{' whole' if whole else ''}"] = 100 * float(np.mean(some))
        alone = [o for o in single if not o.example.whole]
        able = np.array([o.probability for o in alone if o.example.answerable])
        for kind in ("near", "far"):
            others = np.array([o.probability for o in alone if o.example.kind == kind])
            if len(others):
                found[f"{name} AUROC {kind}"] = 100 * auroc(able, others)
    return found


def in_folds(
    asked: Sequence[Example],
    talked: Sequence[Example],
    fold: dict[str, int],
    starts: Sequence[Coefficients],
) -> Iterator[JudgedExample]:
    """Yield the result of each example with a ranker that has not seen its text."""
    for k in range(FOLDS):
        seen, heard = ([e for e in some if fold[e.group] != k] for some in (asked, talked))
        fitted = complete(ranker(seen, starts[k]), heard, seen)
        yield from (judge(fitted, e) for e in (*asked, *talked) if fold[e.group] == k)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ranker", choices=FITTED, default=LEXICAL)
    parser.add_argument("--model", help="for minilm: the model's name or folder")
    parser.add_argument("--vectors", type=Path, default=VECTORS)
    parser.add_argument(
        "--only", nargs="+", help="only groups whose names contain one of these words"
    )
    parser.add_argument("--output", type=Path, help="write all figures here, as JSON Lines")
    args = parser.parse_args()
    data, small = read_data(args.folder, with_vectors(args.ranker, args.model, args.vectors))
    names = sorted({e.group for e in data.asked})
    random.Random(0).shuffle(names)  # noqa: S311 - the folds of `benchmarks.fit`
    fold = {group: i % FOLDS for i, group in enumerate(names)}
    firsts = [ranker(e for e in data.asked if fold[e.group] != k) for k in range(FOLDS)]
    talked = list(conversations(small, lambda group: firsts[fold[group]]))
    full: dict[str, float] = {}
    for one in (Ablation("everything"), *ABLATIONS):
        if full and args.only and not any(word in one.name for word in args.only):
            continue
        asked, turns = ([one.applied_to(e) for e in some] for some in (data.asked, talked))
        found = figures(list(in_folds(asked, turns, fold, firsts)))
        if args.output:
            with args.output.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"without": one.name, **found}) + "\n")
        if not full:
            full = found
            print(
                f"{one.name}: " + ", ".join(f"{name} {value:.1f}" for name, value in full.items())
            )
            print(
                "without (points lost) | natural | hard | SelQA | SQuAD | follow-ups | most on any"
            )
            continue
        lost = {name: full[name] - found[name] for name in full}
        columns = [lost[f"{name} P@1"] for name in (*THREADS, "selqa-sections", "squad-articles")]
        columns += [lost[f"{THREADS[0]} followup"], max(lost.values())]
        print(f"{one.name} | " + " | ".join(f"{value:+.1f}" for value in columns), flush=True)


if __name__ == "__main__":
    main()
