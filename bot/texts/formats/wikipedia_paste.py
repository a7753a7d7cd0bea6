"""An article copied from Wikipedia's page: its text under its headings, without what the page puts around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import stated_facts
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.markup import clean, heading, paragraph
from bot.texts.formats.text_lines import blocks, input_lines, is_blank, peek, read_text

NAME = "wikipedia-paste"
LABEL = "article copied from Wikipedia"

_SUBTITLE = "From Wikipedia, the free encyclopedia"
_MOST_HEAD = 60
_EDIT = re.compile(r"(?P<title>.*?)\s*\[\s*edit(?: source)?\s*\]\s*")
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+(?P<title>\S.*)")
_MENU = frozenset(
    "(top)|hide|[hide]|show|[show]|move to sidebar|jump to navigation|jump to search|article|talk|read|edit|view history|tools"
    "|contents".split("|")
)
_REFERENCE = re.compile(r"\s*\^ ")
_FOOT = re.compile(
    r"\s*(?:Categories: |Category: |Hidden categories: |This page was last edited on |Retrieved from \")"
)


def matches(head: bytes, name: str) -> bool:
    """Tell by the line below the article's title."""
    return _subtitle(peek(head)) is not None


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the article's words; menus, the table of contents, references and the foot are left out and reported.

    Raises:
        VerbatimError: it is not plain text, or no such article.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    below = _subtitle(lines)
    if below is None:
        reason = f"the line “{_SUBTITLE}” is missing: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    tally = DropTally()
    tally.extend(dropped)
    titles = [line.text.strip() for line in lines[:below] if not is_blank(line.text)]
    named = [title for title in titles if title.lower() not in _MENU]
    _leave_out(lines[: below + 1], "the page's head", tally)
    kept = _without_frame(lines[below + 1 :], tally)
    posts: list[str] = []
    for block in blocks(kept):
        held: list[str] = []
        for line in block:
            title = _EDIT.fullmatch(line.text)
            if title is None:
                held.append(line.text)
                continue
            posts += [
                each for each in (paragraph("\n".join(held)), heading(2, title["title"])) if each
            ]
            held = []
        posts += filter(None, (paragraph("\n".join(held)),))
    if not posts:
        raise VerbatimError(
            Problem(name, "has no words below the page's head: is it the right text?")
        )
    return Draft(
        LABEL,
        tuple(posts),
        author="Wikipedia",
        dropped=tally.lines,
        title=stated_facts.title(named[0] if named else None),
    )


def _subtitle(lines: Sequence[InputLine]) -> int | None:
    return next(
        (at for at, line in enumerate(lines[:_MOST_HEAD]) if line.text.strip() == _SUBTITLE), None
    )


def _without_frame(lines: Sequence[InputLine], tally: DropTally) -> list[InputLine]:
    """Join headings with the `[edit]` on the line below, and leave out what is not part of the article."""
    joined: list[InputLine] = []
    for line in lines:
        if _FOOT.match(line.text):
            _leave_out(
                [each for each in lines if each.number >= line.number], "the page's foot", tally
            )
            break
        alone = _EDIT.fullmatch(line.text)
        if alone and not alone["title"] and joined and not is_blank(joined[-1].text):
            joined[-1] = joined[-1]._replace(text=f"{joined[-1].text} {line.text.strip()}")
        else:
            joined.append(line)
    headings = {clean(found["title"]) for line in joined if (found := _EDIT.fullmatch(line.text))}
    kept: list[InputLine] = []
    in_contents = False
    for line in joined:
        words = clean(line.text)
        entry = _NUMBERED.fullmatch(words)
        in_contents |= words == "Contents"
        if words.lower() in _MENU or (
            in_contents and (clean(entry["title"]) if entry else words) in headings
        ):
            _leave_out([line], "a menu, or the table of contents", tally)
            continue
        in_contents = in_contents and not words
        if _REFERENCE.match(line.text):
            _leave_out([line], "a reference", tally)
        else:
            kept.append(line)
    return kept


def _leave_out(lines: Sequence[InputLine], reason: str, tally: DropTally) -> None:
    for line in lines:
        if not is_blank(line.text):
            tally.add(line.text, reason, line=line.number)
