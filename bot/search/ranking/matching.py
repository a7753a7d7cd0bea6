"""Where each concept of a question stands in the candidates and around them, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.search.query.concepts import Bond, Concept
from bot.search.ranking.passage_table import PassageTable

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Terms = npt.NDArray[np.int32]

NOWHERE = 1 << 20
"""The place of what does not occur."""
_REACH = 8  # passages of a long post that count as its surroundings, either way
_TRUST = np.array((1.0, 0.9, 0.85, 0.5), np.float32)  # by Bond


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """C candidates and the passages whose tokens are looked at, R rows in reading order: they and what is around them.

    It depends on no question. T tokens stand in the rows, U of them in the candidates; row R is empty.
    """

    candidates: Rows
    passages: Rows
    """(R,)"""
    own: Rows
    """(C,) the row of each candidate."""
    edges: Rows
    """(2C,) of each candidate's post, within reach, the first row and the one after the last."""
    before: Rows
    after: Rows
    """(C,) the rows of the passages before and after in the same source; R for none."""
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
    """Q concepts in C candidates, by B bonds, and in the R rows of the context."""

    trusted: Floats
    """(R + 1, Q) how surely each row holds each concept; the last row holds nothing."""
    strength: Floats
    """(B, C, Q) the surest occurrence of each concept by each bond."""
    count: Floats
    """(C, Q) exact occurrences."""
    place: Floats
    """(C, Q) token number of the first sure occurrence; NOWHERE for none."""
    beside_number: Floats
    """(C, Q) 1 where an occurrence stands within two tokens of a number."""


def surroundings(table: PassageTable, candidates: Rows) -> Context:
    """The candidates (passage numbers, in rising order) with what stands around them."""
    post, source = table.post_of[candidates], table.source_of[candidates]
    begin = np.maximum(table.post_starts[post], candidates - _REACH)
    end = np.minimum(table.post_starts[post + 1], candidates + _REACH + 1)
    source_begin, source_end = table.source_starts[source], table.source_starts[source + 1]
    # With the sentence before and after, even of another post of the same source.
    low = np.minimum(begin, np.maximum(candidates - 1, source_begin))
    high = np.maximum(end, np.minimum(candidates + 2, source_end))
    low[1:] = np.maximum(low[1:], high[:-1])  # both rise: each passage once
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
    return Context(
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
    """All numbers of the ranges [begin, end), one range after another."""
    sizes = end - begin
    ends = sizes.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + (begin + sizes - ends).repeat(sizes), np.int64)


def match(table: PassageTable, concepts: tuple[Concept, ...], context: Context) -> Matches:
    """Where the concepts, one at least, stand in the passages of `context`."""
    size, width = len(context.candidates), len(concepts)
    trusted = np.zeros((len(context.passages) + 1, width), np.float32)
    strength, count, beside = np.zeros((3, len(Bond), size, width), np.float32)
    place = np.full_like(count, NOWHERE)
    for layer in _layers(concepts):
        entry_of_term = np.zeros(len(table.index.vocabulary), np.int16)
        entry_of_term[list(layer)] = np.arange(1, len(layer) + 1)
        q, bond, sure = map(np.array, zip((0, 0, 0.0), *layer.values(), strict=True))
        sure = sure.astype(np.float32)
        # Of all tokens, those that stand for something; then of the candidates' own.
        entry = entry_of_term.take(context.tokens)
        hits = entry.nonzero()[0]
        found = entry.take(hits)
        at = context.row_of.take(hits) * width + q.take(found)
        np.maximum.at(trusted.ravel(), at, (sure * _TRUST[bond]).take(found))
        entry = entry.take(context.own_tokens)
        hits = entry.nonzero()[0]
        found = entry.take(hits)
        candidate = context.candidate_of.take(hits)
        offset = (hits - context.own_starts.take(candidate)).astype(np.float32)
        at = candidate * width + (bond * (size * width) + q).take(found)
        np.maximum.at(strength.ravel(), at, sure.take(found))
        np.add.at(count.ravel(), at, np.ones(len(at), np.float32))
        np.minimum.at(place.ravel(), at, offset)
        beside.ravel()[at[context.near_number.take(context.own_tokens.take(hits))]] = 1
    surely = slice(Bond.PREFIX)
    return Matches(
        trusted, strength, count[Bond.EXACT], place[surely].min(axis=0), beside[surely].max(axis=0)
    )


def _layers(concepts: tuple[Concept, ...]) -> list[dict[int, tuple[int, int, float]]]:
    """Term number → number of the concept that the term may stand for, bond and strength.

    Usually in one dict; where a term may stand for several concepts, in more.
    """
    layers: list[dict[int, tuple[int, int, float]]] = []
    for q, concept in enumerate(concepts):
        for _, number, bond, strength in concept.readings:
            for layer in layers:
                if number not in layer:
                    break
            else:
                layer = {}
                layers.append(layer)
            layer[number] = (q, bond, strength)
    return layers
