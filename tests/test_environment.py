"""Settings from environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import config
from bot.config import Config
from bot.environment import settings_of, variable_of
from bot.errors import VerbatimError
from bot.settings.discord import ShardSettings


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def value_at(settings: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        settings = getattr(settings, name)
    return settings


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("VERBATIM_SEARCH__QUOTES", "2", 2),
        ("VERBATIM_SEARCH__ANSWERED", ".5", 0.5),
        ("VERBATIM_SEARCH__READER", "off", "off"),
        ("VERBATIM_SEARCH__SEMANTIC__WAIT", "3", 3),
        ("VERBATIM_KNOWLEDGE__FOLDER", "2026", "2026"),
        ("VERBATIM_DISCORD__LISTEN", "yes", True),
        ("VERBATIM_DISCORD__PRIVATE", "1", True),
        ("VERBATIM_DISCORD__CURATOR_ROLES", "12, 13", (12, 13)),
        ("VERBATIM_DISCORD__CURATOR_ROLES", "[12, 13]", (12, 13)),
        ("VERBATIM_DISCORD__WRITING_SERVERS", "[]", ()),
        ("VERBATIM_IMPORTS__HOSTS", "*.example.org example.com", ("*.example.org", "example.com")),
    ],
)
def test_a_variable_overrides_the_file(
    tmp_path: Path, variable: str, text: str, expected: object
) -> None:
    """Other keys of the file stay. Space around a value, as from a file, does not count."""
    path = tmp_path / "config.yaml"
    path.write_text(
        "search: {quotes: 4, closest: .01}\ndiscord: {private: false}\n", encoding="utf-8"
    )
    settings = config.load(path, {variable: f" {text}\n"})
    key = tuple(variable.removeprefix("VERBATIM_").lower().split("__"))
    assert expected == value_at(settings, key)
    assert settings.search.closest == 0.01


def test_every_setting_has_a_variable_that_takes_its_default(tmp_path: Path) -> None:
    """Also those whose default is none, which an empty variable leaves."""
    for path, field in settings_of(Config):
        default = value_at(Config(), path)
        shown = default.get_secret_value() if isinstance(default, SecretStr) else default
        text = ",".join(shown) if isinstance(shown, tuple) else "" if shown is None else str(shown)
        settings = config.load(None, {variable_of(path): text})
        assert value_at(settings, path) == default, (path, field)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"VERBATIM_SEARCH__QUOTES": "9"}, "VERBATIM_SEARCH__QUOTES: must be at most"),
        ({"VERBATIM_SEARCH__QUOTES": "{"}, "VERBATIM_SEARCH__QUOTES: cannot be read"),
        ({"VERBATIM_SEARCH__QUOTS": "1"}, "not a setting; there are VERBATIM_SEARCH__ANSWERED"),
        ({"VERBATIM_SERCH__QUOTES": "1"}, "names begin with VERBATIM_DISCORD__"),
        ({"VERBATIM_SEARCH_QUOTES": "1"}, "is called VERBATIM_SEARCH__QUOTES"),
        (
            {"VERBATIM_STORAGE_URL": "sqlite:///a", "VERBATIM_STORAGE__URL": "sqlite:///b"},
            "VERBATIM_STORAGE__URL: is also set as VERBATIM_STORAGE_URL",
        ),
        ({"VERBATIM_STORAGE__URL_FILE": "none"}, "the file none cannot be read"),
        (
            {"VERBATIM_STORAGE__URL": "postgresql://me@db/verbatim"},
            "VERBATIM_STORAGE__URL: needs `storage.key_file`",
        ),
    ],
)
def test_a_wrong_variable_is_named(environment: dict[str, str], said: str) -> None:
    with pytest.raises(VerbatimError) as caught:
        config.load(None, environment)
    assert said in str(caught.value)


def test_all_problems_of_file_and_environment_are_reported_at_once(tmp_path: Path) -> None:
    """Each where it is."""
    path = tmp_path / "config.yaml"
    path.write_text("search:\n  quotes: 9\nlog: {level: loud}\n", encoding="utf-8")
    wrong = {"VERBATIM_DISCORD__LISTEN": "maybe", "VERBATIM_LOG__LEVL": "info"}
    with pytest.raises(VerbatimError) as caught:
        config.load(path, wrong)
    places = {problem.where for problem in caught.value.problems}
    assert {str(path), *wrong} == places
    assert len(caught.value.problems) == 4


def test_other_variables_are_left_alone() -> None:
    """Such as those of tests and of a compose file."""
    others = {"VERBATIM_TOKEN": "x", "VERBATIM_POSTGRES_PASSWORD": "y", "HOME": "/"}
    assert config.load(None, others) == Config()


def test_secrets_may_be_in_files(tmp_path: Path) -> None:
    """As Docker and Kubernetes mount them."""
    (tmp_path / "url").write_text("postgresql://me:secret@db/verbatim\n", encoding="utf-8")
    (tmp_path / "token").write_text("the.token\n", encoding="utf-8")
    settings = config.load(
        None,
        {
            "VERBATIM_STORAGE__URL_FILE": "url",
            "VERBATIM_STORAGE__KEY_FILE": "key",
            "VERBATIM_TOKEN_FILE": "token",
        },
    )
    assert settings.storage.password == "secret"  # noqa: S105
    assert config.token(settings, {}).get_secret_value() == "the.token"


def test_a_secret_is_in_no_message(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("mysql://me:very-secret@db/verbatim", encoding="utf-8")
    with pytest.raises(VerbatimError) as caught:
        config.load(None, {"VERBATIM_STORAGE_URL_FILE": "url"})
    assert str(caught.value).startswith("VERBATIM_STORAGE_URL_FILE: begins with neither")
    assert "very-secret" not in str(caught.value)


def test_paths_in_the_environment_start_at_the_working_directory(tmp_path: Path) -> None:
    """Those in the file start at its folder."""
    file = tmp_path / "conf" / "config.yaml"
    file.parent.mkdir()
    file.write_text("knowledge: {folder: a}\nstorage: {key_file: b}\n", encoding="utf-8")
    settings = config.load(file, {"VERBATIM_KNOWLEDGE__FOLDER": "here"})
    assert settings.knowledge.folder == "here"
    assert settings.storage.key_path == file.parent / "b"


def test_the_folder_of_the_texts_is_known_even_if_the_file_is_broken(tmp_path: Path) -> None:
    """For `verbatim check`."""
    (tmp_path / "config.yaml").write_text("search: [\n", encoding="utf-8")
    settings = config.defaults(None, {"VERBATIM_KNOWLEDGE__FOLDER": "here"})
    assert settings.knowledge.folder == "here"


def test_each_setting_has_an_origin(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("search:\n  quotes: 2\n", encoding="utf-8")
    origins = config.load_with_origins(None, {"VERBATIM_LOG__LEVEL": "debug"}).origins
    assert origins["search", "quotes"] == "config.yaml, line 2"
    assert origins["log", "level"] == "VERBATIM_LOG__LEVEL"
    assert origins["log", "format"] == config.DEFAULT
    assert origins.keys() == {path for path, _ in settings_of(Config)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("auto", "auto"), ("{count: 4, ids: [0, 1]}", ShardSettings(count=4, ids=(0, 1)))],
)
def test_a_setting_that_is_a_word_or_a_section_is_written_as_in_the_file(
    text: str, expected: object
) -> None:
    assert config.load(None, {"VERBATIM_DISCORD__SHARDS": text}).discord.shards == expected
