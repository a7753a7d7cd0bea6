"""Plain text, as it was written."""

from __future__ import annotations

import pytest

from tests.texts.formats.samples import draft_of

RULES = (
    "Rules\n\n1. Berths\n\nA berth is a place.\n\n2. Fees\nThe fee is 240.\nIt is due in March.\n"
)


def test_numbered_titles_are_headings() -> None:
    """Alone or above their words; the report says so."""
    draft = draft_of(RULES)
    assert draft.posts == (
        "Rules", "## 1. Berths", "A berth is a place.", "## 2. Fees", "The fee is 240.\nIt is due in March.",
    )  # fmt: skip
    assert draft.guessed == ("2 headings, by their numbers: take the `#` from what is none",)


@pytest.mark.parametrize(
    "text",
    [
        "1. Flour\n\n2. Eggs\n\n3. Milk\n",
        "1. Mix it.\n\nSlowly.\n\n2. Bake it.\n\nQuickly.\n",
        "1. When does it open?\n\nAt nine.\n\n2. Are dogs allowed?\n\nYes.\n",
        "2. Fees\n\nThe fee is 240.\n\n3. Keys\n\nReturn them.\n",
        "1. Berths\n\nA berth is a place.\n",
        f"{RULES}\n3. Liability. The club is not liable.\n",
    ],
)
def test_other_numbered_lines_stay_as_they_are(text: str) -> None:
    """Items of a list, steps, questions; and a clause must not come to stand in the section before it."""
    assert not any(post.startswith("#") for post in draft_of(text, format_name="paragraphs").posts)


def test_lines_in_capitals_are_headings() -> None:
    """Alone or above their words, from two on, or beside numbered ones; the report says so."""
    text = "NAME\n    lock - opens it\n\nEXIT STATUS 2\n\nIt is 0.\n"
    draft = draft_of(text)
    assert draft.posts == ("## NAME", "    lock - opens it", "## EXIT STATUS 2", "It is 0.")
    assert draft.guessed == ("2 headings, by capital letters: take the `#` from what is none",)
    assert draft_of(f"HOUSE RULES\n\n{RULES}").posts[0] == "## HOUSE RULES"


@pytest.mark.parametrize(
    "text",
    ["BREAKING\n\nThe mill burned.\n",
     "WOW!!!\n\nIt burned.\n\nOH NO!\n\nAgain.\n", "NATO\n\nEU\n", "A 1\n\nOne.\n\nB 2\n\nTwo.\n",
     "وقت\n\nكلمات.\n\nوقت\n\nكلمات.\n", "UPDATE: it is out.\n\nYes.\n\nBREAKING: it is in.\n\nNo.\n"],
)  # fmt: skip
def test_other_lines_in_capitals_stay_as_they_are(text: str) -> None:
    """One may be an exclamation, and words that stand above nothing are no headings."""
    assert not any(post.startswith("#") for post in draft_of(text, format_name="paragraphs").posts)


PATCH = """Patch 4.2

Hero Changes

The ferryman is faster now. He carries two more sacks.

Map changes

The northern pier is open again, after a long winter without it.

Both locks now close at night.
"""


def test_lines_alone_above_sentences_are_headings() -> None:
    """From two on, where the other paragraphs end as sentences do; the report says so."""
    draft = draft_of(PATCH)
    assert [post for post in draft.posts if post.startswith("#")] == ["## Hero Changes", "## Map changes"]  # fmt: skip
    assert draft.guessed == ("2 headings, by standing alone above sentences: take the `#` from what is none",)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Fees\n\nThe fee is 240 crowns, due in March.\n",  # one
        "Doors open at nine\n\nThe hall is heated now.\n\nNo dogs\n\nGuide dogs may come in, of course.\n\nCups\n\nA lamp\n",
        "Roses are red\n\nViolets are blue\n\nThe lock is shut\n\nAnd so are you\n",
        "The gate\n\nopens at nine, they said to everybody there.\n\nThe lock\n\nis shut\n\nfor ever\n",
    ],
)
def test_other_short_lines_may_be_quoted(text: str) -> None:
    """In notes and verses, whose lines end without a full stop."""
    assert not any(post.startswith("#") for post in draft_of(text, format_name="paragraphs").posts)
