"""A conversation in the terminal."""

from __future__ import annotations

from pathlib import Path

from bot.answering.answerer import Policy
from bot.library.library import Library
from bot.terminal.chat import WELCOME, chat
from bot.wording import ENGLISH as wording


def said(folder: Path, *lines: str, policy: Policy = Policy(quotes=1)) -> list[str]:  # noqa: B008
    """Return what is written when `lines` are typed and then the input ends."""
    typed = iter(lines)
    written: list[str] = []

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    library = Library(folder)
    library.load()
    chat(library, policy, read, written.append)
    return written[1:]


def test_a_question_is_answered_and_a_follow_up_understood(folder: Path) -> None:
    """The second leans on the first."""
    first, second, _ = said(
        folder, "Who was too ill to attend the opening?", "and why was he absent?"
    )
    assert "Brunel" in first
    assert "Brunel" in second


def test_questions_about_texts_places_and_refusals_keep_what_was_spoken_of(folder: Path) -> None:
    """A card and a place turn to a text, a refusal does not, and the question before still is context."""
    said_of = said(
        folder,
        "Who was too ill to attend the opening?",
        "who wrote this?",
        "and why was he absent?",
        "post 9",
        "and the last post?",
        "thanks",
        "how long is it?",
        "post 2 of Sourdough for patient people",
        "who wrote it?",
        "and the first post?",
    )
    author, absent, missing, last, _, size, bread, baker, flour = said_of[1:10]
    assert "@BridgeNotes" in author
    assert "stroke" in absent
    assert missing.startswith("“The bridge over the Tamar” has no post 9.")
    assert "The toll for carts" in last
    assert "“The bridge over the Tamar” is by @BridgeNotes: 3 posts." in size
    assert "Bake the loaf" in bread
    assert "Ana *the* Baker" in baker
    assert "Flour, water and salt" in flour


def test_the_name_of_a_text_settles_which_one_is_meant(folder: Path) -> None:
    """Of a card and of a place; another question does not, and is answered itself."""
    which, bread, post = said(folder, "summarise", "sourdough", "post 1")[:3]
    assert which.startswith(wording.WHICH_TEXT)
    assert "Flour, water and salt" in bread
    assert "Flour, water and salt" in post  # of the text that was spoken of last
    which, toll, bridge = said(folder, "post 1", "was the toll for carts raised?", "the bridge")[:3]
    assert which.startswith(wording.WHICH_TEXT)
    assert "The toll for carts" in toll
    assert "opened in 1859" in bridge


def test_more_shows_the_rest(folder: Path) -> None:
    """Once, numbered on; then there is no more."""
    first, more, again, _ = said(folder, "toll for passengers and carts", "/more", "/more")
    assert "/more" in first
    assert more.startswith(wording.FURTHER)
    assert "2. @BridgeNotes" in more
    assert again.startswith(wording.ALL_SHOWN)


def test_more_after_not_covered_shows_the_nearest(folder: Path) -> None:
    """With the warning."""
    declined, nearest, _ = said(
        folder, "toll for carts", "/more", policy=Policy(answered=1, closest=1)
    )
    assert declined.startswith(wording.NOT_COVERED)
    assert nearest.startswith(wording.NEAREST)


def test_sources_and_unknown_commands(folder: Path) -> None:
    """The list of texts; and what can be typed."""
    sources, unknown, _ = said(folder, "/sources", "/what")
    assert "Sourdough for patient people by Ana *the* Baker (2 posts)" in sources
    assert unknown.startswith(WELCOME)


def test_quit_ends_it(folder: Path) -> None:
    """At once."""
    assert said(folder, "/quit", "toll") == []
