"""How long the engine waits before it tries again."""

from __future__ import annotations

PROBE = 1.0
"""Seconds between checks whether the cluster answers again."""

RETRY = 10.0
"""Seconds after which a failed build is tried again; doubled after each further failure."""

LONGEST_RETRY = 600.0


def retry_after(failures: int) -> float:
    """Seconds to wait after so many failed builds in a row, 1 or more."""
    doubled = min(failures - 1, 20)  # a power without a limit is too large for a float after a week
    return min(RETRY * 2.0**doubled, LONGEST_RETRY)
