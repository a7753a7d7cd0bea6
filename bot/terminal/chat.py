"""A conversation in the terminal, with the same answers as on Discord."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.answerer import Policy, answer
from bot.library.library import Library
from bot.models import Answer, Question, Turn
from bot.terminal.answers import as_text, quotes
from bot.wording import ENGLISH as texts

WELCOME = "Ask a question. /more shows further passages, /sources the texts, /quit leaves."
PROMPT = "? "


def chat(
    library: Library, policy: Policy, read: Callable[[str], str], write: Callable[[str], None]
) -> None:
    """Answer what `read` returns, with `write`, until it raises EOFError or is told to quit."""
    write(f"{WELCOME}\n")
    last: Answer | None = None
    turn: Turn | None = None
    while True:
        try:
            line = read(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            write("")
            return
        snapshot = library.snapshot
        if line in {"/quit", "/exit", "/q"}:
            return
        if line == "/sources":
            listed = [texts.about(source) for source in snapshot.listing.in_order]
            write(
                "\n".join(filter(None, [*listed, texts.meaning(library.embedding_status)])) + "\n"
            )
        elif line == "/more":
            write(_more(last) + "\n")
            last = None
        elif line.startswith("/"):
            write(f"{WELCOME}\n")
        else:
            last = answer(snapshot, Question(line, turn), policy)
            write(as_text(last, snapshot) + _offer(last) + "\n")
            if last.hits:
                turn = last.turn


def _offer(given: Answer) -> str:
    rest = len(given.hits) - given.shown
    return f"\n\n  ({texts.more(rest)}: /more)" if rest else ""


def _more(last: Answer | None) -> str:
    if last is None or len(last.hits) == last.shown:
        return texts.ALL_SHOWN
    heading = texts.FURTHER if last.shown else texts.NEAREST
    return f"{heading}\n\n{quotes(last.hits[last.shown :], last.shown + 1)}"
