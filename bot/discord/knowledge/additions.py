"""Texts that curators have begun to add: kept in memory, few and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

MOST = 16
"""Additions kept at once; with one more, the oldest goes."""

MOST_BYTES = 16_000_000
"""Bytes of all additions together; with more, the oldest go."""

SECONDS = 3_600
"""How long an addition is kept."""

TICKET = r"[A-Za-z0-9_-]{22}"
"""A regular expression for what an addition is found by."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a curator says of a text, as it was typed."""

    title: str = ""
    author: str = ""
    url: str = ""
    date: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A text as it was fetched, and what is said of it so far.

    `name`: the file's name, or whose message it is; `complete`: whether the form has been filled
    in, or the text states it all; `owner` and `server`: who adds it, and where;
    `shown`: whether its posts have been shown to them.
    """

    data: bytes
    name: str
    form: Form
    complete: bool
    owner: int
    server: int
    notes: tuple[str, ...] = ()
    shown: bool = False


class Additions:
    """The additions, each found by its ticket. A restart forgets them all."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._kept: dict[str, tuple[float, Addition]] = {}

    def keep(self, addition: Addition, ticket: str | None = None) -> str:
        """Keep `addition`, under a ticket that it had if it is given, and return its ticket."""
        ticket = ticket or secrets.token_urlsafe(16)
        self._kept[ticket] = (self._now(), addition)
        self._tidy()
        return ticket

    def take(self, ticket: str, owner: int, server: int | None) -> Addition | None:
        """Return the addition with this ticket and let go of it; None if it is not theirs, or gone."""
        found = self.find(ticket, owner, server)
        if found is not None:
            del self._kept[ticket]
        return found

    def find(self, ticket: str, owner: int, server: int | None) -> Addition | None:
        """Return the addition with this ticket; None if it is not theirs, or gone."""
        self._tidy()
        _, addition = self._kept.get(ticket, (0.0, None))
        if addition is None or (addition.owner, addition.server) != (owner, server):
            return None
        return addition

    def _tidy(self) -> None:
        """Let go of what is old, and of the oldest while there is too much."""
        since = self._now() - SECONDS
        for ticket in [t for t, (begun, _) in self._kept.items() if begun <= since]:
            del self._kept[ticket]
        while len(self._kept) > MOST or (
            len(self._kept) > 1
            and sum(len(addition.data) for _, addition in self._kept.values()) > MOST_BYTES
        ):
            del self._kept[next(iter(self._kept))]
