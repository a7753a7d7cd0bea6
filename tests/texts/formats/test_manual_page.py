"""Pages of a manual."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import manual_page
from tests.texts.formats.samples import draft_of
from tests.texts.formats.words import dropped, parse

PAGE = """LOCK(1)                          Harbour Manual                         LOCK(1)

NAME
       lock - opens the gates of a lock

SYNOPSIS
       lock [OPTION]... GATE
       lock --list

DESCRIPTION
       Opens  the  gates,  one after the other, and waits until the water on both
       sides stands level, which takes about ten minutes at high water, and twen\u2010
       ty at low water.

   Options
       -a, --all
              do  not  stop  between two gates, whatever stands
              in the way
       -q     say nothing

HARBOUR 2.1                      May 2024                               LOCK(1)
"""


def test_a_page_has_its_headings_options_and_paragraphs() -> None:
    """An option and its description are one item; examples keep their lines; head and foot go."""
    draft = parse(manual_page, PAGE.encode())
    assert draft.posts == (
        "## NAME",
        "lock - opens the gates of a lock",
        "## SYNOPSIS",
        "```\nlock [OPTION]... GATE\nlock --list\n```",
        "## DESCRIPTION",
        "Opens the gates, one after the other, and waits until the water on both sides stands level, which takes about"
        " ten minutes at high water, and twenty at low water.",
        "### Options",
        "- -a, --all do not stop between two gates, whatever stands in the way",
        "-q say nothing",
    )
    assert draft.title == "lock(1)"
    assert dropped(draft) == {
        "the head or foot of the page": " ".join(PAGE.split("\n", maxsplit=1)[0].split()),
        "a hyphen at the end of a line": "twen\u2010|ty",
    }


@pytest.mark.parametrize(
    "bold",
    ["N\x08NA\x08AM\x08ME\x08E", "_\x08N_\x08A_\x08M_\x08E", "\x1b[1mNAME\x1b[0m", "\x1b[4;22mNAME\x1b[24m"],
)  # fmt: skip
def test_bold_of_a_terminal_is_taken_off(bold: str) -> None:
    """Letters struck over each other, or codes of colours: of this and of any other plain text."""
    page = PAGE.replace("\nNAME", f"\n{bold}")
    draft = draft_of(page)
    assert (draft.format, draft.posts) == (manual_page.LABEL, draft_of(PAGE).posts)
    assert dropped(draft)["bold, colours and the like of a terminal"] == "escape code"


@pytest.mark.parametrize(
    "source",
    ['.TH LOCK "1"\n.SH NAME\nlock', '.\\" by Voss\n.\\"\n.TH LOCK 1\n', ".Dd May 3, 2024\n.Dt LOCK 1\n",
     "'\\\" t\n.nh\n.ad l\n.TH LOCK 1\n"],
)  # fmt: skip
def test_the_source_of_a_page_is_refused(source: str) -> None:
    """Its macros are not what anybody reads."""
    with pytest.raises(VerbatimError, match="is the source of a manual page: import what"):
        draft_of(source)


def test_another_text_with_a_name_and_a_number_is_no_page() -> None:
    """The name stands at both ends of the line."""
    assert draft_of("LOCK(1) opens the gates.\n\nSee WEIR(2).\n").format != manual_page.LABEL
