"""The parts that commands share: models, library, snapshots."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.setup import Setup
from bot.config import Config
from bot.models import Problem, VerbatimError
from bot.search import resources
from bot.search.reading import reader as reading
from tests.cli.runner import QUESTION, refusing_reader, run
from tests.samples import BRIDGE
from tests.search.embedding.models import WordModel
from tests.search.reading.readers import some_reader


def test_only_on_discord_a_question_gives_the_model_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There so long as the settings say; in a terminal its answer never depends on the time."""
    monkeypatch.setattr(Setup, "embedder", WordModel())
    setup = Setup(Config(), folder)
    waits = []
    for library in (setup.create_library(on_discord=True), setup.create_library()):
        library.load()
        library.embed_passages()
        meaning = library.snapshot.searcher.meaning
        assert meaning is not None
        waits.append(meaning.questions.seconds)
    assert waits == [Config().search.semantic.wait, None]


@pytest.mark.parametrize("model", [None, WordModel()])
def test_every_snapshot_has_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, model: WordModel | None
) -> None:
    """Of the folder and, for `evaluate`, of texts outside it, with a model of meaning or without."""
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


def test_a_reader_that_cannot_be_used_is_said_in_a_line_and_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is answered all the same."""
    monkeypatch.setattr(reading, "load", refusing_reader)
    monkeypatch.setattr(Setup, "embedder", None)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 0
    assert "It was designed by I. K. Brunel" in result.stdout
    reason = "its weights are damaged: fetch the code anew"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"


@pytest.mark.parametrize("command", ["ask", "check"])
def test_a_reader_that_the_second_stage_was_not_fitted_on_is_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Its margins would be taken for another's; a line says so."""

    def refuse(digest: str) -> None:
        raise VerbatimError(
            Problem("reranking.json", f"not fitted on {digest}: fetch the code anew")
        )

    monkeypatch.setattr(reading, "load", lambda _: some_reader())
    monkeypatch.setattr(resources, "require_fitted_on", refuse)
    monkeypatch.setattr(Setup, "embedder", None)
    result = run(command, *([QUESTION] if command == "ask" else []), "--knowledge", folder)
    assert result.exit_code == 0
    assert ("It was designed by I. K. Brunel" in result.stdout) is (command == "ask")
    reason = "reranking.json: not fitted on 3f2a91c0d4e5b6a7: fetch the code anew"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"
    assert Setup(Config(), folder).create_library().load().searcher.reader is None
