"""Whether a connection to Discord's gateway works."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

SILENCE = 90.0
"""Seconds without any message after which a connection is taken for dead.

Discord answers each heartbeat, one every 41 seconds.
"""


class GatewayStatus:
    """What is known of one connection: of a shard, or of the only one."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._reason: str | None = "not connected yet"
        self._heard: float | None = None

    def heard(self) -> None:
        """Note that Discord has sent something."""
        self._heard = self._clock()

    def started(self) -> None:
        """Note that the session has started or was resumed: events come."""
        self._reason = None
        self.heard()

    def lost(self, reason: str) -> None:
        """Note that the connection is lost."""
        self._reason = f"not connected: {reason}"

    @property
    def problem(self) -> str | None:
        """Why no events come; None if they do."""
        if self._reason is not None or self._heard is None:
            return self._reason
        silent = self._clock() - self._heard
        return f"no heartbeat for {silent:.0f} seconds" if silent > SILENCE else None
