"""For a few questions everything that ranking computes is what it was, number by number."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.search.golden import NAMES, differences, golden, never_used, now


def test_every_number_is_what_it_was() -> None:
    """A change that is meant to change one runs `make golden`, and shows in its difference."""
    found = list(differences(now(), golden()))
    assert not found, "\n".join([*found[:40], "if this is meant: `make golden`"])


def test_every_feature_is_seen_in_some_row() -> None:
    """So that one which is always 0 cannot go unseen."""
    assert never_used(golden()) == {}


def test_a_difference_is_named_by_its_feature() -> None:
    """One that has gone, or came out as 0, as well as one that is new."""
    expected = golden()
    question = next(iter(expected))
    found = deepcopy(expected)
    features = found[question]["candidate 1"]["features"]
    features["bm25"] += 0.01
    del features["near"]
    features["invented"] = 0.5
    where = f"{question} → candidate 1 → features"
    was = expected[question]["candidate 1"]["features"]
    assert list(differences(found, expected)) == [
        f"{where} → bm25: {features['bm25']:.4f}, expected {was['bm25']:.4f}",
        f"{where} → near: 0.0000, expected {was['near']:.4f}",
        f"{where} → invented: 0.5000, expected 0.0000",
    ]


@pytest.mark.parametrize("part", NAMES)
def test_a_feature_that_becomes_zero_is_a_difference(part: str) -> None:
    """Whichever of them it is."""
    expected = golden()
    for name in NAMES[part]:
        found = deepcopy(expected)
        for question in found.values():
            for row in (question, *(one for one in question.values() if isinstance(one, dict))):
                if isinstance(row.get(part), dict):
                    row[part].pop(name, None)
        assert list(differences(found, expected)), name
