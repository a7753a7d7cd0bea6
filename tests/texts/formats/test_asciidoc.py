"""AsciiDoc."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.formats import asciidoc
from tests.texts.formats.words import dropped, parse, words_of

TEXT = """= The Lock
Ida Voss <ida@lock.example>
v1.0, 2019-02-03
:toc:

It *opens* in `spring`.footnote:[Or so they say.] See https://x.example[the site] and <<fees,below>>.

[#fees]
== Fees

// a comment
.Prices in crowns
[cols="1,1"]
|===
|Berth |Fee

|North |12
|South
|13
|===

* boats
** rowing boats
* rafts
+
Rafts are free.

A paragraph after the list.

Is it heated?::
Yes.
Pier:: A wooden one.

NOTE: Mind the step.

----
open *gate*

shut
----

____
All aboard.
____

include::secret.txt[]
"""


def test_a_text_keeps_its_structure() -> None:
    """Sections, tables, nested lists, questions, listings and quotations."""
    draft = parse(asciidoc, TEXT.encode())
    assert draft.posts == (
        "# The Lock",
        "It opens in spring. See the site and below.",
        "## Fees",
        "Prices in crowns",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |\n| South | 13 |",
        "- boats\n  - rowing boats\n- rafts\n  Rafts are free.",
        "A paragraph after the list.",
        "#### Is it heated?",
        "Yes.",
        "- Pier\n  A wooden one.",
        "Mind the step.",
        "```\nopen *gate*\nshut\n```",
        "> All aboard.",
        "1. Or so they say.",
    )
    assert (draft.title, draft.author) == ("The Lock", "Ida Voss")
    assert {"a comment", "an attribute", "a macro", "the mark of a footnote"} <= set(dropped(draft))


@given(
    st.lists(
        st.lists(st.from_regex(r"w[a-z0-9',.éא]{0,8}", fullmatch=True), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[list[str]]) -> None:
    """Words without marks of the language."""
    text = "= Title\n\n" + "\n\n".join(" ".join(words) for words in paragraphs)
    draft = parse(asciidoc, text.encode())
    assert words_of(draft.posts) == ["Title", *(word for words in paragraphs for word in words)]


@given(st.text(alphabet="=-`*:_.|[]ab1 \n#+<>/,", max_size=150))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Broken fences and tables too."""
    parse(asciidoc, b"= x\n" + text.encode())


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (TEXT.encode(), "x", True),
        (b"words", "x.adoc", True),
        (b"-----BEGIN PGP SIGNATURE-----", "x.asc", False),
        (b"= sign first\n\nwords", "x.txt", False),
        (b"words\n\n== Fees", "x", False),
    ],
)
def test_the_format_is_known_by_title_and_sections(text: bytes, name: str, expected: bool) -> None:
    """A line that begins with a sign is not enough."""
    assert asciidoc.matches(text, name) is expected
