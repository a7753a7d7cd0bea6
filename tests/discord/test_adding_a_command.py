"""The document on adding a command: its files work as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "adding-a-command.md"
OURS = 'lint.isort.known-first-party=["bot","tests"]'
"""Ruff looks for packages on disk, where the example's are not."""
PLUGIN = """
import bot.discord
import tests.discord

for package in (bot.discord, tests.discord):
    package.__path__.append({folder!r} + "/" + package.__name__.replace(".", "/"))
"""
"""Lets Python find the example's packages beside those of the program, in one process alone."""


def files() -> dict[str, str]:
    """Return the files that the document shows, by their paths."""
    shown = re.findall(
        r"^`([\w/.]+)`[^`]*?\n\n?```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.M | re.S
    )
    return dict(shown)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the document's files in it."""
    folder = tmp_path_factory.mktemp("example")
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for package in ("bot/discord", "tests/discord"):
        (folder / package / "passage" / "__init__.py").touch()
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (folder / "example_plugin.py").write_text(PLUGIN.format(folder=str(folder)), encoding="utf-8")
    return folder


def test_the_document_shows_a_whole_folder_and_its_tests() -> None:
    """Each file under its path."""
    assert sorted(files()) == [
        "bot/discord/passage/__init__.py",
        "bot/discord/passage/command.py",
        "bot/discord/passage/wording.py",
        "tests/discord/passage/test_command.py",
        "tests/discord/passage/uses.py",
    ]


@pytest.mark.parametrize("name", files())
@pytest.mark.parametrize("command", ["format --check", f"check --config {OURS}"])
def test_its_files_pass_the_checks_of_style(name: str, command: str) -> None:
    """As every file of the program must."""
    done = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "ruff", *command.split(), "--stdin-filename", name, "-"],
        input=files()[name],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout


def test_the_feature_works_and_its_permissions_are_tried(example: Path) -> None:
    """With nothing else edited: by its own test, and by that of all permissions."""
    permissions = "tests/discord/kit/test_permissions.py::test_everybody_may_do_what_the_table_says_and_no_more"
    arguments = [
        "-q", "-p", "example_plugin", "-p", "no:cacheprovider", "--import-mode=importlib",
        str(example / "tests/discord/passage/test_command.py"),
        "tests/discord/kit/test_permissions.py::test_everything_is_in_the_table_and_nothing_else_is",
        f"{permissions}[/passage]", f"{permissions}[FollowingButton]",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-m", "pytest", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(example)},
    )
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
