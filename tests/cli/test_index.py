"""`verbatim index`."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from click.testing import Result

from tests.cli.runner import QUESTION, run
from tests.search.embedding.models import WordModel
from tests.search.opensearch.stand_in import StandIn, encrypted, served

PASSWORD = "correct horse"  # noqa: S105 - of no real cluster


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def config(stand_in: StandIn, folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A config that names a stand-in for OpenSearch."""
    path = tmp_path / "cluster.yaml"
    with served(stand_in) as url:
        path.write_text(
            f"knowledge:\n  folder: {folder.name}\n"
            f"search:\n  engine: opensearch\n  engine_fallback: none\n  reader: off\n"
            f"  semantic:\n    provider: off\n  opensearch:\n    url: {url}\n",
            encoding="utf-8",
        )
        yield path


def index(config: Path, *arguments: str) -> Result:
    return run("index", *arguments, "--config", config)


def test_an_index_is_built_swapped_in_asked_and_dropped(
    config: Path, folder: Path, stand_in: StandIn
) -> None:
    """All that an operator does, in its order."""
    assert "are not indexed there: `verbatim index build`" in index(config, "status").stdout
    built = index(config, "build")
    assert built.exit_code == 0, built.output
    name = built.stdout.split()[0]
    assert built.stdout == f"{name} has 8 passages\n"
    assert "indexed there, but another index is current" in index(config, "status").stdout
    assert index(config, "swap").stdout == f"{name} is current\n"
    status = index(config, "status").stdout
    assert "The texts in the folder are indexed there." in status
    assert "answers" in status.splitlines()[0]
    assert "Brunel" in run("ask", QUESTION, "--config", config).stdout
    assert any("_search" in path for _, path in stand_in.requests)
    (folder / "bridge.md").unlink()
    other = index(config, "build", "--swap").stdout.split()[0]
    assert index(config, "swap", name).exit_code == 0  # back to what was before
    assert (
        index(config, "drop", name).stderr
        == f"verbatim: {name}: is the current index: swap another one in first\n"
    )
    assert index(config, "drop", "--others").stdout == f"{other} was deleted\n"
    assert list(stand_in.indexes) == [name]


def test_what_is_not_there_is_named(config: Path) -> None:
    """In one line, with exit status 1."""
    for arguments, reason in (
        (
            ("drop", "mine"),
            "verbatim: mine: is not one of this bot's indexes: see `verbatim index status`\n",
        ),
        (
            ("swap", "mine"),
            "verbatim: OpenSearch: mine does not exist: see `verbatim index status`\n",
        ),
    ):
        result = index(config, *arguments)
        assert (result.exit_code, result.stderr) == (1, reason)
    assert index(config, "drop").exit_code == 2
    assert index(config, "drop", "--others").stdout == "there is no other index\n"


def test_an_embedded_index_has_no_cluster(folder: Path) -> None:
    """It says which settings there are."""
    result = run("index", "status", "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: search.engine: is embedded, so there is no cluster")


def test_a_cluster_that_is_away_is_one_line(config: Path, stand_in: StandIn) -> None:
    """Of `status`, and of a question that nothing else can answer."""
    stand_in.fault = lambda *_: (0, None)
    status = index(config, "status")
    assert status.exit_code == 1
    assert len(status.stdout.splitlines()) == 1
    asked = run("ask", QUESTION, "--config", config)
    assert asked.exit_code == 1
    assert asked.stderr.startswith("verbatim: OpenSearch: http://127.0.0.1:")
    assert len(asked.stderr.splitlines()) == 1


def test_the_embedded_index_answers_where_it_may(config: Path, stand_in: StandIn) -> None:
    """`search.engine_fallback: embedded`."""
    text = config.read_text(encoding="utf-8").replace(
        "engine_fallback: none", "engine_fallback: embedded"
    )
    config.write_text(text, encoding="utf-8")
    stand_in.fault = lambda *_: (503, {})
    result = run("ask", QUESTION, "--config", config)
    assert "Brunel" in result.stdout
    assert result.stderr.startswith("verbatim: searched in the embedded index: OpenSearch: http")


def test_check_says_what_the_cluster_holds(config: Path, stand_in: StandIn) -> None:
    """And is not content with one that cannot be reached."""
    result = run("check", "--config", config)
    assert result.exit_code == 0, result.output
    assert "are not indexed there: `verbatim index build`" in result.stdout
    stand_in.fault = lambda *_: (0, None)
    result = run("check", "--config", config)
    assert result.exit_code == 1
    assert "wrong: OpenSearch: http://127.0.0.1:" in result.stdout


def test_the_password_comes_from_a_file_and_is_never_shown(
    stand_in: StandIn, folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Neither when it works, nor when it is refused, nor with the other settings."""
    authority = trustme.CA()
    ca_file, secret = tmp_path / "ca.pem", tmp_path / "password"
    authority.cert_pem.write_to_path(str(ca_file))
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("VERBATIM_SEARCH__OPENSEARCH__PASSWORD_FILE", str(secret))
    config = tmp_path / "cluster.yaml"
    said = ""
    caplog.set_level(logging.DEBUG)
    with served(stand_in, encrypted(authority)) as url:
        config.write_text(
            f"knowledge: {{folder: {folder.name}}}\n"
            "search:\n  engine: opensearch\n  reader: off\n  semantic: {provider: off}\n"
            f"  opensearch: {{url: '{url}', user: bot, ca_file: {ca_file}}}\n",
            encoding="utf-8",
        )
        for fault in (None, (401, b"Unauthorized")):
            stand_in.fault = lambda *_, given=fault: given
            for command in (["index", "status"], ["check"], ["config"]):
                said += run(*command, "--config", config).output
    assert "refuses the user or password" in said
    (credentials,) = stand_in.credentials
    assert base64.b64decode(credentials.removeprefix("Basic ")).decode() == f"bot:{PASSWORD}"
    for shown in (said, caplog.text):
        assert PASSWORD not in shown
        assert credentials.split()[1] not in shown


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("url: []", "needs `opensearch.url`"),
        ("url: localhost:9200", "must begin with http:// or https://"),
        ("url: http://bot:secret@localhost:9200", "must not contain a password"),
        ("url: http://localhost:many", "port could not be cast to integer"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    """With the line of the config, without the password."""
    path = tmp_path / "wrong.yaml"
    path.write_text(f"search:\n  engine: opensearch\n  opensearch:\n    {line}\n", encoding="utf-8")
    result = run("index", "status", "--config", path)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert "secret" not in result.output


def test_vectors_are_indexed_with_the_texts_where_the_cluster_has_k_nn(
    config: Path, folder: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they are too many to be compared one by one; else a line says what is missing."""
    monkeypatch.setattr("bot.search.embedding.similarity.EXACT_UP_TO", 5)
    model = WordModel()
    monkeypatch.setattr("bot.cli.setup.Setup.embedder", model)
    built = index(config, "build", "--swap")
    assert built.exit_code == 0, built.output
    assert built.stderr.endswith(" texts have no vector yet: `verbatim vectors` makes them\n")
    assert run("vectors", "--config", config).exit_code == 0
    assert "the vectors of the texts are not indexed there" in index(config, "status").stdout
    plugins, stand_in.plugins = stand_in.plugins, []
    lacking = "the plugin opensearch-knn is not installed"
    assert lacking in index(config, "build").stderr
    assert lacking in index(config, "status").stdout
    assert lacking in run("check", "--config", config).stdout
    stand_in.plugins = plugins
    terms, vectors = (line.split()[0] for line in index(config, "build").stdout.splitlines())
    assert vectors.startswith(f"{terms}-")
    status = index(config, "status").stdout
    assert f"{vectors}  vectors, current" in status
    assert "k-NN: the vectors of the texts are indexed there" in status
    assert f"swap in {terms}, which they go with" in index(config, "swap", vectors).stderr
    assert index(config, "drop", "--others").stdout == "there is no other index\n"
    assert index(config, "drop", vectors).stdout == f"{vectors} was deleted\n"
    assert list(stand_in.indexes) == [terms]


def test_vectors_are_deleted_with_the_index_they_go_with(
    config: Path, folder: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator deletes one name."""
    monkeypatch.setattr("bot.search.embedding.similarity.EXACT_UP_TO", 5)
    monkeypatch.setattr("bot.cli.setup.Setup.embedder", WordModel())
    run("vectors", "--config", config)
    terms = index(config, "build").stdout.split()[0]
    assert len(stand_in.indexes) == 2
    dropped = index(config, "drop", terms).stdout.splitlines()
    assert dropped[0] == f"{terms} was deleted"
    assert len(dropped) == 2
    assert stand_in.indexes == {}
