"""Where concepts stand: what one flat index marks is what a walk through the tokens finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.library.snapshots import build_snapshot
from bot.models import Post, Source
from bot.search.query.concepts import Concept, Expansion, MatchType
from bot.search.ranking.matching import NOWHERE, context_of, match
from bot.search.ranking.passage_table import PassageTable

TRUST = {
    MatchType.EXACT: 1.0,
    MatchType.ALIAS: 0.9,
    MatchType.SPELLING: 0.85,
    MatchType.PREFIX: 0.5,
}
WORDS = ("bridge", "ferry", "river", "toll", "1850")
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7)
posts = st.lists(st.lists(sentences, min_size=1, max_size=3), min_size=1, max_size=5)
expansions = st.dictionaries(
    st.sampled_from(WORDS), st.tuples(st.sampled_from(MatchType), st.floats(0.1, 1)), max_size=3
)


def table_of(texts: list[list[list[str]]]) -> PassageTable:
    """The table of one source with these posts of sentences of words."""
    written = [" ".join(f"{' '.join(words).capitalize()}." for words in post) for post in texts]
    made = tuple(Post(number, text) for number, text in enumerate(written, start=1))
    return build_snapshot([Source("s", "Notes", "Somebody", made)]).searcher.table


def concept(table: PassageTable, may_stand: dict[str, tuple[MatchType, float]]) -> Concept:
    """A concept that the words of the texts among these may stand for."""
    find = table.forward.vocabulary.find
    found = [
        Expansion(w, find(stem), *may_stand[w]) for w in may_stand if find(stem := stems[w]) >= 0
    ]
    return Concept("toll", True, 1.0, 0.0, 0, False, tuple(found))


stems = {"bridge": "bridg", "ferry": "ferri", "river": "river", "toll": "toll", "1850": "1850"}


@given(posts, st.lists(expansions, min_size=1, max_size=3), st.data())
def test_concepts_occur_where_their_terms_do(
    texts: list[list[list[str]]],
    asked: list[dict[str, tuple[MatchType, float]]],
    data: st.DataObject,
) -> None:
    """Also where one term may stand for several concepts, by the same type of match or by others."""
    table = table_of(texts)
    numbers = st.sets(st.integers(0, table.size - 1), min_size=1)
    context = context_of(table, np.array(sorted(data.draw(numbers))))
    concepts = tuple(concept(table, may_stand) for may_stand in asked)
    found = match(table, concepts, context)
    rows = context.row_of.tolist()
    for q, one in enumerate(concepts):
        by_number = {expansion.number: expansion for expansion in one.expansions}
        trusted = np.zeros(len(context.passages) + 1, np.float32)
        strength = np.zeros((len(MatchType), len(context.candidates)), np.float32)
        count, beside = np.zeros((2, len(context.candidates)), np.float32)
        place = np.full_like(count, NOWHERE)
        for at, term in enumerate(context.tokens.tolist()):
            if (expansion := by_number.get(term)) is None:
                continue
            row, match_type = rows[at], expansion.match_type
            sure = np.float32(expansion.strength)
            trusted[row] = max(trusted[row], sure * np.float32(TRUST[match_type]))
            if row not in context.own:
                continue
            c = context.own.tolist().index(row)
            strength[match_type, c] = max(strength[match_type, c], sure)
            count[c] += match_type is MatchType.EXACT
            if match_type is not MatchType.PREFIX:
                place[c] = min(place[c], at - rows.index(row))
                beside[c] = max(beside[c], context.near_number[at])
        assert found.trusted[:, q].tolist() == trusted.tolist()
        assert found.strength[:, :, q].tolist() == strength.tolist()
        assert found.count[:, q].tolist() == count.tolist()
        assert found.place[:, q].tolist() == place.tolist()
        assert found.beside_number[:, q].tolist() == beside.tolist()
