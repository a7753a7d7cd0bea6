"""A button's state fits into its `custom_id` and is read back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.frontends.discord.buttons import MoreButton, decode, encode
from bot.models import Hit, Post, Source, Span
from bot.snapshots import Snapshot, build_snapshot
from tests.texts import BREAD, BRIDGE, sources


def test_hits_are_read_back_with_the_words_in_bold(snapshot: Snapshot) -> None:
    """The probability is not needed again."""
    passage = snapshot.passages[0]
    bold = Span(passage.text.index("opened"), passage.text.index(" –"))
    hits = [Hit(passage, 2.0, 0.9, bold), Hit(snapshot.passages[1], 1.0, 0.5)]
    back = decode(encode(hits), snapshot)
    assert [hit and (hit.passage, hit.bold) for hit in back] == [
        (passage, bold),
        (snapshot.passages[1], None),
    ]


def test_a_passage_that_is_gone_is_none(snapshot: Snapshot) -> None:
    """Also when only its words have changed."""
    hits = [Hit(passage, 1.0, 1.0) for passage in snapshot.passages]
    changed = replace(BRIDGE, posts=(Post(1, "Something else stands here now."),))
    back = decode(encode(hits), build_snapshot([changed, BREAD]))
    assert {hit.passage.source.id for hit in back if hit} == {BREAD.id}
    assert sum(hit is None for hit in back) == 5


@settings(max_examples=40, deadline=None)
@given(sources(), st.data())
def test_ten_hits_fit_into_a_custom_id(source: Source, data: st.DataObject) -> None:
    """Whatever is in bold, and decoding stays within the passage."""
    snapshot = build_snapshot([source])
    hits = []
    for passage in (list(snapshot.passages) * 10)[:10]:
        start = data.draw(st.integers(0, len(passage.text) - 1))
        bold = Span(start, data.draw(st.integers(start + 1, len(passage.text))))
        hits.append(Hit(passage, 1.0, 1.0, bold))
    button = MoreButton.of(hits, 100, "More")
    assert len(button.custom_id) <= 100
    for hit in decode(encode(hits), snapshot):
        assert hit is not None
        assert hit.bold is None or 0 <= hit.bold.start < hit.bold.end <= len(hit.passage.text)
