"""What `verbatim import` prints: what was kept, dropped and guessed, and the texts of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from bot.models import Source
from bot.terminal.screen import print_line
from bot.texts.formats.draft import Collection, DroppedLine, Entry
from bot.texts.formats.markup import without_escapes
from bot.texts.importing import ImportedText
from bot.texts.structure import is_heading
from bot.wording import ENGLISH as wording

FIRST_POSTS = 5
"""Posts that are shown without --verbose."""

FIRST_LINES = 3
"""Dropped lines of one reason that are shown without --verbose."""

_ALL = "--verbose lists all"


def print_import(console: Console, imported: ImportedText, *, verbose: bool = False) -> None:
    """Say what was kept, what was dropped with why, and what was guessed with how to correct it."""
    source, draft = imported.source, imported.draft
    print_line(console, f"format: {draft.format}")
    print_line(console, f"title:  {source.title}")
    print_line(console, f"author: {source.author}")
    stated = {"url": source.url, "date": source.date, "license": source.license}
    for name, value in stated.items():
        if value is not None:
            print_line(console, f"{f'{name}:':<8}{value}")
    if source.language != "en":
        print_line(console, f"language: {source.language}")
    print_line(console, f"kept:   {_kept(source)}")
    shown = source.posts if verbose else source.posts[:FIRST_POSTS]
    for post in shown:
        print_line(console, f"  {post.number}. {_opening(without_escapes(post.text))}")
    if len(shown) < len(source.posts):
        print_line(console, f"  … and {len(source.posts) - len(shown):,} more ({_ALL})")
    print_dropped(console, draft.dropped, verbose=verbose)
    for guess in _guesses(imported):
        print_line(console, f"guessed: {guess}")
    for note in draft.notes:
        print_line(console, f"note: {note}")


def print_brief(console: Console, imported: ImportedText) -> None:
    """Report on one of many texts in one line."""
    source, draft = imported.source, imported.draft
    dropped = sum(one.times for one in draft.dropped)
    parts = f", {dropped:,} parts dropped" if dropped else ""
    print_line(console, f"{source.title}: {_kept(source)}{parts}")


def print_collection(
    console: Console, collection: Collection, entries: Iterable[Entry], *, verbose: bool
) -> int:
    """List the texts of a collection, and return how many there are."""
    print_line(console, f"format: {collection.format}")
    count = 0
    for entry in entries:
        count += 1
        day = entry.date.isoformat() if entry.date else "-"
        posts = "" if entry.posts is None else f"  ({wording.counted_posts(entry.posts)})"
        print_line(console, f"  {entry.id}  {day}  {_opening(entry.title)}{posts}")
    print_dropped(console, collection.dropped, verbose=verbose)
    for note in collection.notes:
        print_line(console, f"note: {note}")
    return count


def print_dropped(
    console: Console, dropped: Sequence[DroppedLine], *, verbose: bool = False
) -> None:
    """Say what was dropped, and why: the first lines of each reason, or all of them."""
    total = sum(one.times for one in dropped)
    print_line(console, f"dropped: {f'{total:,}' if total else 'nothing'}")
    if verbose:
        for one in dropped:
            print_line(console, f"  {_dropped(one)}")
        return
    by_reason: dict[str, list[DroppedLine]] = {}
    for one in dropped:
        by_reason.setdefault(one.reason, []).append(one)
    for reason, group in by_reason.items():
        for one in group[:FIRST_LINES]:
            print_line(console, f"  {_dropped(one)}")
        if len(group) > FIRST_LINES:
            more = sum(one.times for one in group[FIRST_LINES:])
            print_line(console, f"  … and {more:,} more  ({reason}; {_ALL})")


def _kept(source: Source) -> str:
    headings = sum(is_heading(post.text) for post in source.posts)
    posts = wording.counted_posts(len(source.posts) - headings)
    return f"{posts}, {wording.counted_headings(headings)}" if headings else posts


def _dropped(one: DroppedLine) -> str:
    place = f"line {one.line}: " if one.line else ""
    times = f", {one.times:,} times" if one.times > 1 else ""
    return f"{place}{_opening(one.text)}  ({one.reason}{times})"


def _guesses(imported: ImportedText) -> Iterable[str]:
    if imported.title_from_opening:
        yield "the title is made of the opening words: --title names a better one"
    yield from imported.draft.guessed


def _opening(text: str, length: int = 72) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
