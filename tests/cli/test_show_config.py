"""`verbatim config`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import run


def test_it_prints_what_holds_and_where_it_is_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each setting."""
    (tmp_path / "config.yaml").write_text("search:\n  quotes: 2\n", encoding="utf-8")
    monkeypatch.setenv("VERBATIM_LOG__LEVEL", "debug")
    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    result = run("config", "--knowledge", "texts")
    words = [line.split() for line in result.stdout.splitlines()]
    assert ["#", "The", "bot's", "token:", "from", "VERBATIM_TOKEN"] in words
    assert ["folder:", "texts", "#", "--knowledge"] in words
    assert ["quotes:", "2", "#", "config.yaml,", "line", "2"] in words
    assert ["level:", "debug", "#", "VERBATIM_LOG__LEVEL"] in words
    assert ["days:", "90", "#", "default"] in words
    assert "the.bot.token" not in result.output


def test_what_it_prints_is_a_config(tmp_path: Path) -> None:
    """To be kept, and changed."""
    (tmp_path / "printed.yaml").write_text(run("config").stdout, encoding="utf-8")
    result = run("config", "--config", tmp_path / "printed.yaml")
    assert result.exit_code == 0, result.output
    assert "# default" not in result.stdout


def test_secrets_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "VERBATIM_STORAGE_URL", "postgresql://me:very-secret@db/verbatim?ssl=require"
    )
    monkeypatch.setenv("VERBATIM_STORAGE__KEY_FILE", "key")
    result = run("config")
    assert "url: postgresql+asyncpg://me:***@db/verbatim " in result.stdout
    assert "very-secret" not in result.output


def test_a_missing_token_is_no_error() -> None:
    result = run("config")
    assert result.exit_code == 0
    assert result.stdout.startswith("# The bot's token: missing.")
