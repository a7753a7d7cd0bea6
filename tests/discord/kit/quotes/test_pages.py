"""An answer's pages lead through all its quotes, forth and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.kit import markdown
from bot.discord.kit.quotes.encoding import FirstLine, Heading, QuoteList, QuoteRef
from bot.discord.kit.quotes.layout import LIMIT, asked_line
from bot.discord.kit.quotes.pages import first_line_of, page, page_of, shared_by
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Quote, Source
from bot.wording import ENGLISH as wording
from bot.wording.catalogue import wording_in
from tests.samples import BREAD, sources


@settings(max_examples=60)
@given(sources(), st.integers(1, 5), st.integers(1, 5), st.data())
def test_every_quote_that_is_there_is_shown_once(
    source: Source, most: int, shown: int, data: st.DataObject
) -> None:
    """Whatever has gone meanwhile; and the way back is the way there."""
    snapshot = build_snapshot([source])
    hits = [Quote(passage) for passage in snapshot.passages][:10]
    whole = QuoteList.of(Heading.ANSWERED, hits, shown, 1)
    left = [quote if data.draw(st.booleans()) else None for quote in hits]
    alive = [i for i, quote in enumerate(left) if quote is not None]
    seen: list[QuoteRef] = []
    at: int | None = None
    if alive:
        at = 0 if alive[0] < shown else alive[0]
    before: list[int] = []
    while at is not None:
        here = page_of(whole, left, at, most, wording)
        assert here is not None
        assert markdown.length(here.content) <= LIMIT
        assert 1 <= len(here.refs) <= most
        assert here.previous == (before[-1] if before else None)
        seen.extend(here.refs)
        assert here.left == len(alive) - len(seen)
        before.append(at)
        at = here.next
    assert seen == [whole.refs[i] for i in alive]


def test_what_is_gone_altogether_is_no_page(snapshot: Snapshot) -> None:
    """And a part that is gone is mentioned."""
    hits = [Quote(passage) for passage in snapshot.passages]
    whole = QuoteList.of(Heading.ANSWERED, hits, 3, 1)
    assert page(whole, build_snapshot([]), 0, 3, wording) is None
    part = page_of(whole, [None, *hits[1:]], 0, 3, wording)
    assert part is not None
    assert part.content.startswith(f"{wording.SOME_GONE}\n> ")


@pytest.mark.parametrize("kind", Heading)
def test_the_first_line_stays_whatever_it_says_when_a_page_is_turned(
    snapshot: Snapshot, kind: Heading
) -> None:
    """The button knows that there is one: the line is copied, and not read, be it translated again."""
    hits = [Quote(passage) for passage in snapshot.passages]
    whole = QuoteList.of(kind, hits, 1, 1, FirstLine.ASKED)
    line = asked_line("**why?**", wording).replace(wording.ASKED, "Wondered:")
    first = page(whole, snapshot, 0, 1, wording, line)
    assert first is not None
    assert first_line_of(whole.first_line, first.content) == line
    assert shared_by("a_b", whole.first_line, line, wording) == (
        r"-# Shared by a\_b. Wondered: \*\*why?\*\*"
    )
    again = page(replace(whole, first_line=FirstLine.SHARED), snapshot, 1, 1, wording, line)
    assert again is not None
    assert again.content.startswith(f"{line}\n{wording.FURTHER}\n> ")
    assert shared_by("c", FirstLine.SHARED, line, wording) == "-# Shared by c"


def test_a_quote_cannot_pass_for_a_first_line(snapshot: Snapshot) -> None:
    """Not even under a button that is too old to know: quotes and headings are no small print."""
    quote = Quote(snapshot.passages[0])
    for kind in Heading:
        first = page(QuoteList.of(kind, [quote], 1, 1), snapshot, 0, 1, wording)
        assert first is not None
        for known in (FirstLine.NONE, FirstLine.UNKNOWN):
            assert first_line_of(known, first.content) == ""
    assert first_line_of(FirstLine.UNKNOWN, "-# Asked: why?\n> q") == "-# Asked: why?"


def test_each_page_says_which_language_its_quotes_are_in() -> None:
    """In the reader's words; but for the question's own language, which the button knows."""
    tongues = ("en", "ar", "es", "ar-EG")
    sources = [replace(BREAD, id=tag, language=tag, title=tag) for tag in tongues]
    snapshot = build_snapshot(sources)
    firsts = [snapshot.passages[snapshot.ranges[tag].start] for tag in tongues]
    hits = [Quote(passage) for passage in firsts]
    whole = QuoteList.of(Heading.ANSWERED, hits, 1, 1, language="es")
    back, _ = QuoteList.decode(whole.encode(1))
    spanish = wording_in("es")
    said = [page(back, snapshot, at, 1, spanish) for at in range(4)]
    assert [one and one.content.count(spanish.QUOTED_IN) for one in said] == [1, 1, 0, 1]
    assert said[1] is not None
    assert spanish.quoted_in(["ar"]) in said[1].content
