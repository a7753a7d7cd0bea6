"""`verbatim import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from bot.cli.import_text import import_text
from bot.texts import importing
from tests.cli.runner import run
from tests.samples import UNROLL


def test_import_writes_a_text_that_can_be_asked_at_once(tmp_path: Path) -> None:
    """And says what it kept and every line it dropped, with why."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    knowledge = tmp_path / "texts"
    result = run("import", tmp_path / "paste.txt", "--title", "Tamar", "--knowledge", knowledge)
    assert result.exit_code == 0, result.output
    assert "kept:   2 posts" in result.output
    assert "line 9: By continuing" in result.output
    assert "the site's cookie notice" in result.output
    assert "1859" in run("ask", "When did the bridge open?", "--knowledge", knowledge).output


def test_import_writes_nothing_over_and_nothing_on_a_dry_run(tmp_path: Path) -> None:
    """Unless it is told to."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    call: list[Any] = ["import", tmp_path / "paste.txt", "--knowledge", tmp_path / "texts"]
    assert run(*call, "--dry-run").exit_code == 0
    assert not (tmp_path / "texts").exists()
    assert run(*call).exit_code == 0
    again = run(*call)
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert run(*call, "--replace").exit_code == 0


def test_import_of_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """With an exit status of 1."""
    result = run("import", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert result.stderr.strip() == f"verbatim: {tmp_path / 'none.txt'}: does not exist"


def test_an_option_of_import_that_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    """It is not blamed on a line of the file."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    result = run("import", tmp_path / "paste.txt", "--url", "tamar", "--language", "Cornish")
    assert result.exit_code == 1
    assert [line.split(": ", 2)[2] for line in result.stderr.splitlines()] == [
        "`url` must be a link: https://, and no spaces in it",
        "`language` must be a language's code, such as en or ar",
    ]


def test_import_offers_every_format() -> None:
    """The list is written out in the command, since loading the formats would slow `--help` down."""
    [option] = [one for one in import_text.params if one.name == "format_name"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == ["auto", "knowledge", *importing.FORMATS, "paragraphs"]
    assert list(option.type.choices) == list(get_args(importing.FormatName))
