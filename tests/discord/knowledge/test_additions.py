"""Additions are kept for a while, for those who began them, and take little room."""

from __future__ import annotations

from bot.discord.knowledge.additions import (
    MOST,
    MOST_BYTES,
    SECONDS,
    Addition,
    Additions,
    TypedFacts,
)
from tests.conftest import Clock

OWNER, SERVER = 7, 8


def addition(data: bytes = b"One.") -> Addition:
    return Addition(data, "a.txt", TypedFacts("T"), complete=False, owner=OWNER, server=SERVER)


def test_an_addition_is_found_by_whoever_began_it_where_they_did() -> None:
    """And by nobody else, with whatever ticket."""
    additions = Additions(Clock())
    ticket = additions.keep(addition())
    assert additions.find(ticket, OWNER, SERVER) == addition()
    assert additions.find(ticket, OWNER + 1, SERVER) is None
    assert additions.find(ticket, OWNER, SERVER + 1) is None
    assert additions.find(ticket, OWNER, None) is None
    assert additions.find("A" * 22, OWNER, SERVER) is None


def test_a_ticket_is_valid_once_unless_it_is_kept_again() -> None:
    """So that a double click adds a text once."""
    additions = Additions(Clock())
    ticket = additions.keep(addition())
    assert additions.take(ticket, OWNER, SERVER) is not None
    assert additions.take(ticket, OWNER, SERVER) is None
    assert additions.keep(addition(), ticket) == ticket
    assert additions.take(ticket, OWNER, SERVER) is not None


def test_an_addition_is_dropped_after_an_hour() -> None:
    """Nobody has to throw it away."""
    clock = Clock()
    additions = Additions(clock)
    ticket = additions.keep(addition())
    clock.now += SECONDS - 1
    assert additions.find(ticket, OWNER, SERVER) is not None
    clock.now += 1
    assert additions.find(ticket, OWNER, SERVER) is None


def test_the_oldest_is_dropped_when_there_are_many() -> None:
    """In number, or in bytes; the newest is always kept."""
    additions = Additions(Clock())
    tickets = [additions.keep(addition()) for _ in range(MOST + 1)]
    there = [additions.find(ticket, OWNER, SERVER) is not None for ticket in tickets]
    assert there == [False] + [True] * MOST
    large = additions.keep(addition(bytes(MOST_BYTES)))
    assert additions.find(large, OWNER, SERVER) is not None
    assert additions.find(tickets[-1], OWNER, SERVER) is None
