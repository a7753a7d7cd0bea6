"""Persons' names in a bibliography."""

from __future__ import annotations

import pytest

from bot.discord.cite.names import person_name
from bot.discord.cite.styles import Style, cite
from bot.library.snapshots import build_snapshot
from bot.models import Post, Source
from bot.wording import ENGLISH


@pytest.mark.parametrize(
    ("author", "apa", "mla"),
    [
        ("J. Calder", "Calder, J.", "Calder, J."),
        ("Dr. Karim Haddad", "Haddad, K.", "Haddad, Karim"),
        ("Maria B. Lopez-Ruiz", "Lopez-Ruiz, M. B.", "Lopez-Ruiz, Maria B."),
        ("Prof. Anna van der Berg", "van der Berg, A.", "van der Berg, Anna"),
        ("J. K. O’Brien", "O’Brien, J. K.", "O’Brien, J. K."),
    ],
)
def test_the_family_name_comes_first(author: str, apa: str, mla: str) -> None:
    """With initials in APA."""
    name = person_name(author)
    assert name is not None
    assert (name.with_initials, name.inverted) == (apa, mla)


@pytest.mark.parametrize(
    "author",
    [
        "",
        "@RamzyMardini",
        "Harbour Voices",
        "Ottoline Brask",
        "Haddad, Karim",
        "J. Calder Jr.",
        "A. Smith & B. Jones",
        "A. Smith, B. Jones",
        "Dr. Who2",
        "U.S. Army",
        "Prof.",
    ],
)
def test_what_is_not_surely_a_person_stays_as_it_is(author: str) -> None:
    """Two words may be a newspaper; a handle is no name; several authors are not told apart."""
    assert person_name(author) is None


def test_both_styles_use_it() -> None:
    """And a name does not end with two full stops."""
    source = Source("talk", "A talk", "J. Calder", (Post(1, "It rained."),))
    passages = list(build_snapshot([source]).passages)
    assert cite(passages, Style.APA, ENGLISH).startswith("Calder, J. (n.d.). A talk")
    assert cite(passages, Style.MLA, ENGLISH).startswith("Calder, J. “A talk.”")
