"""A conversation in the terminal, with the same answers as on Discord."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.answerer import Policy
from bot.answering.asking import Request, ask
from bot.library.library import Library
from bot.models import Answer, Turn
from bot.search.opensearch.errors import EngineUnavailableError
from bot.terminal.answers import as_quotes, as_text
from bot.wording import ENGLISH as wording

WELCOME = "Ask a question. /more shows further passages, /sources the texts, /quit leaves."
PROMPT = "? "


def chat(
    library: Library, policy: Policy, read: Callable[[str], str], write: Callable[[str], None]
) -> None:
    """Answer every line that `read` returns, by `write`, until EOFError, Ctrl-C or /quit."""
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
            stale = library.stale
            listed = [wording.about(s, stale=s.id in stale) for s in snapshot.listing.in_order]
            write(
                "\n".join(filter(None, [*listed, wording.meaning(library.embedding_status)])) + "\n"
            )
        elif line == "/more":
            write(_more(last) + "\n")
            last = None
        elif line.startswith("/"):
            write(f"{WELCOME}\n")
        else:
            try:
                result = ask(snapshot, Request(line, turn), policy)
            except EngineUnavailableError:
                write(f"{wording.SEARCH_UNAVAILABLE}\n")
                continue
            if result is not None:
                last, turn = result.answer, result.turn or turn
                write(as_text(last, snapshot) + _offer(last) + "\n")


def _offer(found: Answer) -> str:
    rest = len(found.hits) - found.shown
    return f"\n\n  ({wording.more(rest)}: /more)" if rest else ""


def _more(last: Answer | None) -> str:
    if last is None or len(last.hits) == last.shown:
        return wording.ALL_SHOWN
    heading = wording.FURTHER if last.shown else wording.NEAREST
    rest = [hit.quote for hit in last.hits[last.shown :]]
    return f"{heading}\n\n{as_quotes(rest, last.shown + 1)}"
