"""Which of the fitted rankers is for a question: every combination has one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.retrieval.meaning.embedder import Family

LEXICAL = "lexical"


def ranker_for(family: Family | None, *, foreign: bool) -> str:
    """Return the name of the ranker for a question.

    `family`: the model that gave its vectors; None: it has none, and words alone decide. `foreign`:
    whether it is in another language than the texts.
    """
    match family:
        case None:
            return LEXICAL
        case Family.MINILM:  # reads one language: to it no question is foreign
            return "minilm"
        case Family.E5 | Family.OTHER:  # others' cosines are brought to E5's scale
            return "e5-foreign" if foreign else "e5"


RANKERS: Mapping[str, str] = MappingProxyType({
    name: "ranking.json" if name == LEXICAL else f"ranking-{name}.json"
    for name in (
        ranker_for(family, foreign=foreign)
        for family in (None, *Family)
        for foreign in (False, True)
    )
})  # fmt: skip
"""The data file of every ranker that `ranker_for` names, and of no other."""
