"""Faults of `benchmarks.faults` that take little time: no answer lost, none doubled, one line that says so."""

from __future__ import annotations

import pytest

from benchmarks.scenarios import SCENARIOS
from benchmarks.scenarios.verdict import play


@pytest.fixture(autouse=True)
def nothing_is_slow() -> None:
    """Let the bot acknowledge slow work as it does in production."""


@pytest.mark.parametrize("name", [name for name, one in SCENARIOS.items() if one.quick])
async def test_a_fault_costs_no_answer(name: str) -> None:
    """Nor sends one twice, leaves a traceback, corrupts the database or goes unsaid."""
    verdict = await play(SCENARIOS[name])
    assert verdict.problems == []
