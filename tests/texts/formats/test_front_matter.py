"""Front matter of other tools, and what people write into it."""

from __future__ import annotations

import datetime

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import knowledge_file
from bot.texts.importing import Metadata
from tests.samples import import_text
from tests.texts.formats.samples import draft_of


def test_values_that_only_lack_quotes_are_taken_as_they_stand() -> None:
    """In an import, and in the knowledge folder."""
    text = "---\ntitle: The weir: a history\nauthor: @patpoe\n---\nOne.\n"
    draft = draft_of(text)
    assert (draft.title, draft.author) == ("The weir: a history", "@patpoe")
    source = knowledge_file.parse(text, "f.md", "f")
    assert (source.title, source.author) == ("The weir: a history", "@patpoe")


@pytest.mark.parametrize(
    "text",
    [
        "---\nlayout: post\nTitle: The weir\nAuthors:\n  - Pat Poe\n  - Ela Roe\ntags: [a, b]\n"
        "date: 2024-05-03 10:00:00 +0200\nlang: en\n---\nOne.\n",
        '+++\ntitle = "The weir"\nauthors = ["Pat Poe", "Ela Roe"]\ndate = 2024-05-03T10:00:00Z\n'
        "draft = false\n[params]\nx = 1\n+++\nOne.\n",
        "\n---\ntitle: The weir\nauthor:\n  - '[[Pat Poe]]'\n  - \"[[people/Ela Roe|Ela Roe]]\"\n"
        "published: 2024-05-03\ndate created: 2024-06-01\naliases: [Weir]\n---\nOne.\n",
    ],
    ids=["Jekyll", "Hugo", "Obsidian"],
)
def test_what_is_known_is_used_and_the_rest_is_listed(text: str) -> None:
    """Any keys, in any case."""
    draft = draft_of(text)
    assert (draft.title, draft.author) == ("The weir", "Pat Poe, Ela Roe")
    assert draft.date == datetime.date(2024, 5, 3)
    assert draft.posts == ("One.",)
    assert draft.dropped
    assert all(one.reason.startswith("front matter: ") for one in draft.dropped)
    assert all(
        text.split("\n")[one.line - 1].strip(" [").startswith(one.text.split(":")[0])
        for one in draft.dropped
    )


def test_a_web_clippers_link_is_taken() -> None:
    """Under the name that it gives it."""
    draft = draft_of(
        '---\ntitle: "A"\nsource: "https://example.org/a"\ncreated: 2024-05-03\n---\nOne.\n'
    )
    assert draft.url == "https://example.org/a"
    assert [one.text for one in draft.dropped] == ["created: 2024-05-03"]


def test_a_value_that_no_knowledge_file_can_have_is_noted() -> None:
    """Nothing is refused for it."""
    draft = draft_of("---\ntitle: A\nauthor: B\nlanguage: Cornish\n---\nOne.\n")
    assert draft.notes == (
        "front matter: language 'Cornish' is not one that a knowledge file can have",
    )


def test_what_hugo_has_under_params_is_taken() -> None:
    """It allows no other place for keys of one's own."""
    draft = draft_of("+++\ntitle = 'A'\n[params]\nauthor = 'Ida'\n+++\nOne.\n")
    assert (draft.title, draft.author, draft.dropped) == ("A", "Ida", ())


def test_an_author_that_is_given_is_not_missing() -> None:
    """Nor are other keys in the way."""
    text = b"---\ntitle: The weir\nlayout: page\n---\nOne.\n"
    imported = import_text(text, "f.md", Metadata(author="Club"))
    assert (imported.source.title, imported.source.author) == ("The weir", "Club")


def test_everything_that_cannot_be_read_is_named_with_its_own_line() -> None:
    """In plain words, all at once."""
    text = "---\ntitle: [A\nauthor: B\nlink: {x\ntitle: C\n---\nOne.\n"
    with pytest.raises(VerbatimError) as caught:
        import_text(text.encode(), "file", Metadata())
    assert [str(one) for one in caught.value.problems] == [
        "file, line 2: `title` cannot be read as YAML: put the value in quotes",
        "file, line 4: `link` cannot be read as YAML: put the value in quotes",
        "file, line 5: the key `title` is already in line 2: keep one",
    ]


def test_an_alias_bomb_is_refused() -> None:
    """Before it unfolds."""
    bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: T\n---\nOne.\n"
    with pytest.raises(VerbatimError, match="line 3"):
        import_text(bomb.encode(), "file", Metadata(author="A"))


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 3_000, "2024-99-99"])
def test_toml_that_no_program_reads_is_one_line(value: str) -> None:
    with pytest.raises(VerbatimError, match="is not TOML"):
        draft_of(f"+++\ntitle = 'A'\nweight = {value}\n+++\nWords.\n".encode(), "page.md")


def test_a_missing_author_is_named_beside_what_cannot_be_read() -> None:
    """So that nobody mends a file twice: in the folder, and when it is imported."""
    text = "---\ntitle: [A\n---\nOne.\n"
    with pytest.raises(VerbatimError) as in_folder:
        knowledge_file.parse(text, "f.md", "f")
    with pytest.raises(VerbatimError) as when_imported:
        import_text(text.encode(), "f.md", Metadata())
    broken = "f.md, line 2: `title` cannot be read as YAML: put the value in quotes"
    assert str(in_folder.value).split("\n") == [broken, "f.md, line 2: `author` is missing"]
    assert str(when_imported.value).split("\n") == [
        broken,
        "f.md: does not show who wrote it: name the author with --author",
    ]


@pytest.mark.parametrize(
    "text", ["---\n\nOne.\n\n---\n\nTwo.\n", "---\nOne.\n\nTwo.\n", "***\nOne.\n\nTwo."]
)
def test_a_rule_at_the_top_is_no_front_matter(text: str) -> None:
    """The text is read as paragraphs."""
    draft = draft_of(text)
    assert draft.format == "paragraphs"
    assert "Two." in draft.posts


def test_an_unknown_key_in_the_knowledge_folder_is_still_named() -> None:
    """There it is a slip of the pen."""
    with pytest.raises(VerbatimError, match="line 3: `layout` unknown key"):
        knowledge_file.parse("---\ntitle: A: b\nlayout: page\nauthor: x\n---\nOne.\n", "f.md", "f")
