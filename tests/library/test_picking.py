"""Passages picked at random, or in reading order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.library.picking import Pick, at_random, in_order, quotable, worth_picking
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Role, Source
from bot.storage.daily import ReadingPlace
from bot.texts.folder import read_folder
from tests.samples import BREAD, BRIDGE

GUIDE = Source(
    "guide",
    "Guide",
    "Office",
    (
        Post(1, "# Opening hours"),
        Post(2, "Bring the following:\n\n- a library card of your own\n- coins for the locker"),
        Post(3, "Yes. We are closed on public holidays."),
    ),
)


def place(snapshot: Snapshot, number: int) -> ReadingPlace:
    passage = snapshot.passages[number]
    return ReadingPlace(passage.source.id, passage.post.number, passage.span.start)


def texts_in_order(snapshot: Snapshot, last: ReadingPlace | None, count: int) -> list[str]:
    found = []
    for _ in range(count):
        pick = in_order(snapshot, None, last)
        assert pick is not None
        found.append(snapshot.passages[pick.number].text)
        last = place(snapshot, pick.number)
    return found


def test_in_order_every_quotable_passage_comes_once_and_then_again() -> None:
    """No heading and no lead-in, across texts, from the beginning after the end."""
    snapshot = build_snapshot([BREAD, GUIDE])
    answers = [p.text for p in snapshot.passages if p.role is Role.ANSWER]
    assert "# Opening hours" not in answers
    assert texts_in_order(snapshot, None, len(answers) + 1) == [*answers, answers[0]]


def test_in_order_goes_on_after_a_reload() -> None:
    """Where passages were added, changed or removed, or the text is gone."""
    old = build_snapshot([BRIDGE, GUIDE, BREAD])
    at = place(old, old.ranges["bridge"][1])
    longer = replace(BRIDGE, posts=(*BRIDGE.posts[:1], Post(2, "Rewritten."), *BRIDGE.posts[2:]))
    assert texts_in_order(build_snapshot([longer, GUIDE, BREAD]), at, 1) == [
        "The toll for carts was never raised."
    ]
    shorter = replace(BRIDGE, posts=BRIDGE.posts[:1])
    for sources in ([shorter, GUIDE, BREAD], [GUIDE, BREAD]):
        assert texts_in_order(build_snapshot(sources), at, 1) == ["a library card of your own"]


@pytest.mark.parametrize(
    ("gone", "following"), [("b/x", "c/x"), ("c/x", "m-b"), ("m", "z"), ("m-b", "m"), ("z", "a/x")]
)
def test_in_order_goes_on_with_the_next_file_where_a_text_is_gone(
    tmp_path: Path, gone: str, following: str
) -> None:
    """In the order of the folder, which is not that of the ids: files come before folders, and `m-b.md` before `m.md`."""
    for name in ("z", "a/x", "b/x", "c/x", "m", "m-b"):
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: {name}\nauthor: Ann\n---\nThe only words of {name}.\n")
    left = [source for source in read_folder(tmp_path).sources if source.id != gone]
    snapshot = build_snapshot(left)
    pick = in_order(snapshot, None, ReadingPlace(gone, 1, 0))
    assert pick is not None
    assert snapshot.passages[pick.number].source.id == following


def test_at_random_nothing_comes_twice_until_all_were_shown() -> None:
    """Passages too short to say anything alone are left out."""
    snapshot = build_snapshot([BRIDGE, GUIDE])
    shown: list[int] = []
    count = 0
    while True:
        pick = at_random(snapshot, None, shown, f"day {count}")
        assert pick is not None
        if pick.new_round:
            break
        shown.append(snapshot.passages[pick.number].key)
        count += 1
    assert len({*shown}) == count
    texts = {p.text for p in snapshot.passages if p.key in shown}
    long = {p.text for p in snapshot.passages if p.role is Role.ANSWER and len(p.text) >= 20}
    assert texts == long
    assert "Yes." not in texts


def test_a_new_round_does_not_begin_with_what_came_last() -> None:
    """Unless there is nothing else."""
    snapshot = build_snapshot([BREAD])
    numbers = worth_picking(snapshot).tolist()
    shown = [snapshot.passages[number].key for number in numbers]
    for number in numbers:
        last = place(snapshot, number)
        picks = [at_random(snapshot, None, shown, f"day {day}", last) for day in range(30)]
        assert {pick.number for pick in picks if pick} == {*numbers} - {number}
        assert all(pick and pick.new_round for pick in picks)
    only = build_snapshot([replace(BREAD, posts=(Post(1, "Flour and water are enough."),))])
    key, last = only.passages[0].key, place(only, 0)
    assert at_random(only, None, [key], "x", last) == Pick(0, new_round=True)


def test_the_same_seed_picks_the_same_passage_and_others_differ() -> None:
    """So that an attempt that is repeated shows nothing else."""
    snapshot = build_snapshot([BRIDGE, BREAD, GUIDE])
    picks = [at_random(snapshot, None, (), f"day {day % 20}") for day in range(40)]
    assert picks[:20] == picks[20:]
    assert len({pick.number for pick in picks if pick}) > 4


def test_only_the_texts_that_are_asked_for_are_picked_from() -> None:
    """None of them: nothing."""
    snapshot = build_snapshot([BRIDGE, BREAD])
    assert {snapshot.passages[int(n)].source.id for n in quotable(snapshot, {"bridge"})} == {
        "bridge"
    }
    assert at_random(snapshot, {"gone"}, (), "x") is None
    assert in_order(snapshot, {"gone"}, None) is None
    assert in_order(snapshot, {"bridge"}, None) == Pick(snapshot.ranges["bridge"][0])
