"""Members' preferences."""

from __future__ import annotations

from bot.storage.database import Storage
from bot.storage.preferences import Preferences

CHOSEN = Preferences("es", True, 2, False)


async def test_preferences_are_kept_under_a_hash_and_replaced(storage: Storage) -> None:
    """One entry a member."""
    table = storage.preferences
    await table.set(7, Preferences("ar"))
    await table.set(7, CHOSEN)
    await table.set(8, Preferences(keep=False))
    assert await table.all() == {
        table.hash_of(7): CHOSEN,
        table.hash_of(8): Preferences(keep=False),
    }
    assert table.hash_of(7) != table.hash_of(8)


async def test_a_member_without_preferences_is_not_stored(storage: Storage) -> None:
    """Nor who is forgotten."""
    table = storage.preferences
    await table.set(7, CHOSEN)
    await table.set(7, Preferences())
    assert await table.all() == {}
    await table.set(7, CHOSEN)
    assert await table.forget(7)
    assert not await table.forget(7)
    assert await table.all() == {}
