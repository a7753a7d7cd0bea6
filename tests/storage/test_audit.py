"""What curators did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bot.storage.audit import LONGEST_DETAIL, AuditEntry, AuditLog
from bot.storage.database import Storage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_entries_come_back_newest_first_and_by_server(storage: Storage) -> None:
    """Entries of the same moment in the order of insertion."""
    acts = [
        AuditEntry(1, 2**63 - 1, "set", "language: ar", NOON),
        AuditEntry(1, 8, "reload", "", NOON),
        AuditEntry(1, 8, "set", "private", NOON - timedelta(hours=1)),
        AuditEntry(2, 9, "set", "private", NOON),
        AuditEntry(None, 9, "reload", "", NOON),
    ]
    for act in acts:
        await storage.audit.record(act.server, act.member_id, act.action, act.detail, act.at)
    assert [acts[1], acts[0], acts[2]] == await storage.audit.latest(1, 9)
    assert [acts[1]] == await storage.audit.latest(1, 1)
    assert [acts[4]] == await storage.audit.latest(None, 9)


async def test_the_newest_entries_are_kept(storage: Storage) -> None:
    """As many as the settings say, of all servers together; a detail is cut."""
    kept = AuditLog(storage.audit._connections, most=3)
    for number in range(5):
        await kept.record(number % 2, 8, "set", f"{number}", NOON)
    found = [*await kept.latest(0, 9), *await kept.latest(1, 9)]
    assert sorted(entry.detail for entry in found) == ["2", "3", "4"]
    await kept.record(1, 8, "reload", "x" * 10_000, NOON)
    (entry,) = await kept.latest(1, 1)
    assert len(entry.detail) == LONGEST_DETAIL


async def test_times_are_stored_in_utc(storage: Storage) -> None:
    """Whatever their time zone."""
    there = timezone(timedelta(hours=-7))
    await storage.audit.record(1, 8, "set", "", NOON.astimezone(there))
    (act,) = await storage.audit.latest(1, 1)
    assert (act.at, act.at.tzinfo) == (NOON, UTC)


async def test_any_text_can_be_stored(storage: Storage) -> None:
    """Characters that databases refuse are replaced."""
    await storage.audit.record(1, 8, "set", "é 🏳️‍🌈 \0 \ud83d '; --", NOON)
    (act,) = await storage.audit.latest(1, 1)
    assert act.detail == "é 🏳️‍🌈 \N{REPLACEMENT CHARACTER} ? '; --"


async def test_entries_are_listed_by_action_across_servers(storage: Storage) -> None:
    """For actions on the texts, which all servers share."""
    for number, (server, action) in enumerate(
        [(1, "add"), (2, "remove"), (1, "settings"), (None, "add"), (2, "add")]
    ):
        at = NOON + timedelta(minutes=number)
        await storage.audit.record(server, 10 + number, action, f"detail {number}", at)
    found = await storage.audit.latest_by_action(("add", "remove"), 3)
    assert [(act.server, act.action, act.detail) for act in found] == [
        (2, "add", "detail 4"),
        (None, "add", "detail 3"),
        (2, "remove", "detail 1"),
    ]
    assert [act.action for act in await storage.audit.latest(1, 10)] == ["settings", "add"]
