"""Pages in the markup of MediaWiki."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import mediawiki
from tests.texts.formats.samples import draft_of, reasons

PAGE = """{{Infobox lock|name={{PAGENAME}}|built=1790}}
'''Weir End Lock''' is a [[canal lock]] on the [[River Ode|Ode]].<ref>Voss, p. 12.</ref> It was
built in&nbsp;1790; see [https://x.example the survey].

[[File:Gate.jpg|thumb|The [[gate]]]]
== Fees ==
Boats pay by length:
* up to 8 m: 4 euros
** with a dog: 5 euros
# of boats

{| class="wikitable"
|+ Berths
! Berth !! Fee
|-
| North || style="color:red" | 12
|-
| South
| 14
|}

=== Flood ===
The gates were lost.
<!-- really? -->
[[Category:Locks]]
__NOTOC__
"""


def test_a_page_is_kept_as_its_readers_see_it() -> None:
    """Sections, lists and tables; links by their words."""
    draft = draft_of(PAGE)
    assert draft.format == mediawiki.LABEL
    assert draft.posts == (
        "Weir End Lock is a canal lock on the Ode. It was\nbuilt in\u00a01790; see the survey.",
        "## Fees",
        "Boats pay by length:",
        "- up to 8 m: 4 euros\n  - with a dog: 5 euros\n1. of boats",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |\n| South | 14 |",
        "### Flood",
        "The gates were lost.",
    )


def test_what_readers_do_not_see_as_text_is_reported() -> None:
    """Templates with what is in them, footnotes, pictures, categories."""
    assert reasons(draft_of(PAGE)) == {
        "a comment, which nobody sees": 1,
        "a footnote": 1,
        "a picture": 1,
        "a category": 1,
        "a switch of the page": 1,
        "a template, whose text is not in the file": 2,
    }


def test_a_page_of_templates_alone_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no words outside templates"):
        draft_of("{{A}}\n[[Category:B]]\n", format_name="mediawiki")


@pytest.mark.parametrize(
    "text", ["== A ==\n\nIt opens.\n", "Use {{name}} and '''quotes'''.\n", "# A\n\nSee [[b]].\n"]
)
def test_other_texts_are_no_pages(text: str) -> None:
    """One mark alone is somebody's words."""
    assert draft_of(text).format != mediawiki.LABEL


@pytest.mark.parametrize("cell", ["The rule is x=5 | and y=6", "a" + "=bcd" * 30, "see?a=bcd=efg"])
def test_words_with_an_equals_sign_are_no_attributes(cell: str) -> None:
    """Those come first in a cell. However many such words there are, it takes no time."""
    draft = draft_of(PAGE.replace("| South", f"| South {cell}"))
    assert any(f"South {cell}".replace("|", "\\|") in post for post in draft.posts)
    assert "| North | 12 |" in "\n".join(draft.posts)
