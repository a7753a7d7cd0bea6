"""Numbered clauses as places of a text."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.texts import clauses
from bot.texts.formats import knowledge_file
from bot.texts.structure import passages_of
from bot.wording.catalogue import wording_in

HEAD = "---\ntitle: Terms\nauthor: Harbour\n---\n"
TERMS = """1. Membership

1.1 Anybody may join. It is free.

1.2 You may end it:

(a) by a letter;
(b) in the office.

2. Fees

2.1 The fee is 240.
2.2 It is due in March. Later ones cost more.

A list of piers stands below.

- North
- South

## Rules

§ 1 No dogs.

§ 2 No cars, at 4.3 knots or more.

Article 9 stands alone.
"""


def numbered(text: str) -> dict[str, str | None]:
    """Each quotable passage with its clause."""
    source = knowledge_file.parse(HEAD + text, "terms.md", "terms")
    return {
        passage.text: clauses.clause_of(passage)
        for passage in passages_of(source)
        if passage.role is Role.ANSWER
    }


def test_a_passage_stands_in_the_clause_whose_number_is_above_it() -> None:
    """With the point of a list below the clause; other paragraphs, and numbers within sentences, are none."""
    found = numbered(TERMS)
    assert found["1.1 Anybody may join."] == found["It is free."] == "1.1"
    assert found["(a) by a letter;"] == "1.2(a)"
    assert found["(b) in the office."] == "1.2(b)"
    assert found["2.1 The fee is 240."] == "2.1"
    assert found["Later ones cost more."] == "2.2"
    assert found["A list of piers stands below."] is None
    assert found["§ 1 No dogs."] == "§ 1"
    assert found["§ 2 No cars, at 4.3 knots or more."] == "§ 2"


@pytest.mark.parametrize(
    "text",
    ["2.2 million people came.\n\nIt rained.", "3.5 adds a lamp.\n\n4.1 adds a rope.", "1. One\n\n2. Two"],
)  # fmt: skip
def test_numbers_without_another_one_beside_them_are_no_clauses(text: str) -> None:
    """Nor are the items of a list."""
    assert set(numbered(text).values()) == {None}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("1.1", "1.1 Anybody may join. It is free."),
        ("1.2", "1.2 You may end it:|(a) by a letter;\n(b) in the office."),
        ("1.2(b)", "(b) in the office."),
        ("1.2 (a)", "(a) by a letter;"),
        ("2.1", "2.1 The fee is 240."),
        ("§ 2", "§ 2 No cars, at 4.3 knots or more."),
        ("1.2(c)", None),
        ("4.3", None),
        ("Fees", None),
    ],
)
def test_a_clause_is_found_by_its_number(name: str, words: str | None) -> None:
    """With all that stands below it, up to the next one."""
    source = knowledge_file.parse(HEAD + TERMS.replace("2. Fees\n\n", ""), "terms.md", "terms")
    extent = clauses.find(source, name, alone=False)
    if extent is None:
        assert words is None
        return
    parts = [
        source.posts[n - 1].text[
            extent.start if n == extent.first else 0 : extent.end if n == extent.last else None
        ]
        for n in range(extent.first, extent.last + 1)
    ]
    assert "|".join(part.strip() for part in parts) == words


def test_a_quote_names_its_clause() -> None:
    """Behind the section, in place of the number of an item; in each language."""
    source = knowledge_file.parse(f"{HEAD}## Fees\n\n{TERMS}", "terms.md", "terms")
    places = {
        passage.text: (wording_in("en").place(passage), wording_in("es").place(passage))
        for passage in passages_of(source)
    }
    assert places["(a) by a letter;"] == ("section Fees, clause 1.2(a)", "sección Fees, cláusula 1.2(a)")  # fmt: skip
    assert places["§ 1 No dogs."][0] == "section Rules, § 1"
    assert places["North"][0] == "section Fees, item 1"
