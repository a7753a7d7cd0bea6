"""What a text would be written as, and what it would replace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord.knowledge.additions import Addition, TypedFacts
from bot.discord.knowledge.proposals import (
    Difference,
    Proposal,
    compare,
    prefilled,
    propose,
)
from bot.errors import VerbatimError
from bot.models import Post
from bot.texts.folder import write_source
from bot.texts.formats.knowledge_file import render
from bot.texts.importing import Metadata
from tests.samples import BREAD, BRIDGE, parse_text

FORM = TypedFacts("A title", "An author")


def proposed(
    folder: Path, form: TypedFacts = FORM, text: str = "One.\n\nTwo.", *, complete: bool = True
) -> Proposal:
    item = Addition(text.encode(), "a.txt", form, complete=complete, owner=1, server=2)
    return propose(item, [BRIDGE, BREAD], folder)


def test_there_is_no_text_before_its_facts_are_known(folder: Path) -> None:
    """However much of it has been recognised."""
    assert proposed(folder, complete=False).source is None


@pytest.mark.parametrize(
    ("fault", "form"),
    [
        ("title", replace(FORM, title="🧵 …")),
        ("title", replace(FORM, title="  ")),
        ("title", replace(FORM, title="a" * 201)),
        ("author", replace(FORM, author=" ")),
        ("url", replace(FORM, url="example.org")),
        ("url", replace(FORM, url="javascript:alert(1)")),
        ("date", replace(FORM, date="yesterday")),
        ("language", replace(FORM, language="English")),
    ],
)
def test_each_fact_that_cannot_be_taken_is_named(
    folder: Path, fault: str, form: TypedFacts
) -> None:
    """And nothing is made of the others."""
    proposal = proposed(folder, form)
    assert (proposal.source, proposal.faults) == (None, (fault,))


def test_a_text_of_the_same_title_is_the_one_that_is_replaced(folder: Path) -> None:
    """Its licence and aliases, which nobody has typed again, are kept."""
    old = replace(BRIDGE, id="a-title", title="A title", license="CC0", aliases={"a": ("b",)})
    write_source(old, folder)
    proposal = proposed(folder)
    assert proposal.there is not None
    assert proposal.source is not None
    assert (proposal.source.license, dict(proposal.source.aliases)) == ("CC0", {"a": ("b",)})
    assert proposal.difference == Difference(("author", "url"), new=2, gone=3)


def test_a_text_of_the_same_title_and_author_elsewhere_is_found(folder: Path) -> None:
    """Its file stands in a folder of its own, and stays there."""
    proposal = proposed(folder, TypedFacts(BREAD.title, BREAD.author))
    assert proposal.source is not None
    assert proposal.there is not None
    assert (proposal.source.id, proposal.there.name) == ("baking/bread", "baking/bread.md")


def test_the_very_same_text_is_known(folder: Path) -> None:
    """There is nothing to do."""
    text = render(BRIDGE)
    write_source(replace(BRIDGE, id="the-bridge-over-the-tamar"), folder)
    form = prefilled(parse_text(text.encode(), "a.md"), Metadata())
    assert form == TypedFacts(BRIDGE.title, BRIDGE.author, BRIDGE.url or "", "", "en")
    assert proposed(folder, form, text).is_there_already


def test_a_knowledge_file_replaces_all_that_the_old_one_stated(folder: Path) -> None:
    """It states its own licence and aliases, or that there are none."""
    write_source(replace(BRIDGE, license="CC0", aliases={"a": ("b",)}), folder, replace=True)
    proposal = proposed(folder, TypedFacts("Bridge", BRIDGE.author), render(BRIDGE))
    assert proposal.source is not None
    assert proposal.source.license is None
    assert proposal.difference is not None
    assert {"license", "aliases"} <= set(proposal.difference.facts)


def test_a_broken_file_of_that_name_is_not_a_text_but_is_in_the_way(folder: Path) -> None:
    """It can be replaced, knowingly."""
    (folder / "a-title.md").write_bytes(b"\xff")
    proposal = proposed(folder)
    assert proposal.there is not None
    assert (proposal.there.source, proposal.difference) == (None, None)


def test_what_was_recognised_overrides_what_is_known_otherwise() -> None:
    """And the first words stand for a title."""
    found = parse_text(b"First words.\n\nMore.", "a.txt")
    assert prefilled(found, Metadata(author="Ana")) == TypedFacts("First words.", "Ana")


def test_posts_are_compared_in_order() -> None:
    """One that is changed is one that goes and one that is new."""
    one, two, three = (post.text for post in BRIDGE.posts)
    new = replace(BRIDGE, posts=tuple(Post(i, t) for i, t in enumerate([one, three, "New."], 1)))
    assert compare(BRIDGE, new) == Difference((), new=1, gone=1)
    many = replace(BRIDGE, posts=tuple(Post(i, f"{i}") for i in range(1, 3_000)))
    assert compare(BRIDGE, many) == Difference((), new=2_999, gone=3)
    assert two


def test_bad_bytes_are_refused_with_their_reason() -> None:
    """In a line each."""
    for data, reason in (
        (b"caf\xe9", "not UTF-8"),
        (b"a\0b", "not a text that can be read"),
        (b"a\x1bb", r"U\+001B"),
        (b"", "contains no posts"),
        (b" \n \n", "contains no posts"),
        (b"---\ntitle: [\n---\nx", "`title` cannot be read as YAML: put the value in quotes"),
    ):
        with pytest.raises(VerbatimError, match=reason):
            parse_text(data, "a.txt")
