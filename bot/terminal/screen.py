"""Text on a terminal: broken between words, and indented as it is."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text


def show(text: str, console: Console) -> None:
    """Print `text`, which may hold colours, so that a long line keeps its indent as it goes on."""
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if not content:
            console.print()
            continue
        indent = len(line) - len(content)
        console.print(Padding(Text.from_ansi(content), (0, 0, 0, indent), expand=False))
