"""Runs the command line in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from bot.cli.main import main
from bot.search.reading.reader import ReaderError

QUESTION = "Who was too ill to attend the opening?"


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=given)


def refusing_reader(_: object) -> None:
    """Stands in for `reader.load` where the reader's files are damaged."""
    raise ReaderError("its weights are damaged: fetch the code again")
