"""What the documents state comes from the program."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import discord
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.config import Config
from bot.discord.app.discovery import discover
from bot.installation import DISTRIBUTION
from tools import tables

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("document", ["README.md", "docs/permissions.md"])
def test_the_tables_in_the_documents_match_the_code(document: str) -> None:
    """`make docs` writes them."""
    text = (ROOT / document).read_text(encoding="utf-8")
    assert text == tables.document(text), "run `make docs`"


def test_the_table_of_permissions_is_complete() -> None:
    """Every line says what the thing does."""
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.startswith("| `")]
    assert len(lines) == len(discover().audiences())
    assert all(len(cell.strip()) > 3 for line in lines for cell in line.split("|")[1:-1])


def test_the_example_config_has_every_key_with_its_default() -> None:
    """It configures what the program does without it."""
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    assert text == "\n".join(tables.example()) + "\n", "run `make docs`"
    assert Config.model_validate(yaml.safe_load(text)) == Config()


DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "tests" / "README.md")
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_linked_file_exists(document: str) -> None:
    """Pictures too."""
    path = ROOT / document
    for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (path.parent / link).is_file(), link


@pytest.mark.parametrize("document", sorted({*DOCUMENTS} - {"docs/adding-a-command.md"}))
def test_every_path_named_in_a_document_exists(document: str) -> None:
    """Such as `bot/texts/importing.py`. Only the worked example names files that are to be made."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:bot|tests|tools|docs|benchmarks|training)/[a-z_./-]*)`", text):
        assert (ROOT / path).exists() or (ROOT / f"{path}.py").exists(), path


def test_the_architecture_names_every_module() -> None:
    """In the tree of packages."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\w+", text.split("```")[1]))
    modules = {
        path.parent.name if path.stem == "__init__" else path.stem
        for path in (ROOT / "bot").rglob("*.py")
        if path.parent.name != "versions"
    }
    assert sorted(modules - named) == []


def test_the_architecture_states_the_checked_order_of_imports() -> None:
    """From the command line down to the models."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    said = re.search(r"Imports point one way: `([^`]+)`", text)
    assert said is not None
    rooms = [re.findall(r"\w+", layer) for layer in said[1].split("→")]
    assert rooms == [re.findall(r"bot\.(\w+)", layer) for layer in layers]


@pytest.mark.parametrize("extra", ["semantic", "demo", "fastembed", "postgres", "dev"])
def test_everything_that_make_installs_is_pinned(extra: str) -> None:
    """With all dependencies."""
    pinned = re.findall(r"^(\S+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"][extra]]
    waiting = [Requirement(line) for line in wanted if not line.startswith(f"{DISTRIBUTION}[")]
    seen: set[tuple[str, str]] = set()
    while waiting:
        package = waiting.pop()
        if package.marker and not package.marker.evaluate():
            continue
        name = canonicalize_name(package.name)
        for asked_for in {"", *package.extras} - {of for known, of in seen if known == name}:
            seen.add((name, asked_for))
            for more in map(Requirement, requires(name) or ()):
                if more.marker is None or more.marker.evaluate({"extra": asked_for}):
                    more.marker = None
                    waiting.append(more)
    needed = {name for name, _ in seen}
    assert needed - {canonicalize_name(name) for name in pinned} == set()


def test_the_invitation_asks_for_the_permissions_that_the_readme_names() -> None:
    """No more and no fewer."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    number = re.search(r"permissions=(\d+)", text)
    assert number is not None
    assert discord.Permissions(int(number[1])) == discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        create_public_threads=True,
        read_message_history=True,
    )


def test_the_tests_that_the_threat_model_names_exist() -> None:
    """What is said to be proved is proved."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    code = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    assert sorted(name for name in named if f"def {name}(" not in code) == []
    assert len(named) > 30
