"""Everything that people can do with the bot is answered, once and in time, by what Discord takes."""

from __future__ import annotations

import pytest

from benchmarks.walk.tour import STUMBLES, stumbles, tour


@pytest.fixture(autouse=True)
def nothing_is_slow() -> None:
    """Let the bot acknowledge slow work as it does in production."""


async def test_everything_is_answered() -> None:
    """Every command, suggestion, button, menu and form; a stranger sees nothing that is not offered to them."""
    people = ["curator in a channel", "member in a direct message", "stranger in a channel"]
    result = await tour(only=people)
    assert [walk.walker.name for walk in result.walks] == [
        "member in a direct message", "stranger in a channel", "curator in a channel",
    ]  # fmt: skip
    assert result.problems == []


@pytest.mark.parametrize("name", ["503 once", "expired"])
async def test_everything_survives_a_failed_response(name: str) -> None:
    """It is answered all the same where Discord takes an answer, and leaves no traceback."""
    result = await stumbles({name: STUMBLES[name]})
    assert result.problems == []
