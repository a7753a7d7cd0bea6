"""`verbatim import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from bot.cli.import_text import import_text
from bot.texts import importing
from tests.cli.runner import run
from tests.samples import UNROLL


def test_import_writes_a_text_that_can_be_asked_immediately(tmp_path: Path) -> None:
    """And reports what it kept and dropped, with reasons."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    knowledge = tmp_path / "texts"
    result = run("import", tmp_path / "paste.txt", "--title", "Tamar", "--knowledge", knowledge)
    assert result.exit_code == 0, result.output
    assert "kept:   2 posts" in result.output
    assert "line 9: By continuing" in result.output
    assert "the site's cookie notice" in result.output
    assert "1859" in run("ask", "When did the bridge open?", "--knowledge", knowledge).output


def test_import_never_overwrites_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Unless --replace is given."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    call: list[Any] = ["import", tmp_path / "paste.txt", "--knowledge", tmp_path / "texts"]
    assert run(*call, "--dry-run").exit_code == 0
    assert not (tmp_path / "texts").exists()
    assert run(*call).exit_code == 0
    again = run(*call)
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert run(*call, "--replace").exit_code == 0


def test_import_of_a_missing_file_is_one_line(tmp_path: Path) -> None:
    """With exit status 1."""
    result = run("import", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert result.stderr.strip() == f"verbatim: {tmp_path / 'none.txt'}: does not exist"


def test_invalid_options_of_import_are_explained(tmp_path: Path) -> None:
    """They are not blamed on a line of the file."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    result = run("import", tmp_path / "paste.txt", "--url", "tamar", "--language", "Cornish")
    assert result.exit_code == 1
    assert [line.split(": ", 2)[2] for line in result.stderr.splitlines()] == [
        "`url` must be a link: https://, and no spaces in it",
        "`language` must be a language's code, such as en or ar",
    ]


def test_import_offers_every_format() -> None:
    """The command lists the formats itself, because loading them would slow `--help` down."""
    [option] = [one for one in import_text.params if one.name == "format_name"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == ["auto", "knowledge", *importing.FORMATS, "paragraphs"]
    assert list(option.type.choices) == list(get_args(importing.FormatName))
