"""Posts that carry their numbers, and numbers that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.texts.formats.samples import draft_of, reasons


@pytest.mark.parametrize(
    "text",
    [
        "A quorum is half of the members.\n\n2/3 of the votes change a rule.\n\n1/3 of them calls a meeting.",
        "Sift the flour.\n1/2 cup of milk\n3/4 cup of sugar\n1/2 an egg",
        "1/4 of the crew were ill.\n2/4 of it went home.",
        "7/8 of it is water.\n1/8 is salt.\n3/8 is lost.",
        "Take\n3/ and\n4/ and mix",
    ],
)
def test_fractions_are_no_numbers_of_posts(text: str) -> None:
    """The order stays, and nothing is dropped: they do not begin at 1 and run on to their total."""
    draft = draft_of(text)
    assert draft.format == "paragraphs"
    assert draft.dropped == ()


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("1/14 One\n2/14 Two\n3/14 Three", ("One", "Two", "Three")),
        ("1/2 One\n\n2/2 Two", ("One", "Two")),
        ("One\n2/3 Two\n3/3 Three", ("One", "Two", "Three")),
        ("1/ One\n\nmore\n\n2/ Two\n\nmore", ("One\nmore", "Two\nmore")),
    ],
)
def test_a_series_that_runs_on_is_a_thread(text: str, posts: tuple[str, ...]) -> None:
    """Also the beginning of a long one, one whose first post has no number, and posts of paragraphs."""
    assert draft_of(text, format_name="auto").posts == posts


def test_the_reply_of_another_member_after_the_last_post_is_cut_off() -> None:
    """And reported, line by line."""
    draft = draft_of(
        "1/ The weir leaks.\n\n2/ It is old.\n\nEla Roe @elaroe · Jun 3\n\nWhat a waste.\n"
    )
    assert draft.posts == ("The weir leaks.", "It is old.")
    assert reasons(draft)["a post of another member, @elaroe"] == 2


def test_the_lines_that_name_the_author_are_left_out() -> None:
    """As a copied page has them above each post, on one line or on several; the handle is the author."""
    text = (
        "Pat Poe\n@patpoe\n·\nJun 2\n1/ The weir leaks.\n\nPat Poe @patpoe · Jun 2\n2/ It is old.\n\n"
        "Ela Roe\n@elaroe\n·\n3h\nWhat a waste.\n\nPat Poe\n@patpoe\n· Jun 4\n3/ It is not.\n"
    )
    draft = draft_of(text)
    assert draft.posts == ("The weir leaks.", "It is old.", "It is not.")
    assert draft.author == "@patpoe"
    assert reasons(draft)["a post of another member, @elaroe"] == 5


def test_what_follows_the_last_number_is_a_post_of_its_own_and_said_so() -> None:
    """Nobody knows whose it is."""
    draft = draft_of("1/ The weir leaks.\n\n2/ It is old.\n\nI think so too.\n")
    assert draft.posts == ("The weir leaks.", "It is old.", "I think so too.")
    assert any("from line 5 on" in note for note in draft.notes)


def test_a_mention_with_a_dot_inside_a_post_stays() -> None:
    """Only a line that has the form of a member's name and a date is one."""
    text = "1/ Ask\n@patpoe about it · now or later, whenever it is that you would like to\n2/ Done"
    assert draft_of(text).posts[0].startswith("Ask\n@patpoe about it")


words = st.text("abcdefgh é’", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(
    st.lists(words, min_size=2, max_size=9),
    st.sampled_from(["{}/ {}", "{}/{n} {}", "({}/{n}) {}", "{1} {0}/{n}"]),
)
def test_the_authors_words_come_out_in_order(posts: list[str], style: str) -> None:
    """And nothing else does."""
    lines = [style.format(i, post, n=len(posts)) for i, post in enumerate(posts, 1)]
    assert list(draft_of("\n".join(lines)).posts) == posts
