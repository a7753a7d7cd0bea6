"""Output for a terminal, a pipe or a file, whatever characters its encoding has."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import TypeVar

import click

T = TypeVar("T")

SHOW_PROGRESS_FROM = 5_000
"""Indexing shows a progress bar from this many passages on: fewer take about a second."""


def replace_unencodable_characters() -> None:
    """Replace characters that the terminal's encoding lacks, instead of raising UnicodeError."""
    streams = (sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "replace")
    for stream, errors in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)


def open_closed_streams() -> None:
    """Open the null device for standard streams that the caller has closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the end


def echo(text: str) -> None:
    """Print `text`: wrapped and coloured on a terminal, unchanged into a pipe or a file."""
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console

    from bot.terminal.screen import show

    show(text, Console())


def progress_bar(items: Iterable[T], total: int, what: str) -> Iterable[T]:
    """Yield `items`, with a progress bar if there are many and standard error is a terminal."""
    if total < (SHOW_PROGRESS_FROM if what == "indexing" else 2) or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, what, total, console=Console(stderr=True), transient=True)
