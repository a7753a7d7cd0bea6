"""A conversation in the terminal."""

from __future__ import annotations

from bot.answering.answerer import Policy
from bot.frontends import texts
from bot.frontends.terminal.chat import WELCOME, chat
from bot.snapshots import Snapshot


def said(snapshot: Snapshot, *lines: str, policy: Policy = Policy(quotes=1)) -> list[str]:  # noqa: B008
    """Return what is written when `lines` are typed and then the input ends."""
    typed = iter(lines)
    written: list[str] = []

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    chat(snapshot, policy, read, written.append)
    return written[1:]


def test_a_question_is_answered_and_a_follow_up_understood(snapshot: Snapshot) -> None:
    """The second leans on the first."""
    first, second, _ = said(
        snapshot, "Who was too ill to attend the opening?", "and why was he absent?"
    )
    assert "Brunel" in first
    assert "Brunel" in second


def test_more_shows_the_rest(snapshot: Snapshot) -> None:
    """Once, numbered on; then there is no more."""
    first, more, again, _ = said(snapshot, "toll for passengers and carts", "/more", "/more")
    assert "/more" in first
    assert more.startswith(texts.FURTHER)
    assert "2. @BridgeNotes" in more
    assert again.startswith(texts.ALL_SHOWN)


def test_more_after_not_covered_shows_the_nearest(snapshot: Snapshot) -> None:
    """With the warning."""
    declined, nearest, _ = said(
        snapshot, "toll for carts", "/more", policy=Policy(answered=1, closest=1)
    )
    assert declined.startswith(texts.NOT_COVERED)
    assert nearest.startswith(texts.NEAREST)


def test_sources_and_unknown_commands(snapshot: Snapshot) -> None:
    """The list of texts; and what can be typed."""
    sources, unknown, _ = said(snapshot, "/sources", "/what")
    assert "Sourdough for patient people by Ana *the* Baker (2 posts)" in sources
    assert unknown.startswith(WELCOME)


def test_quit_ends_it(snapshot: Snapshot) -> None:
    """At once."""
    assert said(snapshot, "/quit", "toll") == []
