"""`verbatim evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.setup import Setup
from bot.search.embedding import embedder
from bot.search.reading import reader as reading
from tests.cli.runner import QUESTION, run
from tests.search.embedding.models import WordModel


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "there is no such file"),
                            (b"caf\xe9", "not UTF-8: save it as UTF-8")],
)  # fmt: skip
def test_evaluate_reports_an_unreadable_file_in_one_line(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """With exit status 1."""
    path = tmp_path / "questions.yaml"
    if content is not None:
        path.write_bytes(content)
    result = run("evaluate", path)
    assert (1, f"verbatim: {path}: {reason}\n") == (result.exit_code, result.stderr)


def test_evaluate_reports_that_it_cannot_create_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It caches vectors in a folder within the working directory."""
    (tmp_path / ".verbatim").write_text("a file", encoding="utf-8")
    monkeypatch.setattr(Setup, "embedder", WordModel())
    (tmp_path / "none.jsonl").touch()
    result = run("evaluate", tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: .verbatim: cannot be created: File exists; start in")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.jsonl", '\n{"name": "r", "questions": [\n', "line 2: not valid JSON from column"),
        ("q.json", '{"name": "r",\n "questions": [}', "line 2: not valid JSON from column 16 on"),
        ("q.jsonl", '{"name": "r"}\n', "line 1: `questions` is missing"),
        ("q.yaml", "name: r\nquestions: [\n", "line 3: not valid YAML: a `[` or `{` is not closed"),
    ],
)
def test_a_question_file_that_is_not_valid_is_one_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """Which calls JSON JSON."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("evaluate", tmp_path / name)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"verbatim: {tmp_path / name}, {said}")


def test_evaluate_prints_the_figures(folder: Path, tmp_path: Path) -> None:
    """As a table or as JSON, with the failures on request."""
    record = {
        "name": "r",
        "questions": [
            {"q": QUESTION, "gold": ["It was designed"], "kind": "literal"},
            {"q": "Was the ferry green?", "gold": ["Two iron spans"], "kind": "hard"},
            {"q": "Who painted the Mona Lisa?", "gold": [], "kind": "far"},
        ],
    }
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    table = run("evaluate", path, "--knowledge", folder, "--failures")
    assert table.exit_code == 0, table.output
    assert "P@1" in table.output
    assert "r [hard] Was the ferry green?" in table.output
    figures = json.loads(run("evaluate", path, "--knowledge", folder, "--json").stdout)
    assert figures[str(path)]["literal"]["p_at_1"] == 1.0
    assert figures[str(path)]["hard"]["p_at_1"] == 0.0
    assert figures[str(path)]["far"]["wrongly_answered"] == 0.0
    assert figures[str(path)]["all"]["questions"] == 3


@pytest.mark.parametrize(("options", "wanted"), [((), "on"), (("--reader", "off"), "off")])
def test_evaluate_uses_the_reader_as_the_option_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], wanted: str
) -> None:
    """Without the option, as the config says."""
    asked: list[str] = []
    monkeypatch.setattr(reading, "load", asked.append)
    monkeypatch.setattr(Setup, "embedder", None)
    (tmp_path / "config.yaml").write_text("search: {reader: on}\n", encoding="utf-8")
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    run("evaluate", "none.jsonl", *options)
    assert asked == [wanted]


def test_evaluate_loads_each_model_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For texts of question files and of the folder alike."""
    loaded: list[str] = []
    monkeypatch.setattr(reading, "load", loaded.append)
    monkeypatch.setattr(embedder, "choose", lambda *_: loaded.append("embedder"))
    questions = [{"q": QUESTION, "gold": []}]
    records = [
        {"name": "in the folder", "questions": questions},
        {"name": "own text", "posts": ["One sentence."], "questions": questions},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    result = run("evaluate", path, "--knowledge", folder)
    assert result.exit_code == 0, result.output
    assert sorted(loaded) == ["auto", "embedder"]
