"""Everything that ranking computes for a few questions, by name, beside what it was.

    python -m tests.search.golden --write

rewrites `golden.yaml`, after a change that is meant to change a number. A name that is not in
the file stands for 0. The vectors of meaning are those of the tests' own model, which are the same on every machine.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml

from bot.library.snapshots import build_snapshot
from bot.models import Post, Question, Source, Turn
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.highlighting.clauses import CLAUSE_FEATURES, best_clause, clause_candidates
from bot.search.query.cue_words import QuestionType
from bot.search.query.follow_ups import FOLLOW_UP_FEATURES
from bot.search.ranking.conversation import TURN_FEATURES
from bot.search.ranking.embedding_features import CONVERSATION_SIMILARITIES, SIMILARITIES
from bot.search.ranking.features import EVIDENCE_FEATURES, FEATURES
from bot.search.ranking.first_stage import (
    first_stage_hit_features,
    follow_up_probability,
    probabilities,
    scores,
)
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.retrieval import Retrieval
from bot.search.searcher import Searcher
from tests.search.embedding.models import WordModel

GOLDEN = Path(__file__).with_name("golden.yaml")

ROWS = 2
"""Candidates of a question that are kept, best first."""

TOLERANCE = 2e-3
"""By which a number may differ, absolutely or as a share of itself: so much is rounding."""

Numbers = dict[str, float]

NAMES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "features": FEATURES,
        "given": EVIDENCE_FEATURES,
        "similarities": SIMILARITIES,
        "dependence": FOLLOW_UP_FEATURES,
        "carried": TURN_FEATURES,
        "carried similarities": CONVERSATION_SIMILARITIES,
        "signs": HIT_FEATURES,
        "clause": CLAUSE_FEATURES,
    }
)
"""Every list of names that coefficients are fitted for."""

LIGHTHOUSE = Source(
    "lighthouse",
    "The lighthouse at Skarvik",
    "Ingrid Holm",
    (
        Post(
            1,
            "The lighthouse at Skarvik was built in 1884 by the engineer Nils Aas. It is 31 metres high and"
            " cost 40,000 crowns, of which the king paid 12 percent.",
        ),
        Post(2, "Keepers"),
        Post(
            3,
            "Every night at 9 pm the keeper wound the clockwork by hand, for twenty minutes. My grandfather"
            " was the keeper for eleven years, and I think he was happier there than in any town. “The sea"
            " talks less,” he said.",
        ),
        Post(
            4,
            "Why was the lamp moved? It was moved because salt had damaged the glass, and the problem got"
            " worse each winter. Nobody has ever found the first lens.",
        ),
        Post(
            5,
            "Visitors should bring these: a coat, good shoes, and water. Never climb the rocks when it"
            " rains. In 2031 the tower will become a museum. A fog signal is a horn that warns ships.",
        ),
        Post(
            6,
            "When the old road to Hammer Bay was closed, the keepers were told that no oil would be"
            " delivered before the second of May, because the bridge (which Lars Moe had built of timber"
            " in 1911) had been carried off by the ice, and so they burned the furniture.",
        ),
    ),
    aliases=MappingProxyType({"fog signal": ("typhoon",)}),
)
FERRY = Source(
    "ferry",
    "Questions about the Skarvik ferry",
    "Harbour office",
    (
        Post(1, "How often does the ferry sail? It sails three times a day, weather permitting."),
        Post(2, "Toll for carts"),
        Post(3, "A cart pays two crowns. The toll for carts has not been raised since 1890."),
        Post(
            4, "Salt is carried without charge. Tickets are sold on board by the captain, Eva Lind."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of the golden file, and what was asked before it."""

    q: str
    after: str | None = None
    vectors: bool = True
    """Whether the model of the tests reads it too."""

    @property
    def name(self) -> str:
        """What the golden file calls it."""
        after = "" if self.after is None else f", after “{self.after}”"
        return f"{self.q}{after}{'' if self.vectors else ', by words alone'}"


QUESTIONS = (
    Asking("When was the lighthouse at Skarvik built, and by which engineer?", vectors=False),
    Asking("how high is the lighthose and how much did it cost", vectors=False),
    Asking("typhoon", vectors=False),
    Asking("What percentage did the king pay, and how many crowns was it worth?"),
    Asking("How often and how long did the keeper wind the clockwork?"),
    Asking("Why was the lamp moved, and what was the problem?"),
    Asking("¿Cuánto costó el faro de Skarvik y quién es Nils Aas?"),
    Asking("and what did he say then?", after="Who wound the clockwork every night by hand?"),
    Asking("how was it moved from Zanzibar?", after="Why was the lamp moved?"),
    Asking("who?", after="Where are tickets sold?"),
    Asking("what else should I bring", after="Will the tower be a museum?"),
    Asking("Did the author think that her grandfather was happy in town?"),
    Asking("What is a typhon?"),
    Asking("Where will the museum be in 2031?"),
    Asking("Why did the keepers burn the furniture, and who built the timber bridge?"),
    Asking("Did the keepers burn their furniture?", vectors=False),
    Asking("What fuel did the keepers burn when Lars Moe's bridge was closed?"),
)


@cache
def searcher(*, vectors: bool) -> Searcher:
    """The searcher over the two texts, with the model of the tests or without."""
    snapshot = build_snapshot([LIGHTHOUSE, FERRY])
    if not vectors:
        return snapshot.searcher
    with tempfile.TemporaryDirectory() as folder:
        maker = EmbeddingBuilder(WordModel(), Path(folder) / "vectors")
        embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
    assert embeddings is not None
    return snapshot.with_embeddings(embeddings).searcher


def now() -> dict[str, dict[str, Any]]:
    """What is computed for each of QUESTIONS, by its name."""
    return {asking.name: dict(_computed(asking)) for asking in QUESTIONS}


@cache
def golden() -> dict[str, dict[str, Any]]:
    """What the golden file holds; not to be changed."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    return found


def differences(found: Any, expected: Any, where: str = "") -> Iterator[str]:
    """Yield a line for everything in which `found` differs from `expected`, by its name."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in dict.fromkeys([*expected, *found]):
            nothing: Any = 0.0 if _is_number(found.get(name, expected.get(name))) else None
            yield from differences(
                found.get(name, nothing), expected.get(name, nothing), f"{where} → {name}"
            )
    elif _is_number(found) and _is_number(expected):
        if abs(found - expected) > TOLERANCE * max(1.0, abs(expected)):
            yield f"{where.removeprefix(' → ')}: {found:.4f}, expected {expected:.4f}"
    elif found != expected:
        yield f"{where.removeprefix(' → ')}: {found!r}, expected {expected!r}"


def never_used(found: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names of NAMES for which no row of `found` has a number, by their list."""
    used: dict[str, set[str]] = {part: set() for part in NAMES}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            for part, inner in value.items():
                if part in NAMES:
                    used[part] |= inner.keys()
                look(inner)

    look(found)
    left = {part: [n for n in names if n not in used[part]] for part, names in NAMES.items()}
    return {part: names for part, names in left.items() if names}


def _computed(asking: Asking) -> Iterator[tuple[str, Any]]:
    using = searcher(vectors=asking.vectors)
    before = None if asking.after is None else Turn(asking.after)
    retrieval = using.retrieve(Question(asking.q, before))
    ranker = using.resources.rankers[retrieval.ranker]
    points = scores(ranker, retrieval)
    order = np.argsort(-points, kind="stable")[:ROWS]
    rows = first_stage_hit_features(ranker, retrieval, points, order)
    likely = probabilities(ranker, rows)
    yield "ranker", retrieval.ranker
    yield (
        "asked",
        " ".join(
            kind.name for kind in retrieval.question_types if kind is not QuestionType.ANYTHING
        ),
    )
    if retrieval.conversation is not None:
        yield "leans on the turn before", round(follow_up_probability(ranker, retrieval), 4)
        yield "dependence", _named(FOLLOW_UP_FEATURES, retrieval.conversation.follow_up)
    for place, candidate in enumerate(order.tolist()):
        text = using.passages[int(retrieval.candidates[candidate])].text
        row: dict[str, Any] = {
            "passage": text[:50],
            "score": round(float(points[candidate]), 4),
            "probability": round(likely[place], 4),
            "features": _named(FEATURES, retrieval.features.values[candidate]),
            "given": _named(EVIDENCE_FEATURES, retrieval.features.evidence[candidate]),
            "signs": _named(HIT_FEATURES, rows[place][: len(HIT_FEATURES)]),
        }
        if retrieval.features.similarities is not None:
            row["similarities"] = _named(SIMILARITIES, retrieval.features.similarities[candidate])
        if retrieval.conversation is not None:
            row["carried"] = _named(TURN_FEATURES, retrieval.conversation.turn[candidate])
            more = retrieval.conversation.turn[candidate][len(TURN_FEATURES) :]
            if len(more):
                row["carried similarities"] = _named(CONVERSATION_SIMILARITIES, more)
        row.update(_bold(using, text, retrieval))
        yield f"candidate {place + 1}", row


def _bold(using: Searcher, sentence: str, retrieval: Retrieval) -> Iterator[tuple[str, Any]]:
    """Yield the clause in bold of a long sentence, and the mean of each sign over all its runs."""
    question = using.highlighted(retrieval)
    span = best_clause(sentence, question, using.resources.clauses)
    if span is not None:
        yield "bold", sentence[span.start : span.end]
        features = clause_candidates(sentence, question).features
        yield "clause", _named(CLAUSE_FEATURES, features.mean(axis=0))


def _named(names: Sequence[str], values: Any) -> Numbers:
    """The values that are not 0, by name."""
    rounded = [round(float(value), 4) for value in values[: len(names)]]
    return {name: value for name, value in zip(names, rounded, strict=True) if value}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Dumper(yaml.SafeDumper):
    """Writes numbers by name in as few lines as they fit into."""


def _represent(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    flat = bool(data) and all(map(_is_number, data.values()))
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flat)


_Dumper.add_representer(dict, _represent)


def main() -> None:
    """Say what differs; with --write, rewrite the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    found = now()
    for line in differences(found, golden() if GOLDEN.exists() else {}):
        print(line)
    for part, names in never_used(found).items():
        print(f"no question shows {part}: {', '.join(names)}")
    if given.write:
        head = "# Written by `make golden`. What is 0 is left out.\n"
        text = yaml.dump(found, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        GOLDEN.write_text(head + text, encoding="utf-8")
        print(f"wrote {GOLDEN}")


if __name__ == "__main__":
    main()
