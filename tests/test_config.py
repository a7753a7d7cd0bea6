"""The config file and the token."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import config
from bot.answering.answerer import Policy
from bot.config import Config
from bot.errors import VerbatimError
from bot.settings.storage import StorageSettings


def test_without_a_file_every_setting_has_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No config file is needed."""
    monkeypatch.chdir(tmp_path)
    assert Config() == config.load(None)


def test_the_defaults_equal_those_of_the_policy() -> None:
    """They are stated in two places, since answering needs no config."""
    search = Config().search
    assert Policy() == Policy(search.quotes, search.answered, search.closest, search.max_question)


def test_config_yaml_in_the_working_directory_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text("search:\n  quotes: 2\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert config.load(None).search.quotes == 2


def test_a_missing_config_is_an_error(tmp_path: Path) -> None:
    """A typo in --config does not start the bot with defaults."""
    with pytest.raises(VerbatimError, match="there is no such file"):
        config.load(tmp_path / "none.yaml")


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    """In one line."""
    path = tmp_path / "config.yaml"
    path.write_bytes(b"knowledge: \xff")
    with pytest.raises(VerbatimError, match="not UTF-8"):
        config.load(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("search:\n  quotes: 9\n", "line 2: `search.quotes`"),
        ("search:\n  closest: 2\n", "line 2: `search.closest`"),
        ("search:\n  semantic:\n    wait: 0\n", "line 3: `search.semantic.wait`"),
        ("search:\n  semantic:\n    wait: 600\n", "`search.semantic.wait`"),
        (
            "search:\n  reader: never\n",
            "line 2: `search.reader` must be 'auto', 'on' or 'off'",
        ),
        ("discord:\n  token: abc\n", "`discord.token` unknown key"),
        ("discord:\n  curator_roles: [x]\n", "curator_roles"),
        ("log:\n  level: loud\n", "line 2: `log.level`"),
    ],
)
def test_an_invalid_value_is_reported(tmp_path: Path, text: str, said: str) -> None:
    """With its line and what is allowed."""
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VerbatimError) as caught:
        config.load(path)
    assert said in str(caught.value)


@pytest.mark.parametrize("written", ["on", "off", "'on'", '"off"', "auto"])
def test_on_and_off_need_no_quotes(tmp_path: Path, written: str) -> None:
    """YAML reads them as booleans."""
    path = tmp_path / "config.yaml"
    path.write_text(f"search:\n  reader: {written}\n", encoding="utf-8")
    assert config.load(path).search.reader == written.strip("'\"")


def test_the_provider_can_be_off_without_quotes_but_not_on(tmp_path: Path) -> None:
    """The message lists what is allowed."""
    path = tmp_path / "config.yaml"
    path.write_text("search: {semantic: {provider: off}}\n", encoding="utf-8")
    assert config.load(path).search.semantic.provider == "off"
    path.write_text("search: {semantic: {provider: on}}\n", encoding="utf-8")
    with pytest.raises(VerbatimError, match="'bundled', 'fastembed' or 'off'"):
        config.load(path)


def test_a_token_in_the_config_is_not_shown_in_the_error(tmp_path: Path) -> None:
    """Somebody may put it there by mistake."""
    path = tmp_path / "config.yaml"
    path.write_text("discord:\n  token: very-secret\n", encoding="utf-8")
    with pytest.raises(VerbatimError) as caught:
        config.load(path)
    assert "very-secret" not in str(caught.value)


def test_the_token_comes_from_the_environment_and_is_not_shown() -> None:
    """Neither by str nor by repr."""
    token = config.token(Config(), {"VERBATIM_TOKEN": " very-secret\n"})
    assert token.get_secret_value() == "very-secret"
    assert "very-secret" not in f"{token} {token!r}"


def test_the_token_comes_from_the_file_that_the_config_names(tmp_path: Path) -> None:
    """The environment is then ignored."""
    path = tmp_path / "token"
    path.write_text("from-file\n", encoding="utf-8")
    settings = Config.model_validate({"discord": {"token_file": str(path)}})
    assert config.token(settings, {"VERBATIM_TOKEN": "other"}).get_secret_value() == "from-file"


@pytest.mark.parametrize("content", [None, "", "  \n"])
def test_a_missing_or_empty_token_file_is_reported(tmp_path: Path, content: str | None) -> None:
    """With what to do."""
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    settings = Config.model_validate({"discord": {"token_file": str(path)}})
    with pytest.raises(VerbatimError):
        config.token(settings, {})


def test_a_byte_order_mark_is_no_part_of_the_token(tmp_path: Path) -> None:
    """Windows' editor puts one before what it saves as UTF-8."""
    path = tmp_path / "token"
    path.write_text("from-file\n", encoding="utf-8-sig")
    settings = Config.model_validate({"discord": {"token_file": str(path)}})
    assert config.token(settings, {}).get_secret_value() == "from-file"


def test_more_than_a_token_is_refused_and_not_shown(tmp_path: Path) -> None:
    """A line break could not even be sent to Discord."""
    path = tmp_path / "token"
    path.write_text("very\nsecret\n", encoding="utf-8")
    settings = Config.model_validate({"discord": {"token_file": str(path)}})
    for of, environment in ((settings, {}), (Config(), {"VERBATIM_TOKEN": "very secret"})):
        with pytest.raises(VerbatimError, match="put that alone there") as refused:
            config.token(of, environment)
        assert "secret" not in str(refused.value)


def test_a_config_that_is_nested_too_deeply_leaves_the_defaults(tmp_path: Path) -> None:
    """The problem is reported where the file is read for the settings."""
    path = tmp_path / "config.yaml"
    path.write_text("knowledge: " + "[" * 5_000, encoding="utf-8")
    assert config.defaults(path, {}).search == Config().search


def test_a_missing_token_is_explained() -> None:
    """The message names the environment variable."""
    with pytest.raises(VerbatimError, match="VERBATIM_TOKEN"):
        config.token(Config(), {})


def test_the_password_of_the_database_is_known_to_the_log() -> None:
    """Which hides it; a SQLite file has none."""
    url = SecretStr("postgresql+asyncpg://verbatim:p%2Fw@db/verbatim")
    hidden = StorageSettings(url=url, key_file="verbatim.key").password
    assert [hidden, StorageSettings().password] == ["p/w", ""]


def test_the_key_file_is_beside_the_sqlite_file() -> None:
    """Unless the config names another."""
    assert Config().storage.key_path == Path("verbatim.key")
    elsewhere = {"url": "sqlite+aiosqlite:////var/lib/bot.db"}
    assert StorageSettings.model_validate(elsewhere).key_path == Path("/var/lib/verbatim.key")
    named = {**elsewhere, "key_file": "/run/key"}
    assert StorageSettings.model_validate(named).key_path == Path("/run/key")


def test_the_environment_overrides_the_storage_url_and_its_password_is_not_shown(
    tmp_path: Path,
) -> None:
    """Other settings of the config stay."""
    path = tmp_path / "config.yaml"
    path.write_text("storage: {days: 7, key_file: here.key}\n", encoding="utf-8")
    url = "postgresql+asyncpg://me:very-secret@h/d"
    found = config.load(path, {"VERBATIM_STORAGE_URL": f" {url}\n"}).storage
    assert (url, 7) == (found.url.get_secret_value(), found.days)
    assert found.key_path == tmp_path / "here.key"
    assert "very-secret" not in f"{found} {found!r} {found.model_dump_json()}"
    assert config.load(path, {"VERBATIM_STORAGE_URL": ""}) == config.load(path, {})


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+asyncpg://me:very-secret@h/d", "needs `storage.key_file` with PostgreSQL"),
        ("mysql://me:very-secret@h/d", "begins with neither"),
    ],
)
def test_an_invalid_storage_url_is_reported_without_its_password(
    tmp_path: Path, url: str, reason: str
) -> None:
    """From config or environment; the traceback in the log hides it too."""
    path = tmp_path / "config.yaml"
    path.write_text(f"storage:\n  url: {url}\n", encoding="utf-8")
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    for file, environment in ((path, {}), (empty, {"VERBATIM_STORAGE_URL": url})):
        with pytest.raises(VerbatimError, match=reason) as caught:
            config.load(file, environment)
        assert "\n" not in str(caught.value)
        assert "very-secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("text", "servers"),
    [("null", None), ("[]", ()), ("[145607444398080001]", (145607444398080001,))],
)
def test_writing_servers_may_be_a_list_or_empty_or_missing(
    tmp_path: Path, text: str, servers: tuple[int, ...] | None
) -> None:
    """Empty and missing differ."""
    path = tmp_path / "config.yaml"
    path.write_text(f"discord:\n  writing_servers: {text}\n", encoding="utf-8")
    assert config.load(path).discord.writing_servers == servers
