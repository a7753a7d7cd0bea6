"""`verbatim check`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.cli.setup import Setup
from bot.discord.app.server_check import ServerReport
from bot.installation import install_command
from bot.search import resources
from bot.search.reading import reader as reading
from bot.storage.database import Storage
from bot.storage.servers import ServerSettings
from bot.terminal import reports
from tests.cli.runner import refusing_reader, run
from tests.search.reading.readers import some_reader


def test_check_finds_every_problem_at_once(folder: Path, tmp_path: Path) -> None:
    """In the config and in the texts."""
    assert run("check", "--knowledge", folder).exit_code == 0
    (tmp_path / "bad.yaml").write_text("search:\n  quotes: 0\nlogs: {}\n", encoding="utf-8")
    (folder / "bad.md").write_text("no front matter", encoding="utf-8")
    (folder / "worse.md").write_bytes(b"\xff")
    result = run("check", "--config", tmp_path / "bad.yaml", "--knowledge", folder)
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("wrong:")]
    assert len(wrong) == 4
    assert "good: The bridge over the Tamar by @BridgeNotes (3 posts)" in result.output
    *_, last = result.output.splitlines()
    assert [*wrong, last] == result.output.splitlines()[-5:]
    assert last == "4 problems found: the exit status is 1."


@pytest.mark.parametrize("what", ["files", "posts", "passages"])
def test_check_finds_that_there_are_more_texts_than_the_config_allows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """As the start would; the rest is checked all the same."""
    monkeypatch.setenv(f"VERBATIM_KNOWLEDGE__MAX_{what.upper()}", "1")
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 1
    assert f"{what}, but at most 1 are allowed: raise `knowledge.max_{what}`" in result.output
    assert "problem found: the exit status is 1." in result.output


def test_check_reads_the_texts_although_the_config_is_invalid(folder: Path, tmp_path: Path) -> None:
    """From the folder that the config names."""
    folder.rename(folder.parent / "texts")
    wrong = "knowledge:\n  folder: texts\nsearch:\n  quotes: 0\n"
    (folder.parent / "wrong.yaml").write_text(wrong, encoding="utf-8")
    result = run("check", "--config", folder.parent / "wrong.yaml")
    lines = [line for line in result.output.splitlines() if line.startswith("wrong:")]
    assert len(lines) == 1
    assert "good: The bridge over the Tamar by @BridgeNotes (3 posts)" in result.output
    for text in ("knowledge: 5\n", "knowledge: [\n", "- x\n", "search: {quotes: 0}\n"):
        (folder.parent / "wrong.yaml").write_text(text, encoding="utf-8")
        assert run("check", "--config", folder.parent / "wrong.yaml").exit_code == 1


def test_check_reads_the_token_file_that_the_config_names(folder: Path, tmp_path: Path) -> None:
    """And goes on to the storage. Without a token file, no token is needed to check."""
    (tmp_path / "config.yaml").write_text("discord:\n  token_file: none\n", encoding="utf-8")
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 1
    assert "wrong: none: the file that `discord.token_file` names cannot be read" in result.output
    assert "storage: verbatim.db, made at the first start\n" in result.output


def test_check_says_whether_the_storage_can_be_opened(folder: Path, tmp_path: Path) -> None:
    """Without creating anything; a storage that cannot be opened counts as a problem."""
    result = run("check", "--knowledge", folder)
    assert "storage: verbatim.db, made at the first start\n" in result.output
    assert not list(tmp_path.glob("verbatim*"))
    (tmp_path / "verbatim.db").write_text("a diary", encoding="utf-8")
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 1
    assert "wrong: verbatim.db: is not a database: name another file\n" in result.output
    assert "storage:" not in result.output


def test_check_shows_the_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its weights; or how to install one; or that it is switched off."""
    monkeypatch.setattr(Setup, "embedder", None)
    monkeypatch.setattr(resources, "require_fitted_on", lambda _: None)
    there, weights = some_reader(), "weights 3f2a91c0d4e5b6a7"
    Path("off.yaml").write_text("search: {reader: off}\n", encoding="utf-8")
    for load, options, said in (
        (lambda _: there, (), f"reader: reader-3f2a91c0d4e5, {weights}"),
        (
            lambda _: None,
            (),
            f"reader: none ({install_command('semantic')}",
        ),
        (lambda _: None, ("--config", "off.yaml"), "reader: none, as `search.reader` says"),
        (refusing_reader, (), "reader: none (a line on standard error says why)"),
    ):
        monkeypatch.setattr(reading, "load", load)
        monkeypatch.setattr(reports, "installed", lambda: load is refusing_reader)  # noqa: B023 - at once
        result = run("check", "--knowledge", folder, *options)
        assert result.exit_code == 0
        [line] = [line for line in result.stdout.splitlines() if line.startswith("reader:")]
        assert line.startswith(said)
        assert ("weights are damaged" in result.stderr) is (load is refusing_reader)


def test_check_recognises_an_existing_storage(folder: Path, tmp_path: Path) -> None:
    """With its schema."""
    opened = Storage.open("sqlite:///verbatim.db", tmp_path / "verbatim.key", days=1)
    asyncio.run(_closed(opened))
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 0
    assert "storage: verbatim.db, ready\n" in result.output


async def _closed(opening: Coroutine[Any, Any, Storage]) -> None:
    await (await opening).close()


def test_check_of_servers_prints_what_the_bot_may_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is stored of them; something that cannot work counts as a problem."""
    asked: list[Any] = []

    async def found(token: str, *about: Any, listen: bool) -> ServerReport:
        asked.append((token, *about, listen))
        return ServerReport(("message content: off", "  wrong: #ask: without Send Messages"), False)

    monkeypatch.setattr("bot.discord.app.server_check.check_servers", found)
    monkeypatch.setenv("VERBATIM_TOKEN", "secret")
    result = run("check", "--servers", "--knowledge", folder)
    assert result.exit_code == 1
    assert "off\n  wrong: #ask: without Send Messages\n" in result.output
    assert result.output.endswith("1 problem found: the exit status is 1.\n")
    assert asked == [("secret", {}, {}, False)]

    async def keep() -> None:
        storage = await Storage.open(
            "sqlite+aiosqlite:///verbatim.db", tmp_path / "verbatim.key", days=90
        )
        await storage.servers.set(1, ServerSettings(own_thread=True))
        await storage.close()

    asyncio.run(keep())
    run("check", "--servers", "--knowledge", folder)
    assert asked[1][1] == {1: ServerSettings(own_thread=True)}


def test_check_of_servers_needs_a_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says how to give it."""
    monkeypatch.delenv("VERBATIM_TOKEN", raising=False)
    result = run("check", "--servers", "--knowledge", folder)
    assert result.exit_code == 1
    assert sum(line.startswith("wrong:") for line in result.output.splitlines()) == 1
