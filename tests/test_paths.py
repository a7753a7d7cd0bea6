"""Paths in the config begin at the config's folder, wherever the program is started."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot import config
from bot.cli.main import main
from bot.config import Config
from bot.paths import DATABASE, mark_of
from bot.storage.address import Address

NO_PATHS = {
    "health.host", "imports.hosts",
    "search.opensearch.index", "search.opensearch.password", "search.opensearch.url", "search.opensearch.user",
}  # fmt: skip
"""Settings that are free text and name neither a file nor a folder."""

POSTGRES = "postgresql+asyncpg://me:secret@host/verbatim"


def settings(model: type[BaseModel], section: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting with its name, such as `storage.url`."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{section}{name}.")
        else:
            yield f"{section}{name}", field


def is_text(field: FieldInfo) -> bool:
    """Return whether any text can be set, so that it may be a path."""
    kinds = {field.annotation, *typing.get_args(field.annotation)}
    return not kinds.isdisjoint({str, Path, SecretStr})


PATHS = {name: field for name, field in settings(Config) if mark_of(field) is not None}


def found(settings: Config, name: str) -> str:
    """Return the file or folder that the setting `name` names."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    if isinstance(value, SecretStr):
        return str(Address.parse(value.get_secret_value()))
    return str(value)


def config_with(folder: Path, name: str, value: str) -> Path:
    """Return a config in `folder` that sets `name` alone."""
    folder.mkdir(exist_ok=True)
    tree: Any = value
    for part in reversed(name.split(".")):
        tree = {part: tree}
    (folder / "config.yaml").write_text(json.dumps(tree), encoding="utf-8")  # JSON is YAML too
    return folder / "config.yaml"


def url_or_path(name: str, path: str) -> str:
    return f"sqlite:///{path}" if mark_of(PATHS[name]) is DATABASE else path


def test_every_free_text_setting_is_marked_as_a_path_or_listed_as_none() -> None:
    """So that a new one cannot be forgotten."""
    texts = {name for name, field in settings(Config) if is_text(field)}
    assert texts == PATHS.keys() | NO_PATHS
    assert len(PATHS) >= 5


@pytest.mark.parametrize("name", PATHS)
def test_a_relative_path_starts_at_the_configs_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the working directory; an absolute path stays."""
    here, conf = tmp_path / "here", tmp_path / "C# & 100%41?"
    for folder in (here, conf):
        (folder / "there").mkdir(parents=True)
    monkeypatch.chdir(here)
    file = config_with(conf, name, url_or_path(name, "there"))
    assert found(config.load(file, {}), name) == str(conf / "there")
    near = Path("..", conf.name, "config.yaml")
    assert Path(found(config.load(near, {}), name)).resolve() == conf / "there"
    config_with(conf, name, url_or_path(name, "/etc/there"))
    assert found(config.load(file, {}), name) == "/etc/there"


@pytest.mark.parametrize("name", PATHS)
def test_default_paths_start_there_too(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with a config that cannot be read; without any config, at the working directory."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "conf" / "config.yaml"
    file.parent.mkdir()
    file.write_text("", encoding="utf-8")
    default = found(Config(), name)
    expected = default if default == "None" else str(file.parent / default)
    assert found(config.load(file, {}), name) == expected
    assert found(config.defaults(file), name) == expected
    assert found(config.load(None, {}), name) == default
    assert config.defaults(None) == config.load(None, {}) == Config()


def test_the_default_key_file_is_beside_the_database(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("storage: {days: 7}\n", encoding="utf-8")
    assert config.load(file, {}).storage.key_path == tmp_path / "verbatim.key"


def test_names_of_models_and_urls_of_servers_are_not_paths(tmp_path: Path) -> None:
    """They stay as they are."""
    name = "sentence-transformers/all-MiniLM-L6-v2"
    file = config_with(tmp_path, "search.semantic.model", name)
    assert config.load(file, {}).search.semantic.model == name
    file.write_text(f"storage: {{url: '{POSTGRES}', key_file: /key}}\n", encoding="utf-8")
    assert config.load(file, {}).storage.url.get_secret_value() == POSTGRES


def test_paths_outside_the_config_start_at_the_working_directory(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the command line and in the environment."""
    file = config_with(tmp_path / "conf", "storage.key_file", "our.key")
    monkeypatch.chdir(tmp_path)
    found = config.load(file, {"VERBATIM_STORAGE_URL": "sqlite:///other.db"}).storage
    assert Address.parse(found.url.get_secret_value()).file == Path("other.db")
    assert found.key_path == tmp_path / "conf" / "our.key"
    question = ["ask", "Who was too ill to attend?", "--config", str(file)]
    missing = CliRunner().invoke(main, question)
    assert (missing.exit_code, str(tmp_path / "conf" / "knowledge") in missing.stderr) == (1, True)
    assert CliRunner().invoke(main, [*question, "--knowledge", folder.name]).exit_code == 0


def test_check_resolves_the_folder_of_an_invalid_config(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("search: {quotes: 0}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--config", str(file)])
    assert "good: The bridge over the Tamar" in result.output
