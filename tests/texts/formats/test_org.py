"""Files of Emacs' Org mode."""

from __future__ import annotations

from bot.texts.formats import org
from tests.texts.formats.samples import draft_of, reasons

TEXT = """#+TITLE: The lock
#+AUTHOR: Ida Voss
#+DATE: <2024-05-03 Fri>
#+OPTIONS: toc:nil

* Opening hours
:PROPERTIES:
:ID: 123
:END:
It opens at nine. It shuts at *five*[fn:1] on <2024-06-01 Sat>.
** TODO Paint the gate                                        :paint:
   DEADLINE: <2024-06-01 Sat>
   Use /green/ paint, and read [[https://lock.example][the page]].
- [ ] lamp
- rope
  + thin rope
# to do: mend
* Fees
| Who   | Fee |
|-------+-----|
| Adult |  12 |

#+begin_src sh
lock --open
#+end_src
#+BEGIN_QUOTE
Slowly.
#+END_QUOTE
"""


def test_an_org_file_keeps_its_words() -> None:
    """As headings, paragraphs, lists, tables and blocks."""
    draft = draft_of(TEXT)
    assert (draft.format, draft.title, draft.author, str(draft.date)) == (
        org.LABEL,
        "The lock",
        "Ida Voss",
        "2024-05-03",
    )
    assert draft.posts == (
        "# Opening hours",
        "It opens at nine. It shuts at five on 2024-06-01.",
        "## Paint the gate",
        "Use green paint, and read the page.\n- lamp\n- rope\n  - thin rope",
        "# Fees",
        "| Who | Fee |\n| --- | --- |\n| Adult | 12 |",
        "```\nlock --open\n```",
        "> Slowly.",
    )
    assert reasons(draft) == {
        "a keyword of Org": 1, "a drawer": 3, "the state or the tags of a heading": 2, "the dates of a task": 1, "a comment": 1,
    }  # fmt: skip


def test_stars_that_are_no_marks_stay() -> None:
    """In sums and paths."""
    text = "* Sums\n2*3*4 is 24, a/b/c is a path, and snake_case_name is one.\n"
    assert (
        draft_of(text, "sums.org").posts[1]
        == "2*3*4 is 24, a/b/c is a path, and snake_case_name is one."
    )


def test_a_list_with_stars_is_markdown() -> None:
    """Unless the name, or Org's keywords, say otherwise."""
    assert draft_of("* one\n* two\n").format != org.LABEL
