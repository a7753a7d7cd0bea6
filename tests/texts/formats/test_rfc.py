"""Memos in the shape of an RFC."""

from __future__ import annotations

from bot.texts.formats import rfc
from tests.texts.formats.samples import draft_of, reasons

MEMO = """
Network Working Group                                            I. Voss
Request for Comments: 9999                                      May 2024


                     The Lock Control Protocol (LCP)

Status of This Memo

   This memo provides information.  It does
   not specify a standard.

Table of Contents

   1. Introduction ....................................................2
   2. Messages ........................................................2

1.  Introduction

   The Lock Control Protocol lets a boat ask a lock to

Voss                         Informational                      [Page 1]
\f
RFC 9999                Lock Control Protocol                   May 2024

   open.

2.  Messages

2.1.  OPEN

   o  A client sends a berth
      number.

      +--------+----------------+
      | opcode |  berth number  |
      +--------+----------------+

Voss                         Informational                      [Page 2]
"""


def test_sections_and_paragraphs_are_found() -> None:
    """A paragraph goes on over the end of a page; a drawing stays as it is."""
    draft = draft_of(MEMO)
    assert draft.posts == (
        "# The Lock Control Protocol (LCP)",
        "## Status of This Memo",
        "This memo provides information. It does not specify a standard.",
        "## 1. Introduction",
        "The Lock Control Protocol lets a boat ask a lock to open.",
        "## 2. Messages",
        "### 2.1. OPEN",
        "- A client sends a berth number.",
        "```\n+--------+----------------+\n| opcode |  berth number  |\n+--------+----------------+\n```",
    )
    assert draft.title == "RFC 9999: The Lock Control Protocol (LCP)"
    assert draft.url == "https://www.rfc-editor.org/rfc/rfc9999"


def test_what_is_left_out_is_reported() -> None:
    """Heads, feet, contents and the lines at the top."""
    assert reasons(draft_of(MEMO)) == {
        "a page break": 1,
        "the head or foot of a page": 3,
        "the table of contents": 3,
        "the lines above the title": 2,
    }


def test_a_text_with_one_such_foot_is_no_memo() -> None:
    """It may be quoted there."""
    assert draft_of("The foot reads:\n\nVoss     Informational   [Page 1]\n").format != rfc.LABEL
