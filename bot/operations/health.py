"""Whether the parts of the bot work, and since when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Check = Callable[[], Awaitable[str | None]]
"""Returns why a part does not work; None if it does."""

CHECK_LIMIT = 5.0
"""Seconds after which a check that has not ended counts as failed."""

MAX_AGE = 2.0
"""Seconds for which a result is used again, so that many requests cause few checks."""


@dataclass(frozen=True, slots=True)
class PartHealth:
    """The state of a part since a moment; `reason` says why it does not work."""

    since: datetime
    reason: str | None = None

    @property
    def ready(self) -> bool:
        """Whether it works."""
        return self.reason is None

    def as_json(self) -> dict[str, Any]:
        """As /readyz shows it."""
        shown: dict[str, Any] = {"ready": self.ready, "since": self.since.isoformat()}
        return shown if self.reason is None else {**shown, "reason": self.reason}


class Health:
    """Checks the parts of the bot, and remembers since when each is in its state."""

    def __init__(
        self, checks: Mapping[str, Check], now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._checks = dict(checks)
        self._now = now
        self._clock = clock
        self._parts: dict[str, PartHealth] = {}
        self._checked: float | None = None
        self._checking = asyncio.Lock()

    async def check(self) -> Mapping[str, PartHealth]:
        """Check all parts, unless that was done just now."""
        async with self._checking:
            if self._checked is None or self._clock() - self._checked >= MAX_AGE:
                reasons = await asyncio.gather(*(map(_run, self._checks.values())))
                for name, reason in zip(self._checks, reasons, strict=True):
                    self._note(name, reason)
                self._checked = self._clock()
            return dict(self._parts)

    def _note(self, name: str, reason: str | None) -> None:
        before = self._parts.get(name)
        if before is not None and before.ready == (reason is None):
            self._parts[name] = PartHealth(before.since, reason)
        else:
            self._parts[name] = PartHealth(self._now(), reason)


async def _run(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), CHECK_LIMIT)
    except TimeoutError:
        return f"no answer within {CHECK_LIMIT:g} seconds"
    except Exception as error:  # a check that fails must not hide the others
        return f"cannot be checked: {type(error).__name__}"
