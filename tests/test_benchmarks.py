"""A fit says where its data come from, and has what it needs; what reading costs is counted whole."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import data, question_vectors, reader_costs, reading
from bot.models import Post
from bot.search.ranking.rankers import FITTED, LEXICAL, RERANKED
from bot.search.ranking.second_stage import dump_reranker, load_reranker
from bot.texts.corpus import Corpus

ROOT = Path(__file__).parent.parent


def test_what_a_fit_lacks_is_reported_file_by_file(tmp_path: Path) -> None:
    """A file that is no question file with its line."""
    (tmp_path / "threads.jsonl").write_text("{\n", encoding="utf-8")
    (tmp_path / "squad-articles.jsonl").write_text("", encoding="utf-8")
    found = data.problems(tmp_path)
    assert [line.split(":")[0].rpartition("/")[2] for line in found] == [
        "threads-natural.jsonl",
        "threads.jsonl, line 1",
        "selqa-sections.jsonl",
    ]


@pytest.mark.parametrize("arguments", [[], ["."]])
def test_without_its_data_a_fit_says_which_there_are_to_be(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By name, from where, and in what form; and nothing is fitted."""
    monkeypatch.setattr(sys, "argv", ["benchmarks.data", *arguments])
    with pytest.raises(SystemExit) as ended:
        data.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    for word in ("DATA=FOLDER", "gold", "SelQA", *data.FILES):
        assert word in said


def test_make_fit_installs_what_a_fit_imports() -> None:
    """What is not in the standard library, by the extras that the Makefile names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    extras = re.search(r"^\.venv/fit:.*\n\t@\$\(INSTALL\) '\.\[([\w,]+)\]'", makefile, re.MULTILINE)
    assert extras is not None
    wanted = [*project["dependencies"]]
    for extra in extras[1].split(","):
        wanted += project["optional-dependencies"][extra]
    installed = {re.split(r"[\[<>=;~ ]", each)[0] for each in wanted}
    imported = set()
    for name in ("data", "fit", "fitting", "figures", "clauses", "reranking"):
        tree = ast.parse((ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    assert "scipy" in imported
    assert imported - sys.stdlib_module_names - {"bot", "benchmarks", "training"} <= installed


def test_a_small_corpus_is_one_text_and_a_large_one_many() -> None:
    """Of a thread all may be read at once, of many texts only what stands around the best passages."""
    posts = [Post(1, "Rye needs more water. Wheat does not.")]
    assert [
        (len(sources), len(Corpus.of(sources)) >= size)
        for size in (30, 1_000)
        for sources in (reading.corpus(posts, size),)
    ] == [(1, True), (10, True)]


def test_a_second_stage_that_weighs_nothing_is_whole(tmp_path: Path) -> None:
    """For each ranker that has one: as a file that a fit has written."""
    found = reading.weighing_nothing("3f2a91c0d4e5b6a7")
    assert set(found) == set(RERANKED)
    for name, reranker in found.items():
        dump_reranker(reranker, tmp_path / name)
        assert load_reranker(tmp_path / name).similarities == reranker.similarities


def test_every_ranker_with_a_model_is_fitted_on_that_models_vectors() -> None:
    """Not on another one's without a word."""
    families = {name.removesuffix(question_vectors.FOREIGN) for name in FITTED if name != LEXICAL}
    assert set(question_vectors.EMBEDDERS) == families


def test_shares_of_a_questions_time_add_up() -> None:
    """Tokenising and the network are parts of reading, and that is one of answering."""
    costs = reader_costs.Costs(windows=[[100, 200], [50]])
    costs.seconds |= {"tokens": 0.1, "network": 0.5, "reading": 0.7, "answer": 1.0}
    line = reader_costs.breakdown(costs)
    assert "2 questions read: tokens 175 (300 at most), windows 1.50 (2)" in line
    assert (
        "tokenising 10.0%, network 50.0%, the rest of reading 10.0%, before and after 30.0%" in line
    )


def test_a_reader_that_is_not_there_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is measured."""
    arguments = ["benchmarks.reading", str(ROOT / "knowledge"), "--reader", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as ended:
        reading.main()
    assert ended.value.code == 2
    assert "error: the reader" in capsys.readouterr().err
