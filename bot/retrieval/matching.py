"""Where each concept of a question stands in the candidates and around them, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.retrieval.concepts import Bond, Concept
from bot.retrieval.table import PassageTable

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

NOWHERE = 1 << 20
"""The place of what does not occur."""
_REACH = 8  # passages of a long post that count as its surroundings, either way


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The passages whose tokens are looked at, R of them in reading order: candidates and what stands around them."""

    passages: Rows
    own: Rows
    """(C,) the row of each candidate."""
    begin: Rows
    end: Rows
    """(C,) the rows of the candidate's post, within reach."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Q concepts in R passages, by B bonds."""

    strength: Floats
    """(R, Q, B) the surest occurrence of each concept by each bond."""
    count: Floats
    """(R, Q) exact occurrences."""
    place: npt.NDArray[np.int32]
    """(R, Q) token number of the first sure occurrence; NOWHERE for none."""
    beside_number: Floats
    """(R, Q) 1 where an occurrence stands within two tokens of a number."""
    length: Floats
    """(R,) tokens."""


def surroundings(table: PassageTable, candidates: Rows) -> Context:
    """The candidates (passage numbers, in rising order) with what stands around them."""
    post, source = table.post_of[candidates], table.source_of[candidates]
    begin = np.maximum(table.post_starts[post], candidates - _REACH)
    end = np.minimum(table.post_starts[post + 1], candidates + _REACH + 1)
    # With the sentence before and after, even of another post of the same source.
    low = np.minimum(begin, np.maximum(candidates - 1, table.source_starts[source]))
    high = np.maximum(end, np.minimum(candidates + 2, table.source_starts[source + 1]))
    passages = np.unique(ranges(low, high))
    return Context(
        passages,
        np.searchsorted(passages, candidates),
        np.searchsorted(passages, begin),
        np.searchsorted(passages, end),
    )


def ranges(begin: Rows, end: Rows) -> Rows:
    """All numbers of the ranges [begin, end), one range after another."""
    sizes = end - begin
    return np.asarray(
        np.arange(int(sizes.sum())) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes), np.int64
    )


def match(table: PassageTable, concepts: tuple[Concept, ...], rows: Rows) -> Matches:
    """Where the concepts stand in the passages numbered `rows`."""
    begin = table.index.token_starts[rows]
    sizes = table.index.token_starts[rows + 1] - begin
    shape = (len(rows), len(concepts))
    strength, count = np.zeros((*shape, len(Bond)), np.float32), np.zeros(shape, np.float32)
    place = np.full(shape, NOWHERE, np.int32)
    beside = np.zeros(shape, np.float32)
    positions = ranges(begin, begin + sizes)
    if len(positions) and concepts:
        tokens = table.index.tokens[positions]
        row = np.repeat(np.arange(len(rows)), sizes)
        entry_of_term, entries = _readings(concepts, len(table.index.vocabulary))
        entry = entry_of_term[tokens]
        hits = np.flatnonzero(entry)
        if len(hits):
            cells = entries[entry[hits]]
            edges = np.flatnonzero(np.diff(row[hits], prepend=-1))
            where = row[hits][edges]
            strength[where] = np.maximum.reduceat(cells, edges, axis=0)
            count[where] = np.add.reduceat(
                cells[:, :, Bond.EXACT] > 0, edges, axis=0, dtype=np.float32
            )
            sure = cells[:, :, : Bond.PREFIX].max(axis=2) > 0
            offset = (hits - (np.cumsum(sizes) - sizes)[row[hits]]).astype(np.int32)
            place[where] = np.minimum.reduceat(
                np.where(sure, offset[:, None], NOWHERE), edges, axis=0
            )
            numeric = np.zeros(len(tokens) + 4, np.bool_)
            numeric[2:-2] = table.numeric[tokens]
            close = numeric[hits] | numeric[hits + 1] | numeric[hits + 3] | numeric[hits + 4]
            beside[where] = np.maximum.reduceat(
                (sure & close[:, None]).astype(np.float32), edges, axis=0
            )
    return Matches(strength, count, place, beside, sizes.astype(np.float32))


def _readings(
    concepts: tuple[Concept, ...], vocabulary: int
) -> tuple[npt.NDArray[np.int16], Floats]:
    """(V,) the entry of each corpus term, 0 for none; (E, Q, B) the strength of each entry for each concept."""
    entry_of_term = np.zeros(vocabulary, np.int16)
    numbers = dict.fromkeys(reading.number for concept in concepts for reading in concept.readings)
    entries = np.zeros((len(numbers) + 1, len(concepts), len(Bond)), np.float32)
    for entry, number in enumerate(numbers, start=1):
        numbers[number] = entry
        entry_of_term[number] = entry
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            entries[numbers[reading.number], q, reading.bond] = reading.strength
    return entry_of_term, entries
