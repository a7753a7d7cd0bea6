"""Names for one thing that texts give."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Source
from bot.search.query.concepts import MatchType
from tests.samples import BREAD, BRIDGE

LIBRARIES = Source(
    "bibliotecas",
    "Las bibliotecas",
    "Ayuntamiento",
    (Post(1, "Las bibliotecas municipales cierran en agosto."), Post(2, "Los jardines no.")),
    language="es",
    aliases=MappingProxyType({"bibliotecas": ("mediatecas",)}),
)


@pytest.mark.parametrize("others", [(), (BREAD, BRIDGE)])
def test_an_alias_works_in_the_language_of_its_text(others: tuple[Source, ...]) -> None:
    """Also where most texts are in another one, as whose words questions are analysed."""
    expander = build_snapshot([LIBRARIES, *others]).searcher.expander
    concept, *_ = expander.concepts("mediatecas abiertas")
    assert [(e.term, e.match_type) for e in concept.expansions] == [
        ("bibliotec", MatchType.ALIAS)
    ]  # fmt: skip


def languages(snapshot: Snapshot) -> list[str]:
    """That of questions, then those of the other texts."""
    return [analyzer.language for analyzer in snapshot.searcher.expander.analyzers]


def test_questions_are_analysed_in_the_language_of_the_most_passages() -> None:
    """Whatever the number of texts; the regions of a language count together."""
    assert languages(build_snapshot([LIBRARIES, BRIDGE])) == ["en", "es"]
    regions = [
        Source(
            f"text-{tag}", "A text", "Ann", (Post(1, f"The {tag} kitchen is open."),), language=tag
        )
        for tag in ("en-GB", "en-US", "en-AU")
    ]
    assert languages(build_snapshot([LIBRARIES, *regions])) == ["en", "es"]
    short = Source("nota", "Nota", "Ayuntamiento", (Post(1, "Hoy no."),), language="es")
    again = Source("nota-2", "Nota", "Ayuntamiento", (Post(1, "Hoy tampoco."),), language="es")
    assert languages(build_snapshot([short, again, BRIDGE])) == ["en", "es"]
