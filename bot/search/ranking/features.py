"""Question and candidates → the numbers a ranker weighs, for all candidates at once.

Most are shares of the question's weight: Σ weight · strength over its concepts, weights summing to 1, so that they compare
between questions and between corpora. Weight is idf; "informative" weight is idf times how rare the word is in English.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.language.word_vectors import COMMON, UNLIKE, Associations
from bot.search.query.concepts import Bond, Concept
from bot.search.query.cue_words import Evidence
from bot.search.ranking.matching import NOWHERE, Context, Floats, Matches, match
from bot.search.ranking.passage_table import PassageTable

FEATURES = (
    # what the passage holds of the question, by association and itself
    "associated", "sentence_likeness", "bm25", "held", "informative", "common", "plain", "names", "numbers", "concepts",
    "first", "last", "rarest", "squared", "all_concepts", "exact", "alias", "spelling", "prefix", "post_likeness",
    # beside the best candidate
    "associated_lead", "likeness_lead", "bm25_lead", "held_lead", "informative_lead", "bm25_top", "held_top", "informative_top",
    # what it lacks and something near it has
    "associated_gain", "post_gain", "before_gain", "after_gain", "title_gain",
    # order and place
    "adjacent", "near", "before_asks", "before_heading",
    # its shape
    "length", "fragment", "heading", "first_of_source", "first_of_post", "place", "alone_in_post",
)  # fmt: skip
GIVEN = (
    *(kind.name or "" for kind in Evidence),
    "before", "after", "number_beside", "held", "long", "early", "opening",
)  # fmt: skip
"""What a passage gives; the ranker learns a weight for each, for each kind of question (`questions.Asked`)."""

_K1, _B = 0.4, 0.5
_HELD = 0.5  # a concept counts as held from this strength
_FRAGMENT = 4  # tokens
_HEADING = 6  # tokens
_BITS = np.arange(len(Evidence), dtype=np.uint32)[:, None]
_QUESTION_BIT = int(Evidence.QUESTION)
_ONE_THREAD = 1 << 18
"""Multiplications at a time: BLAS spreads more over several threads, which costs more than it saves."""


def _block(first: str, last: str) -> slice:
    return slice(FEATURES.index(first), FEATURES.index(last) + 1)


_SHARES, _BONDS = _block("held", "rarest"), _block("exact", "prefix")
_COMPARED, _LEADS, _GAINS = (
    _block("associated", "informative"),
    _block("associated_lead", "informative_lead"),
    _block("associated_gain", "title_gain"),
)
_TOPS = _block("bm25_top", "informative_top")


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


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """Of Q concepts."""

    weight: Floats
    informative: Floats
    """(Q,) each sums to 1."""
    shares: Floats
    """(Q, S) what holding each concept adds to each feature in _SHARES."""


# Matrix products here have warned of invalid values now and then, though none is in any result
# (tested); other users of the same BLAS report the like.
@np.errstate(invalid="ignore")
def candidate_features(
    table: PassageTable,
    associations: Associations,
    concepts: tuple[Concept, ...],
    context: Context,
) -> CandidateFeatures:
    """The features of the candidates of `context` for a question's concepts."""
    size = len(context.candidates)
    values = np.zeros((len(FEATURES), size), np.float32)  # a row a feature: contiguous to write
    columns = dict(zip(FEATURES, values, strict=True))
    given = np.zeros((len(GIVEN), size), np.float32)
    given[: len(_BITS)] = (table.evidence[context.candidates] >> _BITS) & 1
    if concepts and size:
        weights = _weights(concepts)
        matches = match(table, concepts, context)
        held = matches.trusted[context.own]
        likeness = _associated_words(
            values, columns, table, associations, concepts, context, weights
        )
        _own_words(values, columns, table, context, matches, held, weights)
        _order(columns, matches.place, weights.weight)
        given[len(_BITS) : len(_BITS) + 3] = _surroundings(
            values, columns, table, concepts, context, matches, held, likeness, weights.weight
        )
    _shape(columns, table, context)
    given[len(_BITS) + 3 :] = (
        columns["held"],
        columns["length"] / 3,
        1 - columns["place"],
        columns["first_of_source"],
    )
    return CandidateFeatures(values.T, given.T)


def repeated(
    table: PassageTable,
    associations: Associations,
    concepts: tuple[Concept, ...],
    context: Context,
) -> tuple[Floats, Floats]:
    """(C,) each: of all the features only "held" and "sentence_likeness"."""
    if not concepts:
        nothing = np.zeros(len(context.candidates), np.float32)
        return nothing, nothing
    weights = _weights(concepts)
    held = match(table, concepts, context).trusted[context.own] @ weights.weight
    asked = associations.vectors[[concept.association for concept in concepts]]
    bags = table.bags[context.candidates].astype(np.float32)
    return held, _cosine(bags, weights.informative @ asked)


def _weights(concepts: tuple[Concept, ...]) -> _Weights:
    weight, commonness, named, number = np.array(
        [(c.idf, c.commonness, c.named, c.term[0].isdigit()) for c in concepts], np.float32
    ).T
    informative = weight * (1 - COMMON * commonness)
    weight = weight / max(float(weight.sum()), 1e-6)
    informative /= max(float(informative.sum()), 1e-6)
    count = len(concepts)
    shares = np.zeros((_SHARES.stop - _SHARES.start, count), np.float32)
    shares[:6] = (
        weight,
        informative,
        weight * commonness,
        [1 / count] * count,
        weight * named,
        weight * number,
    )
    shares[7, 0], shares[8, -1], shares[9, weight.argmax()] = weight[0], weight[-1], 1
    return _Weights(weight, informative, shares.T)


def _own_words(
    values: Floats, columns: dict[str, Floats], table: PassageTable, context: Context, matches: Matches,
    held: Floats, weights: _Weights,
) -> None:  # fmt: skip
    count, weight = matches.count, weights.weight
    length = context.lengths[context.own] / max(table.index.avgdl, 1e-6)
    penalty = (_K1 * (1 - _B + _B * length)).astype(np.float32)
    columns["bm25"][:] = (1 + _K1) * (count / (count + penalty[:, None])) @ weight
    reached = np.maximum.accumulate(matches.strength) @ weight
    values[_BONDS] = reached
    values[_BONDS][1:] -= reached[:-1]  # what each bond adds to the surer ones
    values[_SHARES] = (held @ weights.shares).T
    certain = (held >= _HELD).sum(axis=1)
    columns["concepts"][:] = certain / len(weight)
    columns["all_concepts"][:] = certain == len(weight)
    columns["squared"][:] = columns["held"] ** 2
    compared = values[_COMPARED]
    best = compared.max(axis=1, keepdims=True)
    best[best <= 0] = np.inf  # where nobody has anything, nobody leads
    values[_LEADS] = compared / best
    values[_TOPS] = (compared >= best - 1e-6)[2:]


def _associated_words(
    values: Floats, columns: dict[str, Floats], table: PassageTable, associations: Associations,
    concepts: tuple[Concept, ...], context: Context, weights: _Weights,
) -> Floats:  # fmt: skip
    """Fills in what goes by association; gives back how near each candidate comes to each concept, (C, Q)."""
    asked = associations.vectors[[concept.association for concept in concepts]]
    likeness = _nearest(table, associations, asked, context)
    columns["associated"][:] = likeness @ weights.informative
    bag = weights.informative @ asked
    bags = table.bags.take(context.passages, axis=0).astype(np.float32)
    first, end = context.edges.reshape(-1, 2, 1).transpose(1, 0, 2)
    rows = np.arange(len(bags))
    posts = _product(((first <= rows) & (rows < end)).astype(np.float32), bags)
    columns["sentence_likeness"][:] = _cosine(bags.take(context.own, axis=0), bag)
    columns["post_likeness"][:] = _cosine(posts, bag)
    return likeness


def _nearest(
    table: PassageTable, associations: Associations, asked: Floats, context: Context
) -> Floats:
    """(C, Q) cosine of each concept and each candidate's nearest word, less what chance gives."""
    nearest = np.zeros((len(context.candidates), len(asked)), np.float32)
    words = table.association.take(context.tokens.take(context.own_tokens))
    if len(words):
        likeness = _product(associations.vectors.take(words, axis=0), asked.T)
        full = context.lengths[context.own].nonzero()[0]
        nearest[full] = np.maximum.reduceat(likeness, context.own_starts[full], axis=0)
    return np.asarray(np.maximum(nearest - UNLIKE, 0), np.float32)


def _product(left: Floats, right: Floats) -> Floats:
    step = max(_ONE_THREAD // right.size, 1)
    if len(left) <= step:
        return np.asarray(left @ right)
    product = np.empty((len(left), right.shape[1]), np.float32)
    for at in range(0, len(left), step):
        np.matmul(left[at : at + step], right, out=product[at : at + step])
    return product


def _cosine(bags: Floats, bag: Floats) -> Floats:
    norms = np.sqrt(np.einsum("ij,ij->i", bags, bags) * (bag @ bag))
    return np.asarray(bags @ bag / np.maximum(norms, 1e-6), np.float32)


def _order(columns: dict[str, Floats], place: Floats, weight: Floats) -> None:
    if place.shape[1] < 2:
        return
    pair = np.minimum(weight[1:], weight[:-1])
    pair /= max(float(pair.sum()), 1e-6)
    later, sooner = place[:, 1:], place[:, :-1]
    gap = later - sooner
    both = np.maximum(later, sooner) < NOWHERE
    columns["adjacent"][:] = ((gap == 1) & both) @ pair
    columns["near"][:] = ((np.abs(gap) <= 3) & both) @ pair


def _surroundings(
    values: Floats, columns: dict[str, Floats], table: PassageTable, concepts: tuple[Concept, ...], context: Context,
    matches: Matches, held: Floats, likeness: Floats, weight: Floats,
) -> Floats:  # fmt: skip
    """Fills in what the candidates lack and their surroundings hold.

    Gives back what the two neighbours, and the neighbourhood of numbers, hold: (3, C).
    """
    trusted = matches.trusted
    around = np.array((
        likeness,
        np.maximum.reduceat(trusted, context.edges, axis=0)[::2],
        trusted[context.before],
        trusted[context.after],
        _in_titles(table, concepts, table.source_of[context.candidates].tolist()),
        matches.beside_number,
    ))  # fmt: skip
    values[_GAINS] = np.maximum(around[:5] - held, 0) @ weight
    shares: Floats = around[[2, 3, 5]] @ weight
    asks = (table.evidence[context.candidates - 1] & _QUESTION_BIT) > 0
    heading = context.lengths[context.own - 1] <= _HEADING  # of no account where nothing is before
    columns["before_asks"][:] = shares[0] * asks
    columns["before_heading"][:] = shares[0] * (heading & ~asks)
    return shares


def _in_titles(table: PassageTable, concepts: tuple[Concept, ...], sources: list[int]) -> Floats:
    """(len(sources), Q) 1 where a source's title or author holds the concept."""
    found = np.zeros((len(sources), len(concepts)), np.float32)
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            holders = table.titled.get(reading.number) if reading.bond < Bond.PREFIX else None
            if holders:
                found[[at for at, source in enumerate(sources) if source in holders], q] = 1
    return found


def _shape(columns: dict[str, Floats], table: PassageTable, context: Context) -> None:
    candidates, length = context.candidates, context.lengths[context.own]
    post, source = table.post_of[candidates], table.source_of[candidates]
    first, end = table.source_starts[source], table.source_starts[source + 1]
    post_first = table.post_starts[post]
    columns["length"][:] = np.log1p(length.astype(np.float32))
    columns["fragment"][:] = length < _FRAGMENT
    columns["heading"][:] = (length <= _HEADING) * columns["held"]
    columns["first_of_source"][:] = candidates == first
    columns["first_of_post"][:] = candidates == post_first
    columns["place"][:] = (candidates - first) / np.maximum(end - first, 1)
    columns["alone_in_post"][:] = table.post_starts[post + 1] - post_first == 1
