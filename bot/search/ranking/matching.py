"""Where each concept of a question occurs in the candidates and around them, for all candidates at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.search.feature_group import Floats
from bot.search.query.concepts import Concept, MatchType
from bot.search.ranking.passage_table import PassageTable

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Terms = npt.NDArray[np.int32]

NOWHERE = 1 << 20
"""The place of what does not occur."""
_REACH = 8  # passages of a long post, on either side, that count as the candidate's post
_TRUST = np.array((1.0, 0.9, 0.85, 0.5), np.float32)  # by MatchType


@dataclass(frozen=True, slots=True, eq=False)
class CandidateContext:
    """C candidates and the R passages whose tokens are compared: the candidates and what surrounds them, in reading order.

    Independent of any question. A row is one passage; the rows hold T tokens, U of them in the candidates. Row R is empty.
    """

    candidates: Rows
    passages: Rows
    """(R,)"""
    own: Rows
    """(C,) the row of each candidate."""
    edges: Rows
    """(2C,) the first row of each candidate's post, within reach, and the one after its last."""
    before: Rows
    after: Rows
    """(C,) the rows of the neighbouring passages in the same source; R where there is none."""
    lengths: npt.NDArray[np.int64]
    """(R,) tokens."""
    tokens: Terms
    """(T,)"""
    row_of: Rows
    """(T,)"""
    near_number: Bools
    """(T,) whether a number is within two tokens."""
    own_tokens: Rows
    """(U,) the places of the candidates' tokens, of T."""
    own_starts: Rows
    """(C,) the first of the candidates' tokens, of U."""
    candidate_of: Rows
    """(U,)"""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Q concepts found in C candidates, by B types of match, and in the R rows of the context."""

    trusted: Floats
    """(R + 1, Q) how surely each row holds each concept; the last, empty row holds none."""
    strength: Floats
    """(B, C, Q) the strength of the surest occurrence of each concept by each type of match."""
    count: Floats
    """(C, Q) exact occurrences."""
    place: Floats
    """(C, Q) the number of the first token that surely stands for the concept; NOWHERE for none."""
    beside_number: Floats
    """(C, Q) 1 where an occurrence is within two tokens of a number."""


def context_of(table: PassageTable, candidates: Rows) -> CandidateContext:
    """Collect the tokens of `candidates` (passage numbers, ascending) and of the passages around them."""
    post, source = table.post_of[candidates], table.source_of[candidates]
    begin = np.maximum(table.post_starts[post], candidates - _REACH)
    end = np.minimum(table.post_starts[post + 1], candidates + _REACH + 1)
    source_begin, source_end = table.source_starts[source], table.source_starts[source + 1]
    # The neighbouring sentences count even if they belong to another post of the same source.
    low = np.minimum(begin, np.maximum(candidates - 1, source_begin))
    high = np.maximum(end, np.minimum(candidates + 2, source_end))
    low[1:] = np.maximum(low[1:], high[:-1])  # both ascend, so each passage is taken once
    passages = ranges(low, high)
    first, last, own = passages.searchsorted((begin, end, candidates))
    starts = table.index.token_starts
    token_begin = starts[passages]
    lengths = starts[passages + 1] - token_begin
    tokens = table.index.tokens[ranges(token_begin, token_begin + lengths)]
    numeric = np.zeros(len(tokens) + 4, np.bool_)
    numeric[2:-2] = table.numeric.take(tokens)
    own_lengths = lengths[own]
    is_own = np.zeros(len(passages), np.bool_)
    is_own[own] = True
    return CandidateContext(
        candidates=candidates,
        passages=passages,
        own=own,
        edges=np.array((first, last)).T.ravel(),
        before=np.where(candidates > source_begin, own - 1, len(passages)),
        after=np.where(candidates + 1 < source_end, own + 1, len(passages)),
        lengths=lengths,
        tokens=tokens,
        row_of=np.arange(len(passages)).repeat(lengths),
        near_number=numeric[:-4] | numeric[1:-3] | numeric[3:-1] | numeric[4:],
        own_tokens=is_own.repeat(lengths).nonzero()[0],
        own_starts=own_lengths.cumsum() - own_lengths,
        candidate_of=np.arange(len(candidates)).repeat(own_lengths),
    )


def ranges(begin: Rows, end: Rows) -> Rows:
    """Concatenate the numbers of the ranges [begin, end)."""
    sizes = end - begin
    ends = sizes.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + (begin + sizes - ends).repeat(sizes), np.int64)


def match(table: PassageTable, concepts: tuple[Concept, ...], context: CandidateContext) -> Matches:
    """Find the concepts, one at least, in the passages of `context`."""
    size, width = len(context.candidates), len(concepts)
    trusted = np.zeros((len(context.passages) + 1, width), np.float32)
    strength, count, beside = np.zeros((3, len(MatchType), size, width), np.float32)
    place = np.full_like(count, NOWHERE)
    for layer in _layers(concepts):
        entry_of_term = np.zeros(len(table.index.vocabulary), np.int16)
        entry_of_term[list(layer)] = np.arange(1, len(layer) + 1)
        q, match_type, sure = map(np.array, zip((0, 0, 0.0), *layer.values(), strict=True))
        sure = sure.astype(np.float32)
        # First all tokens that stand for a concept, then those of the candidates alone.
        entry = entry_of_term.take(context.tokens)
        hits = entry.nonzero()[0]
        found = entry.take(hits)
        at = context.row_of.take(hits) * width + q.take(found)
        np.maximum.at(trusted.ravel(), at, (sure * _TRUST[match_type]).take(found))
        entry = entry.take(context.own_tokens)
        hits = entry.nonzero()[0]
        found = entry.take(hits)
        candidate = context.candidate_of.take(hits)
        offset = (hits - context.own_starts.take(candidate)).astype(np.float32)
        at = candidate * width + (match_type * (size * width) + q).take(found)
        np.maximum.at(strength.ravel(), at, sure.take(found))
        np.add.at(count.ravel(), at, np.ones(len(at), np.float32))
        np.minimum.at(place.ravel(), at, offset)
        beside.ravel()[at[context.near_number.take(context.own_tokens.take(hits))]] = 1
    surely = slice(MatchType.PREFIX)
    return Matches(
        trusted,
        strength,
        count[MatchType.EXACT],
        place[surely].min(axis=0),
        beside[surely].max(axis=0),
    )


def _layers(concepts: tuple[Concept, ...]) -> list[dict[int, tuple[int, int, float]]]:
    """Map each term number to the concept it may stand for, the type of match and the strength.

    Usually one dict; a term that may stand for several concepts needs more.
    """
    layers: list[dict[int, tuple[int, int, float]]] = []
    for q, concept in enumerate(concepts):
        for _, number, match_type, strength in concept.expansions:
            for layer in layers:
                if number not in layer:
                    break
            else:
                layer = {}
                layers.append(layer)
            layer[number] = (q, match_type, strength)
    return layers
