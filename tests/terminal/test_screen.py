"""What a terminal shows."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from bot.terminal.screen import show


def test_long_lines_break_between_words_and_keep_their_indent() -> None:
    """No word is cut, no character lost."""
    console = Console(file=StringIO(), width=20, force_terminal=False)
    show("  a passage that is \x1b[1mlonger\x1b[0m than the line\n  — [who] said it\n", console)
    assert isinstance(console.file, StringIO)
    assert [line.rstrip() for line in console.file.getvalue().split("\n")] == [
        "  a passage that is",
        "  longer than the",
        "  line",
        "  — [who] said it",
        "",
        "",
    ]
