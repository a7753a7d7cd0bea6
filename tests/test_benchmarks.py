"""A fit says where its data come from, and has what it needs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import data

ROOT = Path(__file__).parent.parent


def test_what_a_fit_lacks_is_told_file_by_file(tmp_path: Path) -> None:
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
    for name in ("data", "fit", "fitting", "figures", "clauses"):
        tree = ast.parse((ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    assert "scipy" in imported
    assert imported - sys.stdlib_module_names - {"bot", "benchmarks"} <= installed
