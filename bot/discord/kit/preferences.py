"""Members' preferences: in memory for reading, written through to the storage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.storage.database import Storage
from bot.storage.preferences import Preferences

_DEFAULT = Preferences()


class PreferenceCache:
    """Caches everybody's preferences under the hashes of their ids."""

    def __init__(self, storage: Storage) -> None:
        self._table = storage.preferences
        self._by_hash: dict[str, Preferences] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read them all.

        Raises StorageError if they cannot be read.
        """
        async with self._changing:
            self._by_hash = await self._table.all()

    def of(self, member_id: int) -> Preferences:
        """A member's preferences, or the defaults."""
        if not self._by_hash:
            return _DEFAULT
        return self._by_hash.get(self._table.hash_of(member_id), _DEFAULT)

    async def change(self, member_id: int, alter: Callable[[Preferences], Preferences]) -> None:
        """Change a member's preferences by `alter`.

        It gets what is stored, as another click or another process may have changed more.

        Raises StorageError if they cannot be read or written; then nothing has changed.
        """
        async with self._changing:
            to = alter(await self._table.get(member_id))
            await self._table.set(member_id, to)
            if to == _DEFAULT:
                self._by_hash.pop(self._table.hash_of(member_id), None)
            else:
                self._by_hash[self._table.hash_of(member_id)] = to
