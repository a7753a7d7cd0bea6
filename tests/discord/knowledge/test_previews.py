"""What a curator reads before anything is written fits, and says all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.knowledge.additions import Addition, TypedFacts
from bot.discord.knowledge.previews import cut, preview
from bot.discord.knowledge.proposals import Proposal, open_addition, propose
from bot.errors import Problem, VerbatimError
from bot.texts.editing import FileState
from bot.texts.formats.draft import Draft, DroppedLine
from bot.texts.importing import ParsedText
from bot.wording import ENGLISH as wording
from tests.samples import BREAD, BRIDGE, MARKED, UNROLL, any_text

FORM = TypedFacts("The title", "An author", "https://example.org/a", "2020-08-21", "es")


def addition(
    data: bytes = UNROLL.encode(), form: TypedFacts = FORM, name: str = "a.txt"
) -> Addition:
    return Addition(data, name, form, complete=True, owner=1, server=2)


def proposed(item: Addition, folder: Path) -> Proposal:
    return propose(item, [BRIDGE, BREAD], folder)


def test_every_post_and_every_dropped_line_is_named(folder: Path) -> None:
    """With the reason, and nothing is left out of a short text."""
    item = addition()
    shown = preview(item, proposed(item, folder), wording)
    assert shown.report is None
    assert "1. The bridge over the Tamar opened in 1859 – after" in shown.content
    assert "- line 3, “You can follow @BridgeNotes.”: the site's line" in shown.content
    assert "6 lines would be dropped:" in shown.content
    assert "- File: the-title.md" in shown.content
    assert shown.content.endswith(wording.ADD_IT)


def test_a_long_text_has_a_report_with_all_of_it(folder: Path) -> None:
    """The message says how much it leaves out."""
    item = addition("\n\n".join(f"{i}/ Post {i}." for i in range(1, 200)).encode())
    shown = preview(item, proposed(item, folder), wording)
    assert "… and 189 more posts" in shown.content
    assert "- 199 lines such as “1/”: the post's number" in shown.content
    assert wording.IN_REPORT in shown.content
    assert shown.report is not None
    assert "199. Post 199." in shown.report
    assert shown.report.count("the post's number") == 199


def test_what_was_noticed_is_all_in_the_report(folder: Path) -> None:
    """Where the message has room for some of it only."""
    item = addition()
    found = proposed(item, folder)
    notes = tuple(f"Note {i}." for i in range(5))
    problems = tuple(Problem("a.txt", f"problem {i}") for i in range(5))
    noted = replace(found.found, draft=replace(found.found.draft, notes=notes))
    for many in (replace(found, found=noted), replace(found, problems=problems)):
        shown = preview(item, many, wording)
        assert wording.IN_REPORT in shown.content
        assert shown.report is not None
    assert "Note 4." in (preview(item, replace(found, found=noted), wording).report or "")
    assert "problem 4" in (preview(item, replace(found, problems=problems), wording).report or "")


@given(
    st.lists(any_text.filter(str.strip), min_size=1, max_size=60),
    st.lists(st.tuples(any_text, st.sampled_from(["a reason", MARKED * 9])), max_size=60),
    st.text(min_size=1, max_size=300),
    st.text(st.sampled_from(MARKED + "a🧵"), min_size=1, max_size=200),
    st.booleans(),
)
def test_whatever_the_text_is_the_message_fits(
    posts: list[str], dropped: list[tuple[str, str]], name: str, words: str, shown: bool
) -> None:
    """Long posts, long names, characters that take two units or a backslash."""
    lines = tuple(DroppedLine(i, text, why) for i, (text, why) in enumerate(dropped))
    found = ParsedText(Draft("paragraphs", tuple(posts), None, lines, (words,) * 4))
    source = replace(
        BRIDGE, title=f"a{words}", author=words, license=words, url="https://a.b/" + "c" * 380
    )
    there = FileState("bridge.md", 9, "0" * 16, replace(source, title=words, aliases={"a": ("b",)}))
    problems = tuple(Problem(name, words * 3) for _ in range(9))
    for proposal in (
        Proposal(found),
        Proposal(found, source, there),
        Proposal(found, problems=problems),
        Proposal(found, faults=("title", "author", "url", "date", "language")),
    ):
        item = replace(addition(name=name), notes=(words, words), shown=shown)
        content = preview(item, proposal, wording, wording.CHANGED_MEANWHILE).content
        assert markdown.length(content) <= LIMIT


@given(any_text, st.integers(20, 80))
def test_what_is_cut_is_one_line_within_its_length(text: str, most: int) -> None:
    """And begins as the text does."""
    line = cut(text, most)
    assert "\n" not in line
    assert markdown.length(line) <= most
    assert " ".join(text.split()).startswith(line.removesuffix("…"))


def test_a_recognised_text_with_too_many_posts_is_refused() -> None:
    """With the number that is allowed."""
    with pytest.raises(VerbatimError, match="10,000 are allowed"):
        open_addition(addition(b"a\n\n" * 10_001))
