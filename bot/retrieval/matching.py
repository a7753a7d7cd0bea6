"""Where each concept of a question stands in the candidates and around them, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.retrieval.concepts import Bond, Concept
from bot.retrieval.table import PassageTable

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Terms = npt.NDArray[np.int32]

NOWHERE = 1 << 20
"""The place of what does not occur."""
_REACH = 8  # passages of a long post that count as its surroundings, either way
_TRUST = (1.0, 0.9, 0.85, 0.5)  # by Bond


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
    """(C, B, Q) the surest occurrence of each concept by each bond."""
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
    own = passages.searchsorted(candidates)
    edges = np.array((passages.searchsorted(begin), passages.searchsorted(end))).T.ravel()
    starts = table.index.token_starts
    token_begin = starts[passages]
    lengths = starts[passages + 1] - token_begin
    tokens = table.index.tokens[ranges(token_begin, token_begin + lengths)]
    numeric = np.zeros(len(tokens) + 4, np.bool_)
    numeric[2:-2] = table.numeric[tokens]
    own_lengths, row_ends = lengths[own], lengths.cumsum()
    own_ends = row_ends[own]
    return Context(
        candidates=candidates,
        passages=passages,
        own=own,
        edges=edges,
        before=np.where(candidates > source_begin, own - 1, len(passages)),
        after=np.where(candidates + 1 < source_end, own + 1, len(passages)),
        lengths=lengths,
        tokens=tokens,
        row_of=np.arange(len(passages)).repeat(lengths),
        near_number=numeric[:-4] | numeric[1:-3] | numeric[3:-1] | numeric[4:],
        own_tokens=ranges(own_ends - own_lengths, own_ends),
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
    entry_of_term, strengths = _readings(concepts, len(table.index.vocabulary))
    trusts = (strengths * np.array(_TRUST, np.float32)[:, None]).max(axis=1)
    exact = (strengths[:, Bond.EXACT] > 0).astype(np.float32)
    sure = strengths[:, : Bond.PREFIX].max(axis=1) > 0
    rows, size = len(context.passages), len(context.candidates)
    trusted = np.zeros((rows + 1, len(concepts)), np.float32)
    strength = np.zeros((size, *strengths.shape[1:]), np.float32)
    count, beside = np.zeros((2, size, len(concepts)), np.float32)
    place = np.full_like(count, NOWHERE)
    entry = entry_of_term[context.tokens]
    hits = entry.nonzero()[0]
    if len(hits):
        where, edges = _runs(context.row_of[hits])
        trusted[where] = np.maximum.reduceat(trusts[entry[hits]], edges, axis=0)
    entry = entry[context.own_tokens]
    hits = entry.nonzero()[0]
    if len(hits):
        entry = entry[hits]
        candidate = context.candidate_of[hits]
        where, edges = _runs(candidate)
        offset = (hits - context.own_starts[candidate]).astype(np.float32)
        surely = sure[entry]
        close = context.near_number[context.own_tokens[hits]]
        strength[where] = np.maximum.reduceat(strengths[entry], edges, axis=0)
        count[where] = np.add.reduceat(exact[entry], edges, axis=0)
        place[where] = np.minimum.reduceat(
            np.where(surely, offset[:, None], np.float32(NOWHERE)), edges, axis=0
        )
        beside[where] = np.logical_or.reduceat(surely & close[:, None], edges, axis=0)
    return Matches(trusted, strength, count, place, beside)


def _runs(numbers: Rows) -> tuple[Rows, Rows]:
    """The distinct `numbers`, which are in rising order, and where each first stands."""
    first = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    edges = first.nonzero()[0]
    return numbers[edges], edges


def _readings(
    concepts: tuple[Concept, ...], vocabulary: int
) -> tuple[npt.NDArray[np.int16], Floats]:
    """(V,) the entry of each corpus term, 0 for none; (E, B, Q) the strength of each entry for each concept."""
    entry_of_term = np.zeros(vocabulary, np.int16)
    numbers = dict.fromkeys(reading.number for concept in concepts for reading in concept.readings)
    strengths = np.zeros((len(numbers) + 1, len(Bond), len(concepts)), np.float32)
    for entry, number in enumerate(numbers, start=1):
        numbers[number] = entry
        entry_of_term[number] = entry
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            strengths[numbers[reading.number], reading.bond, q] = reading.strength
    return entry_of_term, strengths
