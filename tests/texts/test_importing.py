"""A pasted text becomes a knowledge file, and every dropped line is told."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.folder import read_folder
from bot.texts.formats import knowledge_file, text_lines
from bot.texts.importing import ImportedText, Metadata, is_nameless, plain_opening, slug
from tests.samples import BRIDGE, UNROLL, import_text, parse_text

KNOWLEDGE = Path(__file__).parent.parent.parent / "knowledge"


def imported(text: str, **facts: str) -> ImportedText:
    return import_text(text.encode(), "paste.txt", Metadata(**facts))  # type: ignore[arg-type]


def posts_of(text: str) -> list[str]:
    return [post.text for post in imported(text, author="A").source.posts]


def test_twtext_keeps_posts_and_author_and_reports_what_it_dropped() -> None:
    """Posts are exact; boilerplate and the part after the end marker are gone."""
    result = imported(UNROLL)
    assert [post.text for post in result.source.posts] == [
        "The bridge over the Tamar opened in 1859 – after “eleven” years of work.",
        "It was designed by I. K. Brunel, who was too ill to attend the opening (and died that"
        " autumn).",
    ]
    assert result.source.author == "@BridgeNotes"
    assert (result.source.url, result.source.date) == (None, None)
    assert [drop.line for drop in result.draft.dropped] == [1, 3, 4, 6, 7, 9]


def test_boilerplate_is_dropped_only_as_a_whole_line() -> None:
    """A post that mentions it stays."""
    line = "You can follow @BridgeNotes. He says more."
    assert line in [p.text for p in imported(f"{line}\n{UNROLL}").source.posts]


def test_straight_quotes_in_the_boilerplate_are_recognised() -> None:
    """Some browsers paste them."""
    text = UNROLL.replace("“unroll”", '"unroll"')
    assert len(imported(text).source.posts) == 2


@pytest.mark.parametrize(
    "text",
    [
        "1/ First\nstill first\n3/ Third\n2/ Second, with 1/2 cup\n",
        "1/3 First\nstill first\n\n2/3 Second, with 1/2 cup\n\n3/3 Third\n",
        "(1/3) First\nstill first\n(3/3) Third\n(2/3) Second, with 1/2 cup",
        "First\nstill first (1/3)\n\nSecond, with 1/2 cup (2/3)\n\nThird (3/3)\n",
        "🧵\n1/n First\nstill first\n2/n Second, with 1/2 cup\n3/n Third",
        "🧵 1/ First\nstill first\n2/ Second, with 1/2 cup\n3/ Third",
    ],
)
def test_numbers_sort_the_posts_and_are_removed(text: str) -> None:
    """Before or after the text, with or without total, in any order."""
    assert posts_of(text) == ["First\nstill first", "Second, with 1/2 cup", "Third"]


def test_a_fraction_at_the_start_of_a_line_does_not_start_a_post() -> None:
    """Only the thread's own style counts."""
    assert posts_of("1/ Take\n1/2 cup of milk\n2/ Stir") == ["Take\n1/2 cup of milk", "Stir"]


def test_a_post_before_the_first_number_is_kept_first() -> None:
    """Threads often start without a number."""
    assert posts_of("A thread on tea\n\n2/ Boil\n3/ Pour") == ["A thread on tea", "Boil", "Pour"]


def test_a_duplicate_number_is_refused() -> None:
    """The order would be a guess."""
    with pytest.raises(VerbatimError, match="number 2 is here and in line 2"):
        imported("1/ a\n2/ b\n2/ c", author="A")


def test_missing_numbers_and_removed_blank_lines_are_noted() -> None:
    notes = imported("1/ a\n\nb\n4/ d", author="A").draft.notes
    assert any("2, 3" in note for note in notes)
    assert any("blank lines" in note for note in notes)


def test_a_twtext_thread_of_numbered_posts_loses_the_numbers() -> None:
    """Both formats meet in practice."""
    text = "1/ One\n2/ Two\nYou can follow @A.\nLatest Threads Unrolled:\n"
    assert [p.text for p in imported(text).source.posts] == ["One", "Two"]


def test_paragraphs_are_posts() -> None:
    """A plain document needs no format."""
    assert posts_of("One\ntwo\n\nThree\n") == ["One\ntwo", "Three"]


def test_a_knowledge_file_keeps_its_metadata_unless_overridden() -> None:
    """Importing one again is harmless."""
    result = imported(knowledge_file.render(BRIDGE), title="Other")
    assert (result.source.title, result.source.author) == ("Other", BRIDGE.author)
    assert result.source.posts == BRIDGE.posts
    assert result.source.url == BRIDGE.url


def test_an_unknown_author_is_asked_for() -> None:
    """None is invented."""
    with pytest.raises(VerbatimError, match="--author"):
        imported("Some text")


def test_a_missing_title_is_made_of_the_opening_words() -> None:
    """Only an ellipsis is added, and the result says so."""
    result = imported("word " * 40, author="A")
    assert result.title_from_opening
    assert result.source.title.endswith("word…")


@pytest.mark.parametrize("text", ["", "\n \n", "You can follow @A.\n"])
def test_a_text_without_posts_is_refused(text: str) -> None:
    """Nothing is written."""
    with pytest.raises(VerbatimError, match="contains no posts"):
        imported(text, author="A")


@pytest.mark.parametrize(
    ("title", "name"),
    [("The US–Iraq Dialogue!", "the-us-iraq-dialogue"), ("Ünïcode é", "unicode-e"),
     ("../../etc/passwd", "etc-passwd"), ("مرحبا", "مرحبا"), ("!!!", "text")],
)  # fmt: skip
def test_a_file_is_named_after_the_title(title: str, name: str) -> None:
    """And stays inside the folder."""
    assert slug(title) == name


@given(st.text(max_size=300))
def test_any_text_is_imported_or_refused(text: str) -> None:
    """No input raises another error; every post consists of the text's own lines."""
    try:
        result = imported(text, author="A")
    except VerbatimError as error:
        assert error.problems
        return
    if result.draft.format == "paragraphs":
        for post in result.source.posts:
            assert post.text in text_lines.read_text(io.BytesIO(text.encode()), "paste.txt")[0]


def test_the_shipped_text_is_the_thread_as_it_was_written() -> None:
    """Seven posts, no boilerplate, no metadata that the source does not show."""
    (source,) = read_folder(KNOWLEDGE).sources
    assert (len(source.posts), source.author) == (7, "@RamzyMardini")
    assert (source.url, source.date, source.license) == (None, None, None)
    assert source.posts[0].text.startswith("The future of the US military presence in Iraq wasn’t")
    assert "evolved (and expanded) to encompass" in source.posts[2].text
    assert "relationship – because it was" in source.posts[2].text
    assert "twtext" not in "".join(post.text for post in source.posts)


@pytest.mark.parametrize("title", ["", "🧵🧵", "../..", "—", "_ _"])
def test_a_title_without_letters_cannot_name_a_file(title: str) -> None:
    """Others do, in any script."""
    assert is_nameless(title)
    assert not is_nameless(f"{title}7")
    assert not is_nameless(f"{title}الحوار")


def test_a_text_can_be_parsed_before_its_author_is_known() -> None:
    found = parse_text(b"One.\n\nTwo.", "paste.txt")
    assert (found.metadata, found.opening) == (Metadata(), "One.")
    source = found.source(Metadata(title="T", author="A"), "paste.txt")
    assert (source.id, source.author, len(source.posts)) == ("t", "A", 2)


def test_a_knowledge_file_states_its_metadata() -> None:
    """Licence and aliases too; what is given overrides it."""
    text = "---\ntitle: T\nauthor: A\nlicense: L\naliases:\n  a: [b]\n---\nOne.\n"
    found = parse_text(text.encode(), "t.md")
    assert (found.metadata.title, found.metadata.author) == ("T", "A")
    source = found.source(replace(found.metadata, author="B"), "t.md")
    assert (source.author, source.license, dict(source.aliases)) == ("B", "L", {"a": ("b",)})


def test_the_first_words_of_a_post_are_found_at_its_beginning() -> None:
    """In no time: a post may have a hundred thousand empty lines of code."""
    assert plain_opening("> - A word.\n" + "x " * 9_000) != ""
    assert plain_opening(f"```\n{chr(10) * 99_000}x\n```") == ""
