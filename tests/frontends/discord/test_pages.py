"""An answer's pages lead through all its quotes, forth and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.frontends.discord import markdown
from bot.frontends.discord.messages import LIMIT, asked
from bot.frontends.discord.packing import Given, Kind, Mark
from bot.frontends.discord.pages import Above, page, page_of
from bot.frontends.texts import ENGLISH as texts
from bot.models import Hit, Source
from bot.snapshots import Snapshot, build_snapshot
from tests.texts import sources


@settings(max_examples=60)
@given(sources(), st.integers(1, 5), st.integers(1, 5), st.data())
def test_every_quote_that_is_there_is_shown_once(
    source: Source, most: int, shown: int, data: st.DataObject
) -> None:
    """Whatever has gone meanwhile; and the way back is the way there."""
    snapshot = build_snapshot([source])
    hits = [Hit(passage, 1.0, 1.0) for passage in snapshot.passages][:10]
    whole = Given.of(Kind.ANSWERED, hits, shown, 1)
    left = [hit if data.draw(st.booleans()) else None for hit in hits]
    alive = [i for i, hit in enumerate(left) if hit is not None]
    seen: list[Mark] = []
    at: int | None = None
    if alive:
        at = 0 if alive[0] < shown else alive[0]
    before: list[int] = []
    while at is not None:
        here = page_of(whole, left, at, most, texts)
        assert here is not None
        assert markdown.length(here.content) <= LIMIT
        assert 1 <= len(here.marks) <= most
        assert here.previous == (before[-1] if before else None)
        seen.extend(here.marks)
        assert here.left == len(alive) - len(seen)
        before.append(at)
        at = here.next
    assert seen == [whole.marks[i] for i in alive]


def test_what_is_gone_altogether_is_no_page(snapshot: Snapshot) -> None:
    """And a part that is gone is mentioned."""
    hits = [Hit(passage, 1.0, 1.0) for passage in snapshot.passages]
    whole = Given.of(Kind.ANSWERED, hits, 3, 1)
    assert page(whole, build_snapshot([]), 0, 3, texts) is None
    part = page_of(whole, [None, *hits[1:]], 0, 3, texts)
    assert part is not None
    assert part.content.startswith(f"{texts.SOME_GONE}\n> ")


@pytest.mark.parametrize("kind", Kind)
def test_the_lines_above_stay_when_a_page_is_turned(snapshot: Snapshot, kind: Kind) -> None:
    """Read back from the message itself."""
    hits = [Hit(passage, 1.0, 1.0) for passage in snapshot.passages]
    above = Above(asked("**why?**", texts), texts.quoted_in(["ar"]))
    first = page(Given.of(kind, hits, 1, 1), snapshot, 0, 1, texts, above)
    assert first is not None
    assert Above.of(first.content) == above
    shared = above.shared_by("a_b", texts)
    again = page(Given.of(kind, hits, 1, 1), snapshot, 1, 1, texts, shared)
    assert again is not None
    assert again.content.startswith(r"-# Shared by a\_b. Asked: \*\*why?\*\*")
    assert Above.of(again.content) == shared


def test_a_quote_cannot_pass_for_a_line_above(snapshot: Snapshot) -> None:
    """Quotes and attributions are marked as such."""
    hit = Hit(snapshot.passages[0], 1.0, 1.0)
    first = page(Given.of(Kind.QUOTED, [hit], 1, 1), snapshot, 0, 1, texts)
    assert first is not None
    assert Above.of(first.content) == Above()
