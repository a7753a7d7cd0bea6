"""Wraps text for a terminal, keeping its indentation."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text


def print_line(console: Console, line: str) -> None:
    """Print `line` as it is: rich would take `[b]` for markup, and `:x:` for an emoji."""
    console.print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)


def show(text: str, console: Console) -> None:
    """Print `text`, which may contain colours; a wrapped line keeps its indentation."""
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if not content:
            console.print()
            continue
        indent = len(line) - len(content)
        console.print(Padding(Text.from_ansi(content), (0, 0, 0, indent), expand=False))
