"""Notes of Obsidian."""

from __future__ import annotations

import pytest

from bot.texts.formats import obsidian
from tests.texts.formats.samples import draft_of, reasons

NOTE = """---
aliases: [Weir End]
tags: lock/history
author: Ida
---
> [!info]- Summary
> The lock at [[Weir End|the weir]] was built in 1790.

%% check
this %%

See [[Canal Act 1788]], [[Voss#Life]] and ![[gate.png]]. It was ==rebuilt in 1902==. ^ref1

```
[[not a link]] ==
```

```dataview
LIST
```

#lock #history/water
"""


def test_a_note_reads_as_obsidian_shows_it() -> None:
    """Links by their words, callouts under their title, and code as it is."""
    draft = draft_of(NOTE, "notes/Weir End Lock.md")
    assert draft.format == obsidian.LABEL
    assert draft.posts == (
        "> **Summary**\n>\n> The lock at the weir was built in 1790.",
        "See Canal Act 1788, Voss and. It was rebuilt in 1902.",
        "```\n[[not a link]] ==\n```",
    )
    assert (draft.title, draft.author) == ("Weir End Lock", "Ida")


def test_what_obsidian_does_not_show_as_text_is_reported() -> None:
    """With the keys of the front matter that have no place here."""
    found = reasons(draft_of(NOTE, "a.md"))
    assert found["a comment, which nobody sees"] == found["an embedded file"] == 1
    assert (
        found["tags"]
        == found["the name of a block"]
        == found["a query, which Obsidian fills in"]
        == 1
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\nauthor: A\n---\nSee [[this]].\n",
        "# A title\n\nArrays such as a[[1]] are one thing, ==this== another.\n",
        "== History ==\nSee [[River]].\n",
        "A class is [[:digit:]] in grep.\n\nif [[ -f lock ]]; then open; fi\n",
    ],
)
def test_other_texts_are_no_notes(text: str) -> None:
    """A knowledge file is kept exactly; brackets in words, and headings of a wiki, are no links of Obsidian's."""
    assert draft_of(text).format != obsidian.LABEL
