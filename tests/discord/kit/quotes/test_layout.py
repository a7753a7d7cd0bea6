"""Pages fit into messages, and what they quote is exact."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.kit import markdown
from bot.discord.kit.quotes import excerpts
from bot.discord.kit.quotes.excerpts import CUT, excerpt
from bot.discord.kit.quotes.layout import LIMIT, asked_line, attribution, quote_page
from bot.discord.kit.text_pages import Place, page_before, page_from
from bot.library.snapshots import build_snapshot
from bot.models import Marker, Passage, Post, Quote, Source, Span
from bot.texts.structure import passages_of
from bot.wording import ENGLISH as wording
from tests.discord.kit.test_markdown import shown
from tests.samples import BRIDGE, any_text, sources

LONG_TEXTS = {
    "words": "word " * 900,
    "one word": "w" * 4_500,
    "marks": "*_[" * 1_500,
    "everyone": "@everyone <@&1> " * 300,
    "arabic": "كلمة طويلة " * 400,
    "zero width": "a\u200b" * 2_200,
    "emoji": "🎉" * 2_200,
    "lines": "1. line\n" * 600,
}


def quote_of(text: str, bold: Span | None = None) -> Quote:
    source = Source("s", "T" * 200, "A" * 100, (Post(1, text),), url="https://x.org/" + "y" * 380)
    return Quote(Passage(source, source.posts[0], 1, Span(0, len(text))), bold)


def quoted(content: str) -> str:
    """Return what the block quotes of a message show."""
    lines = [line[2:] for line in content.split("\n") if line.startswith("> ")]
    return shown("\n".join(lines))


def test_a_quote_fits_though_all_above_and_below_it_must_be_escaped() -> None:
    """A question, title and author of asterisks take twice their length, and the lead stands above the quote, too."""
    posts = (Post(1, f"# {'h*' * 100}"), Post(2, "*x " * 140 + ":\n- " + "*w " * 500 + "\n- b"))
    source = Source("s", "*" * 200, "*" * 100, posts, url="https://x.y/" + "a" * 380)
    passages = build_snapshot([source]).passages
    introduced = next(one for one in passages if one.lead and len(one.text) > 200)
    heading = f"{asked_line('*' * 300, wording)}\n{wording.PROBABLY}"
    page = quote_page([Quote(introduced)], 1, wording, heading=heading)
    assert markdown.length(page.content) <= LIMIT


@pytest.mark.parametrize("name", LONG_TEXTS)
@pytest.mark.parametrize("place", ["start", "middle", "end", None])
def test_a_quote_of_any_length_fits_and_is_a_slice(name: str, place: str | None) -> None:
    """Around the part that answers, between words, and marked as an excerpt."""
    text = LONG_TEXTS[name].strip()
    at = {"start": 0, "middle": len(text) // 2, "end": len(text) - 40, None: 0}[place]
    hit = quote_of(text, None if place is None else Span(at, min(len(text), at + 40)))
    page = quote_page([hit], 3, wording, heading=wording.CLOSEST)
    assert page.count == 1
    assert markdown.length(page.content) <= LIMIT
    part = quoted(page.content).replace("**", "") if "*" not in text else quoted(page.content)
    if "*" not in text:
        assert part.strip()
        assert part in text
    assert "excerpt" in page.content
    cuts = [line for line in page.content.split("\n") if line == CUT]
    assert len(cuts) == {"start": 1, "middle": 2, "end": 1, None: 1}[place]


@given(st.text(min_size=1, max_size=4_000), st.data())
def test_an_excerpt_holds_what_matters_and_is_cut_where_it_does_no_harm(
    text: str, data: st.DataObject
) -> None:
    """Whatever the text is: never between a letter and its marks, nor outside the room."""
    start = data.draw(st.integers(0, len(text) - 1))
    focus = Span(start, data.draw(st.integers(start + 1, min(len(text), start + 100))))
    part = excerpt(text, focus, 600)
    assert 0 <= part.start <= start < part.end <= len(text)
    assert markdown.length(excerpts.quoted(text, part, focus)) <= 600
    assert part.end >= focus.end


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("uno dos tres cuatro, " * 100, ","),
        ("e\u0301" * 2_000, "\u0301"),
        ("👩‍🌾" * 900, "🌾"),
        ("🇩🇪" * 900, "🇪"),
        ("水和面包，" * 500, "，"),
    ],
)
def test_an_excerpt_ends_at_a_pause_and_never_inside_a_sign(text: str, cut: str) -> None:
    """A comma, the accent of a letter, the last part of an emoji."""
    part = excerpt(text, Span(1_000, 1_001), 700)
    shown = text[part.start : part.end]
    assert 150 < len(shown) < 700
    assert shown.endswith(cut)
    assert text[: part.start].rstrip().endswith(cut)


@pytest.mark.parametrize("room", [-300, 0, 5])
def test_an_excerpt_without_room_is_empty(room: int) -> None:
    """Cutting ends, whatever stands around a quote."""
    assert excerpt("Some words of a text.", None, room) == Span(0, 0)


def test_a_page_fits_however_long_all_is_that_stands_around_the_quote() -> None:
    """Author and link of a message, and a link that grows as its parentheses are encoded."""
    link = f"https://example.org/{'(' * 380}"
    message = Marker(1, "message", "2" * 400, author="A" * 400, url=link)
    post = Post(1, "Some words of a text. " * 90)
    source = Source("s", "T" * 200, "A" * 100, (post,), url=link, markers=(message,))
    headings = ("H" * 200,)
    passage = Passage(source, post, 1, Span(0, len(post.text)), headings=headings)
    for shown_on in (quote_page([Quote(passage)], 1, wording, heading=asked_line("w " * 150, wording)),
                     page_from(source, Place(1), wording)):  # fmt: skip
        assert markdown.length(shown_on.content) <= LIMIT
        assert quoted(shown_on.content) in post.text


def test_two_quotes_too_long_stand_on_one_page() -> None:
    """Each in part; one that fits on a page of its own is never cut."""
    posts = (Post(1, ("word " * 900).strip()), Post(2, ("word " * 250).strip()))
    source = Source("s", "T", "A", posts)
    long, whole = (Quote(Passage(source, p, 1, Span(0, len(p.text)))) for p in posts)
    assert quote_page([long, long], 3, wording).count == 2
    assert quote_page([long, whole], 3, wording).count == 1


def test_a_page_that_ends_within_a_post_shows_that_it_goes_on() -> None:
    """And the next one that it has begun before."""
    source = Source("s", "T", "A", (Post(1, "word " * 900), Post(2, "Last.")))
    first = page_from(source, Place(1), wording)
    assert [line == CUT for line in first.content.split("\n")] == [False, False, True, False]
    assert first.next is not None
    assert page_from(source, first.next, wording).content.split("\n")[1] == CUT


@given(
    st.lists(any_text.filter(lambda t: bool(t.strip())), min_size=1, max_size=12), st.integers(1, 5)
)
def test_a_page_holds_as_many_quotes_as_fit(some: list[str], most: int) -> None:
    """At least one, at most as many as are wanted, within the limit."""
    page = quote_page([quote_of(text) for text in some], most, wording, numbered=True)
    assert 1 <= page.count <= most
    assert markdown.length(page.content) <= LIMIT


def test_every_quote_carries_author_title_place_and_link() -> None:
    """And no link where the source has none."""
    passage = passages_of(BRIDGE)[0]
    line = attribution(passage, wording)
    assert line.startswith("@BridgeNotes, [“The bridge over the Tamar”](<https://example.org/")
    assert line.endswith("post 1 of 3")
    plain = Source("s", "T", "A", BRIDGE.posts)
    assert attribution(passages_of(plain)[0], wording) == "A, “T”, post 1 of 3"


def test_several_quotes_are_numbered_on_from_those_before() -> None:
    """So that people can speak of number 4."""
    hits = [Quote(passage) for passage in passages_of(BRIDGE)]
    content = quote_page(hits, 2, wording, first=4).content
    assert "-# 4. @BridgeNotes" in content
    assert "-# 5. @BridgeNotes" in content


def test_what_was_asked_is_small_print_and_no_quote() -> None:
    """On one line, escaped, and cut when it is long."""
    line = asked_line("why\n> did *they*?" + "x" * 900, wording)
    assert re.match(r"-# Asked: why \\?> did \\\*they\\\*\?", line)
    assert "\n" not in line
    assert len(line) < 500


def pages_of(source: Source) -> list[str]:
    contents, starts = [], []
    place: Place | None = Place(1)
    while place is not None:
        page = page_from(source, place, wording)
        assert markdown.length(page.content) <= LIMIT
        assert page.next is None or page.next > place
        contents.append(page.content)
        starts.append(page.start)
        place = page.next
    for start in starts[1:]:
        back = page_before(source, start, wording)
        assert back.start < start
        assert back.next is None or back.next >= start or back.start.post == start.post
    return contents


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_text_of_any_length_can_be_read_through(name: str) -> None:
    """Nothing but white space is left out between the pages."""
    text = LONG_TEXTS[name].strip()
    source = Source("s", "T", "A", (Post(1, "First."), Post(2, text), Post(3, "Last.")))
    read = "".join(quoted(content) for content in pages_of(source))
    assert re.sub(r"\s", "", read) == re.sub(r"\s", "", f"First.{text}Last.")


@settings(max_examples=50)
@given(sources())
def test_every_text_can_be_read_through(source: Source) -> None:
    """Whatever stands in it."""
    read = "".join(quoted(content) for content in pages_of(source))
    whole = "".join(post.text for post in source.posts)
    if "http" not in whole:
        assert re.sub(r"\s", "", read) == re.sub(r"\s", "", whole)


def test_turning_back_leads_to_the_page_before() -> None:
    """And at the beginning stays there."""
    source = Source("s", "T", "A", tuple(Post(i, f"{i} " + "x" * 700) for i in range(1, 9)))
    first = page_from(source, Place(1), wording)
    assert first.next == Place(3)
    second = page_from(source, Place(3), wording)
    assert page_before(source, Place(3), wording) == first
    assert second.next is not None
    assert page_before(source, second.next, wording) == second
    assert page_before(source, Place(1), wording).start == Place(1)


def test_no_backslash_of_an_importer_is_shown() -> None:
    """It keeps a line from being a heading; in code, and inside a line, a backslash is the author's."""
    text = "\\# of boats: 30.\n\\| a bar\n```\n\\# code\n```\n  and \\# here"
    source = Source("s", "T", "A", (Post(1, text),))
    page = page_from(source, Place(1), wording)
    assert quoted(page.content) == text.replace("\\# of", "# of").replace("\\| a", "| a")


@pytest.mark.parametrize("bold", ["boats", "# of", "a bar", "30.\n\\| a"])
def test_what_is_bold_stays_so_behind_a_backslash_that_is_not_shown(bold: str) -> None:
    """Before, behind and around it."""
    text = "\\# of boats: 30.\n\\| a bar"
    start = text.index(bold)
    block = excerpts.block_quote(text, Span(0, len(text)), Span(start, start + len(bold)))
    marked = re.findall(r"\*\*(.*?)\*\*", block)
    assert shown("\n".join(marked)) == bold.replace("\\|", "|")
