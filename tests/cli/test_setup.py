"""The parts that commands share: models, library, snapshots."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.setup import Setup
from bot.config import Config
from bot.errors import Problem, VerbatimError
from bot.search import resources
from bot.search.reading import reader as reading
from tests.cli.runner import QUESTION, refusing_reader, run
from tests.samples import BRIDGE
from tests.search.embedding.models import WordModel
from tests.search.reading.readers import some_reader


def test_only_on_discord_waiting_for_the_embedder_is_limited(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a terminal an answer never depends on time."""
    monkeypatch.setattr(Setup, "embedder", WordModel())
    setup = Setup(Config(), folder)
    waits = []
    for library in (setup.create_library(on_discord=True), setup.create_library()):
        library.load()
        library.embed_passages()
        meaning = library.snapshot.searcher.embeddings
        assert meaning is not None
        waits.append(meaning.questions.seconds)
    assert waits == [Config().search.semantic.wait, None]


@pytest.mark.parametrize("model", [None, WordModel()])
def test_every_snapshot_has_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, model: WordModel | None
) -> None:
    """Of the folder and of question files, with an embedder or without."""
    reader = some_reader()
    monkeypatch.setattr(Setup, "embedder", model)
    monkeypatch.setattr(reading, "load", lambda _: reader)
    monkeypatch.setattr(resources, "require_fitted_on", lambda _: None)
    setup = Setup(Config(), folder)
    for snapshot in (
        setup.create_library().load(),
        setup.load_snapshot(),
        setup.snapshot_builder()([BRIDGE]),
    ):
        assert snapshot.searcher.reader is reader


def test_an_unusable_reader_is_reported_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is answered without it."""
    monkeypatch.setattr(reading, "load", refusing_reader)
    monkeypatch.setattr(Setup, "embedder", None)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 0
    assert "It was designed by I. K. Brunel" in result.stdout
    reason = "its weights are damaged: fetch the code again"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"


@pytest.mark.parametrize("command", ["ask", "check"])
def test_a_reader_that_the_second_stage_was_not_fitted_on_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Its scores would be misread."""

    def refuse(digest: str) -> None:
        raise VerbatimError(
            Problem("reranking.json", f"not fitted on {digest}: fetch the code again")
        )

    monkeypatch.setattr(reading, "load", lambda _: some_reader())
    monkeypatch.setattr(resources, "require_fitted_on", refuse)
    monkeypatch.setattr(Setup, "embedder", None)
    result = run(command, *([QUESTION] if command == "ask" else []), "--knowledge", folder)
    assert result.exit_code == 0
    assert ("It was designed by I. K. Brunel" in result.stdout) is (command == "ask")
    reason = "reranking.json: not fitted on 3f2a91c0d4e5b6a7: fetch the code again"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"
    assert Setup(Config(), folder).create_library().load().searcher.reader is None
