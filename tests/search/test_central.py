"""Central passages."""

from __future__ import annotations

from bot.library.snapshots import build_snapshot
from bot.models import Post, Source
from bot.search.central import central_passages

THREAD = Source(
    "bees",
    "Bees",
    "@bees",
    tuple(
        Post(i, text)
        for i, text in enumerate(
            (
                "I was asked to write this down, so here it is at last for everybody.",
                "The bees of the valley lost their hives when the valley was flooded by the dam.",
                "Short.",
                "A postcard of a lighthouse hangs in my kitchen, and nobody knows from whom.",
                "Without hives the bees of the valley swarmed into the church above the dam.",
                "Since the flood the church has kept forty hives, and the bees of the valley feed it.",
                "My train leaves at seven tomorrow, which is far too early for any of us.",
            ),
            start=1,
        )
    ),
)


def test_what_shares_most_with_the_text_is_central() -> None:
    """In reading order; asides and short sentences are not."""
    snapshot = build_snapshot([THREAD])
    own = snapshot.ranges["bees"]
    found = central_passages(snapshot.searcher, own, 3)
    assert found
    assert set(found) <= {1, 4, 5}
    assert found == sorted(found)
    assert central_passages(snapshot.searcher, own, 0) == []
    assert found[0] not in central_passages(snapshot.searcher, own, 3, frozenset(found))


def test_only_the_text_itself_counts() -> None:
    """Not the other ones in the folder."""
    other = Source(
        "trains", "Trains", "@t", tuple(Post(i, p.text) for i, p in enumerate(THREAD.posts, 1))
    )
    snapshot = build_snapshot([other, THREAD])
    own = snapshot.ranges["bees"]
    assert set(central_passages(snapshot.searcher, own, 3)) <= set(own)


def test_sentences_that_say_the_same_are_shown_once() -> None:
    """Two wordings of one thing would waste the room."""
    again = "When the valley was flooded by the dam, the bees of the valley lost their hives."
    source = Source("bees", "Bees", "@bees", (*THREAD.posts, Post(8, again)))
    found = central_passages(build_snapshot([source]).searcher, range(8), 3)
    assert len({1, 7} & set(found)) == 1
