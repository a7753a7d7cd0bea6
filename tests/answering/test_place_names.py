"""The names of places in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.place_names import (
    LONGEST,
    bracketed_places,
    may_name_place,
    read_place,
)
from bot.answering.place_ranges import MIDDLE, PlaceName
from bot.answering.place_tokens import plain_digits
from bot.models import PlaceKind
from tests.samples import any_text

POST, SECTION, PAGE, TIME, DATE, _ = PlaceKind


def first(message: str) -> PlaceName:
    """The likeliest reading."""
    return next(read_place(message))


@pytest.mark.parametrize(
    ("message", "kind", "start", "end"),
    [
        ("post 4", POST, 4, 4),
        ("posts 3-5", POST, 3, 5),
        ("3–5", POST, 3, 5),
        ("posts 3 to 5, please", POST, 3, 5),
        ("tweet #4", POST, 4, 4),
        ("Paragraph no. 12", POST, 12, 12),
        ("post four", POST, 4, 4),
        ("the 4th post", POST, 4, 4),
        ("third paragraph", POST, 3, 3),
        ("the last post", POST, -1, -1),
        ("last 3 posts", POST, -3, -1),
        ("posts 3 and 4", POST, 3, 4),
        ("what does post 4 say?", POST, 4, 4),
        ("parte 4 de 7", POST, 4, 4),
        ("la última publicación", POST, -1, -1),
        ("¿qué dice el párrafo 4?", POST, 4, 4),
        ("المنشور ٤ من ٧", POST, 4, 4),
        ("المنشورات ٣ إلى ٥", POST, 3, 5),
        ("المنشور الأخير", POST, -1, -1),
        ("post ४", POST, 4, 4),
        ("p. 12", PAGE, "12", "12"),
        ("pp. 12—14", PAGE, "12", "14"),
        ("page xii", PAGE, "xii", "xii"),
        ("página 3", PAGE, "3", "3"),
        ("last two posts", POST, -2, -1),
        ("the first three posts", POST, 1, 3),
        ("the penultimate post", POST, -2, -2),
        ("second to last post", POST, -2, -2),
        ("posts 2 and 5", POST, 2, 5),
        ("from post 2 to post 4", POST, 2, 4),
        ("between posts 2 and 4", POST, 2, 4),
        ("posts 5 onwards", POST, 5, -1),
        ("no. 4", POST, 4, 4),
        ("show me the whole thread", POST, 1, -1),
        ("المنشورات من ٣ إلى ٥", POST, 3, 5),
        ("the last page", PAGE, -1, -1),
        ("between 1:15 and 2:00", TIME, "1:15", "2:00"),
        ("what happens at 1:15?", TIME, "1:15", "1:15"),
        ("1h02m03s", TIME, "01:02:03", "01:02:03"),
        ("ch. 2", SECTION, "2", "2"),
        ("chapter two", SECTION, "2", "2"),
        ("the second chapter", SECTION, 2, 2),
        ("chapter IV", SECTION, "4", "4"),
        ("the last section", SECTION, -1, -1),
        ("post IV", POST, 4, 4),
        ("the middle post", POST, MIDDLE, MIDDLE),
        ("75s", TIME, "01:15", "01:15"),
        ("90 seconds", TIME, "01:30", "01:30"),
        ("the refunds section", SECTION, "refunds", "refunds"),
        ("12:40", TIME, "12:40", "12:40"),
        ("at 1:12:40", TIME, "1:12:40", "1:12:40"),
        ("12:40-15:00", TIME, "12:40", "15:00"),
        ("minute 12", TIME, "12:00", "12:00"),
        ("2024-05-03", DATE, "2024-05-03", "2024-05-03"),
        ("section Refunds", SECTION, "Refunds", "Refunds"),
        ("§ 3.2", SECTION, "3.2", "3.2"),
        ("what's in section Late fees?", SECTION, "Late fees", "Late fees"),
    ],
)
def test_places_are_read_in_every_notation(
    message: str, kind: PlaceKind, start: int | str, end: int | str
) -> None:
    """Dashes and digits of any script, numbers in words, and the words of three languages."""
    found = first(message)
    assert (found.kind, found.first, found.last) == (kind, start, end)


@pytest.mark.parametrize(
    ("message", "ranges"),
    [
        ("posts 2 and 5", ((2, 2), (5, 5))),
        ("posts 2-3 and 5", ((2, 3), (5, 5))),
        ("posts 1, 3, and 7 please", ((1, 1), (3, 3), (7, 7))),
        ("post 5 and post 2", ((2, 2), (5, 5))),
        ("publicaciones 2 y 5", ((2, 2), (5, 5))),
        ("المنشورات ٢ و٥", ((2, 2), (5, 5))),
        ("posts 2 to 5", ()),
        ("between posts 2 and 5", ()),
        ("posts 3 and 4", ()),
    ],
)
def test_several_posts_are_no_range(message: str, ranges: tuple[tuple[int, int], ...]) -> None:
    """Unless they are said to be."""
    assert first(message).ranges == ranges


@pytest.mark.parametrize(
    ("message", "title", "author", "total"),
    [
        ("4/7", "", "", 7),
        ("post 4 of 7", "", "", 7),
        ("@RamzyMardini 5", "", "@ramzymardini", None),
        ('"Title" 4', "Title", "", None),
        ("«Title», post 4", "Title", "", None),
        ("post 4 of the long title", "long title", "", None),
        ("post 4 of the thread", "", "", None),
        ("Ana Baker, “Title”, post 5 of 7", "Title", "Ana Baker", 7),
    ],
)
def test_the_text_is_named_before_or_after(
    message: str, title: str, author: str, total: int | None
) -> None:
    """As in the line under a quote."""
    found = first(message)
    assert (found.title, found.author, found.total) == (title, author, total)


def test_an_item_of_a_section_can_be_named() -> None:
    """By its number, as the line under a quote does."""
    for message in ("section *Fees*, item 3", "item 3 of Fees"):
        found = first(message)
        assert (found.first, found.item) == ("Fees", 3)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "what happened in 2004",
        "why did 3 of 5 members leave?",
        "what is 4?",
        "how many posts are there",
        "who wrote the last post about bread",
        "open 24/7 on 3 days",
        "meet at 12:40 tomorrow",
        "posts",
        "post",
        "all this",
        "@Ana and @Ben 4",
        "post 4 " * LONGEST,
    ],
)
def test_a_question_with_numbers_is_no_place(message: str) -> None:
    """All of a message must be the name."""
    assert not may_name_place(message)


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("see [4]", [("", 4)]),
        ("see [Title 4], and [posts 2–3]!", [("Title", 4), ("", 2)]),
        ("arr[4], [4](https://example.org), a source.[1] and [[4]]", []),
        ("[no place]", []),
    ],
)
def test_places_in_brackets_are_found_inside_a_message(
    message: str, names: list[tuple[str, int]]
) -> None:
    """But not links, footnotes and code."""
    assert [(found.title, found.first) for found in bracketed_places(message)] == names


def test_digits_of_any_script_are_plain() -> None:
    """And so are dashes."""
    assert plain_digits("٣—٥ ४") == "3-5 4"


@given(st.one_of(any_text, any_text.map(lambda text: f"post {text[:50]} 4")))
def test_any_message_can_be_read(message: str) -> None:
    """Nothing fails, and every reading has two ends."""
    for found in (*read_place(message), *bracketed_places(message)):
        assert type(found.first) is type(found.last)
