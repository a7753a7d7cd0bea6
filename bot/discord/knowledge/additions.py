"""Texts that curators have begun to add: in memory, a few, for an hour."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

MOST = 16
"""Additions held at once; the oldest is dropped first."""

MOST_BYTES = 16_000_000
"""Bytes of all additions together; the oldest is dropped first."""

SECONDS = 3_600
"""Seconds that an addition is held."""

TICKET = r"[A-Za-z0-9_-]{22}"
"""Regular expression of a ticket, by which an addition is found."""


@dataclass(frozen=True, slots=True)
class TypedFacts:
    """The facts of a text as the curator typed them."""

    title: str = ""
    author: str = ""
    url: str = ""
    date: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A text as it was fetched, and its facts so far.

    `name` is the file's name, or says whose message it is; `complete` is whether all required facts
    are known; `owner` and `server` are who adds it, and where; `shown` is whether they have seen
    its posts; `names` is whether members' names are kept; `entry` is the id of the text chosen from a
    file that holds several, None if none was.
    """

    data: bytes
    name: str
    form: TypedFacts
    complete: bool
    owner: int
    server: int
    notes: tuple[str, ...] = ()
    shown: bool = False
    names: bool = False
    entry: str | None = None


class Additions:
    """The additions, by ticket. A restart forgets them."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._held: dict[str, tuple[float, Addition]] = {}

    def __len__(self) -> int:
        """How many additions are held."""
        return len(self._held)

    def keep(self, addition: Addition, ticket: str | None = None) -> str:
        """Hold an addition, under its earlier `ticket` if it had one; return the ticket."""
        ticket = ticket or secrets.token_urlsafe(16)
        self._held[ticket] = (self._now(), addition)
        self._make_room()
        return ticket

    def take(self, ticket: str, owner: int, server: int | None) -> Addition | None:
        """Find an addition and drop it; None if it is gone, or somebody else's."""
        found = self.find(ticket, owner, server)
        if found is not None:
            del self._held[ticket]
        return found

    def find(self, ticket: str, owner: int, server: int | None) -> Addition | None:
        """Find an addition; None if it is gone, or somebody else's."""
        self.forget_expired()
        _, addition = self._held.get(ticket, (0.0, None))
        if addition is None or (addition.owner, addition.server) != (owner, server):
            return None
        return addition

    def forget_expired(self) -> None:
        """Drop what is too old."""
        since = self._now() - SECONDS
        for ticket in [t for t, (begun, _) in self._held.items() if begun <= since]:
            del self._held[ticket]

    def _make_room(self) -> None:
        """Drop what is too old, and the oldest while there is too much."""
        self.forget_expired()
        while len(self._held) > MOST or (
            len(self._held) > 1
            and sum(len(addition.data) for _, addition in self._held.values()) > MOST_BYTES
        ):
            del self._held[next(iter(self._held))]
