"""Question and candidates → the numbers a ranker weighs, for all candidates at once.

Most are shares of the question's weight: Σ weight · strength over its concepts, weights summing to 1, so that they compare
between questions and between corpora. Weight is idf; "informative" weight is idf times how rare the word is in English.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.retrieval.associations import COMMON, Associations
from bot.retrieval.concepts import Bond, Concept
from bot.retrieval.cues import Evidence
from bot.retrieval.matching import (
    NOWHERE,
    Context,
    Floats,
    Matches,
    Rows,
    match,
    ranges,
    surroundings,
)
from bot.retrieval.table import PassageTable

FEATURES = (
    # what the passage itself holds of the question
    "bm25", "exact", "alias", "spelling", "prefix", "held", "informative", "common", "plain", "squared",
    "names", "numbers", "first", "last", "rarest", "concepts", "all_concepts", "bm25_lead", "held_lead", "informative_lead",
    "bm25_top", "held_top", "informative_top",
    # what it holds by association
    "associated", "associated_gain", "associated_lead", "sentence_likeness", "likeness_lead", "post_likeness",
    # order and place
    "adjacent", "near",
    # what stands around it
    "post_gain", "before_gain", "after_gain", "before_asks", "before_heading", "title_gain",
    # its shape
    "length", "fragment", "heading", "first_of_source", "first_of_post", "place", "alone_in_post",
)  # fmt: skip
GIVEN = (
    *(kind.name or "" for kind in Evidence),
    "before", "after", "number_beside", "held", "long", "early", "opening",
)  # fmt: skip
"""What a passage gives; the ranker learns a weight for each, for each kind of question (`questions.Asked`)."""

_K1, _B = 0.4, 0.5
_TRUST = np.array([1.0, 0.9, 0.85, 0.5], np.float32)  # by Bond
_HELD = 0.5  # a concept counts as held from this strength
_UNLIKE = 0.2  # cosine that unrelated words reach by chance
_FRAGMENT = 4  # tokens
_HEADING = 6  # tokens
_BITS = np.arange(len(Evidence), dtype=np.uint32)
_QUESTION_BIT = int(Evidence.QUESTION)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateFeatures:
    """C candidates: `values` (C, F) in the order of FEATURES, `given` (C, G) in the order of GIVEN."""

    values: Floats
    given: Floats
    similarities: Floats | None = None
    """(C, K) cosines of meaning, where a later ranker has them: features with coefficients of their own."""

    def column(self, name: str) -> Floats:
        """(C,) one of FEATURES."""
        return self.values[:, FEATURES.index(name)]


def candidate_features(
    table: PassageTable, associations: Associations, concepts: tuple[Concept, ...], candidates: Rows
) -> CandidateFeatures:
    """The features of the candidates (passage numbers, in rising order) for a question's concepts."""
    context = surroundings(table, candidates)
    matches = match(table, concepts, context.passages)
    values = np.zeros(
        (len(FEATURES), len(candidates)), np.float32
    )  # a row a feature: contiguous to write
    columns = dict(zip(FEATURES, values, strict=True))
    before, after = np.zeros(len(candidates), np.float32), np.zeros(len(candidates), np.float32)
    beside = np.zeros(len(candidates), np.float32)
    if concepts:
        weight, informative = _weights(concepts)
        trusted = (matches.strength * _TRUST).max(axis=2)
        held = trusted[context.own]
        _own_words(columns, table, concepts, matches, context, held, weight, informative)
        _associated_words(
            columns, table, associations, concepts, candidates, context, held, weight, informative
        )
        _order(columns, matches.place[context.own], weight)
        before, after = _surroundings(
            columns, table, concepts, candidates, matches, context, trusted, weight
        )
        beside = matches.beside_number[context.own] @ weight
    _shape(columns, table, candidates, matches.length[context.own])
    evidence = ((table.evidence[candidates][:, None] >> _BITS) & 1).astype(np.float32)
    extra = (
        before,
        after,
        beside,
        columns["held"],
        columns["length"] / 3,
        1 - columns["place"],
        columns["first_of_source"],
    )
    return CandidateFeatures(values.T, np.concatenate([evidence, np.stack(extra, axis=1)], axis=1))


def _weights(concepts: tuple[Concept, ...]) -> tuple[Floats, Floats]:
    weight = np.array([c.idf for c in concepts], np.float32)
    informative = weight * np.array([1 - COMMON * c.commonness for c in concepts], np.float32)
    return weight / max(float(weight.sum()), 1e-6), informative / max(
        float(informative.sum()), 1e-6
    )


def _nearest(
    table: PassageTable, associations: Associations, asked: Floats, candidates: Rows
) -> Floats:
    """(C, Q) cosine of each concept and each candidate's nearest word, less what chance gives."""
    begin = table.index.token_starts[candidates]
    sizes = table.index.token_starts[candidates + 1] - begin
    nearest = np.zeros((len(candidates), len(asked)), np.float32)
    full = np.flatnonzero(sizes)
    if len(full):
        words = associations.vectors[
            table.association[table.index.tokens[ranges(begin, begin + sizes)]]
        ]
        nearest[full] = np.maximum.reduceat(
            words @ asked.T, (np.cumsum(sizes) - sizes)[full], axis=0
        )
    return np.asarray(np.maximum(nearest - _UNLIKE, 0), np.float32)


def _cosine(bags: Floats, bag: Floats) -> Floats:
    norms = np.sqrt((bags * bags).sum(axis=1)) * np.sqrt(bag @ bag)
    return np.asarray(bags @ bag / np.maximum(norms, 1e-6), np.float32)


def _own_words(
    columns: dict[str, Floats], table: PassageTable, concepts: tuple[Concept, ...], matches: Matches, context: Context,
    held: Floats, weight: Floats, informative: Floats,
) -> None:  # fmt: skip
    own, count = matches.strength[context.own], matches.count[context.own]
    length = matches.length[context.own][:, None] / max(table.index.avgdl, 1e-6)
    columns["bm25"][:] = (1 + _K1) * (count / (count + _K1 * (1 - _B + _B * length))) @ weight
    reached = np.maximum.accumulate(own, axis=2)
    reached[:, :, 1:] -= reached[:, :, :-1].copy()  # what each bond adds to the surer ones
    gains = np.tensordot(weight, reached, axes=(0, 1))
    for bond, name in zip(Bond, ("exact", "alias", "spelling", "prefix"), strict=True):
        columns[name][:] = gains[:, bond]
    shares = {
        "held": weight,
        "informative": informative,
        "common": weight * np.array([c.commonness for c in concepts], np.float32),
        "plain": np.full(len(concepts), 1 / len(concepts), np.float32),
        "names": weight * np.array([c.named for c in concepts], np.float32),
        "numbers": weight * np.array([c.term[0].isdigit() for c in concepts], np.float32),
    }
    weighed = held @ np.stack(tuple(shares.values()), axis=1)
    for number, name in enumerate(shares):
        columns[name][:] = weighed[:, number]
    columns["squared"][:] = columns["held"] ** 2
    columns["first"][:], columns["last"][:] = held[:, 0] * weight[0], held[:, -1] * weight[-1]
    columns["rarest"][:] = held[:, int(weight.argmax())]
    certain = held >= _HELD
    columns["concepts"][:], columns["all_concepts"][:] = certain.mean(axis=1), certain.all(axis=1)
    for name in ("bm25", "held", "informative"):
        _lead(columns[name], columns[f"{name}_lead"], columns[f"{name}_top"])


def _lead(values: Floats, lead: Floats, top: Floats) -> None:
    best = float(values.max(initial=0))
    if best > 0:
        lead[:] = values / best
        top[:] = values >= best - 1e-6


def _associated_words(
    columns: dict[str, Floats], table: PassageTable, associations: Associations, concepts: tuple[Concept, ...],
    candidates: Rows, context: Context, held: Floats, weight: Floats, informative: Floats,
) -> None:  # fmt: skip
    asked = associations.vectors[[concept.association for concept in concepts]]
    likeness = _nearest(table, associations, asked, candidates)
    columns["associated"][:] = likeness @ informative
    columns["associated_gain"][:] = np.maximum(likeness - held, 0) @ weight
    bag = informative @ asked
    bags = table.bags[context.passages].astype(np.float32)
    columns["sentence_likeness"][:] = _cosine(bags[context.own], bag)
    running = np.concatenate([np.zeros((1, bags.shape[1]), np.float32), np.cumsum(bags, axis=0)])
    columns["post_likeness"][:] = _cosine(running[context.end] - running[context.begin], bag)
    for name, lead in (("associated", "associated_lead"), ("sentence_likeness", "likeness_lead")):
        best = float(columns[name].max(initial=0))
        if best > 0:
            columns[lead][:] = columns[name] / best


def _order(columns: dict[str, Floats], place: npt.NDArray[np.int32], weight: Floats) -> None:
    if place.shape[1] < 2:
        return
    pair = np.minimum(weight[1:], weight[:-1])
    pair /= max(float(pair.sum()), 1e-6)
    gap = np.where(
        (place[:, 1:] < NOWHERE) & (place[:, :-1] < NOWHERE), place[:, 1:] - place[:, :-1], NOWHERE
    )
    columns["adjacent"][:] = (gap == 1) @ pair
    columns["near"][:] = (np.abs(gap) <= 3) @ pair


def _surroundings(
    columns: dict[str, Floats], table: PassageTable, concepts: tuple[Concept, ...], candidates: Rows, matches: Matches,
    context: Context, trusted: Floats, weight: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Fills in what the candidates lack and their surroundings hold; gives back what the two neighbours hold."""
    held = trusted[context.own]
    # The pairs of a reduceat read [begin, end); a last row of zeros keeps `end` inside.
    padded = np.concatenate([trusted, np.zeros((1, trusted.shape[1]), np.float32)])
    edges = np.stack([context.begin, context.end], axis=1).ravel()
    around = np.maximum.reduceat(padded, edges, axis=0)[::2]
    columns["post_gain"][:] = np.maximum(around - held, 0) @ weight
    source = table.source_of[candidates]
    has_before = candidates > table.source_starts[source]
    has_after = candidates + 1 < table.source_starts[source + 1]
    row_before = np.where(has_before, context.own - 1, 0)
    before = trusted[row_before] * has_before[:, None]
    after = padded[np.where(has_after, context.own + 1, len(trusted))]
    columns["before_gain"][:] = np.maximum(before - held, 0) @ weight
    columns["after_gain"][:] = np.maximum(after - held, 0) @ weight
    share_before = before @ weight
    asks = (table.evidence[np.maximum(candidates - 1, 0)] & _QUESTION_BIT) > 0
    columns["before_asks"][:] = share_before * asks
    columns["before_heading"][:] = share_before * (matches.length[row_before] <= _HEADING) * ~asks
    sources, which = np.unique(source, return_inverse=True)
    titled = _in_titles(table, concepts, sources.tolist())
    columns["title_gain"][:] = np.maximum(titled[which] - held, 0) @ weight
    return share_before, after @ weight


def _in_titles(table: PassageTable, concepts: tuple[Concept, ...], sources: list[int]) -> Floats:
    """(len(sources), Q) 1 where a source's title or author holds the concept."""
    found = np.zeros((len(sources), len(concepts)), np.float32)
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            holders = table.titled.get(reading.number) if reading.bond < Bond.PREFIX else None
            if holders:
                found[[at for at, source in enumerate(sources) if source in holders], q] = 1
    return found


def _shape(
    columns: dict[str, Floats], table: PassageTable, candidates: Rows, length: Floats
) -> None:
    post, source = table.post_of[candidates], table.source_of[candidates]
    first, end = table.source_starts[source], table.source_starts[source + 1]
    columns["length"][:] = np.log1p(length)
    columns["fragment"][:] = length < _FRAGMENT
    columns["heading"][:] = (length <= _HEADING) * columns["held"]
    columns["first_of_source"][:] = candidates == first
    columns["first_of_post"][:] = candidates == table.post_starts[post]
    columns["place"][:] = (candidates - first) / np.maximum(end - first, 1)
    columns["alone_in_post"][:] = table.post_starts[post + 1] - table.post_starts[post] == 1
