"""What curators have done, the newest first."""

from __future__ import annotations

from datetime import timedelta

from bot.operations.storage.database import Storage
from tests.conftest import TODAY


async def test_acts_of_some_kinds_are_listed_across_servers(storage: Storage) -> None:
    """The texts are those of all servers; other acts stay where they were done."""
    for number, (server, action) in enumerate(
        [(1, "add"), (2, "remove"), (1, "settings"), (None, "add"), (2, "add")]
    ):
        at = TODAY + timedelta(minutes=number)
        await storage.audit.record(server, 10 + number, action, f"detail {number}", at)
    found = await storage.audit.latest_of(("add", "remove"), 3)
    assert [(act.server, act.action, act.detail) for act in found] == [
        (2, "add", "detail 4"),
        (None, "add", "detail 3"),
        (2, "remove", "detail 1"),
    ]
    assert [act.action for act in await storage.audit.latest(1, 10)] == ["settings", "add"]
