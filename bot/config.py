"""Settings from config.yaml and the environment, validated and immutable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import (
    SecretStr,
)

from bot import environment as environment_settings
from bot import paths
from bot.errors import Problem, VerbatimError
from bot.files import checked_yaml, file_errors
from bot.files.checked_yaml import KeyPath
from bot.settings.discord import DiscordSettings
from bot.settings.operations import HealthSettings, LogSettings
from bot.settings.search import SearchSettings
from bot.settings.section import Section
from bot.settings.storage import StorageSettings
from bot.settings.texts import ImportSettings, KnowledgeSettings

DEFAULT_FILE = Path("config.yaml")


class Config(Section):
    """Every setting of the bot, with its default."""

    knowledge: KnowledgeSettings = KnowledgeSettings()
    imports: ImportSettings = ImportSettings()
    search: SearchSettings = SearchSettings()
    discord: DiscordSettings = DiscordSettings()
    storage: StorageSettings = StorageSettings()
    log: LogSettings = LogSettings()
    health: HealthSettings = HealthSettings()


TOKEN_VARIABLE = "VERBATIM_TOKEN"  # noqa: S105 - the name of a variable, not a secret
SHORT_NAMES = {
    "VERBATIM_STORAGE_URL": ("storage", "url"),
    "VERBATIM_TOKEN_FILE": ("discord", "token_file"),
}
"""Further names of variables, for what most operators set."""

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The settings that hold, and where each is from: a line of the file, a variable, or `DEFAULT`."""

    config: Config
    origins: Mapping[KeyPath, str]


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the settings; see `load_with_origins`."""
    return load_with_origins(path, environment).config


def load_with_origins(
    path: Path | None, environment: Mapping[str, str] = os.environ
) -> LoadedConfig:
    """Read the settings from `path`; None: from ./config.yaml, if there is one.

    Variables of the environment override the file. Relative paths in the file start at its folder,
    those in the environment at the working directory.

    Raises:
        VerbatimError: the file cannot be read, or there are invalid settings: all of them.

    """
    overrides, problems = environment_settings.read_overrides(Config, environment, SHORT_NAMES)
    file = path or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    try:
        text = "" if file is None else _read(file)
        config = checked_yaml.parse(text, str(file or DEFAULT_FILE), Config, overrides=overrides)
    except VerbatimError as error:
        raise VerbatimError(*problems, *error.problems) from error
    if problems:
        raise VerbatimError(*problems)
    if file is not None:
        config = paths.resolve_paths(config, file.parent, apart_from=overrides)
    lines = checked_yaml.lines_of(text)
    origins = {key: DEFAULT for key, _ in environment_settings.settings_of(Config)}
    origins |= {key: f"{file}, line {line}" for key, line in lines.items() if key in origins}
    origins |= {key: override.where for key, override in overrides.items()}
    return LoadedConfig(config, origins)


def defaults(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Default settings, except `knowledge.folder`, which is read if at all possible.

    With them `verbatim check` can check the texts of a config that `load` refuses. None: ./config.yaml.
    """
    file, config = path or DEFAULT_FILE, Config()
    folder = environment.get(environment_settings.variable_of(("knowledge", "folder")), "").strip()
    if folder:
        return Config(knowledge=KnowledgeSettings(folder=folder))
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError, yaml.YAMLError):
        named = yaml.safe_load(file.read_text(encoding="utf-8-sig"))["knowledge"]["folder"]
        config = Config(knowledge=KnowledgeSettings(folder=named))
    return paths.resolve_paths(config, file.parent)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VerbatimError(Problem(str(path), "not UTF-8: save it as UTF-8")) from error
    except OSError as error:
        raise VerbatimError(Problem(str(path), file_errors.why_unreadable(error))) from error


def token(config: Config, environment: Mapping[str, str] = os.environ) -> SecretStr:
    """Read the bot's token from the file that the config names, or from the environment.

    Raises:
        VerbatimError: there is no token.

    """
    if config.discord.token_file is not None:
        path = Path(config.discord.token_file)
        try:
            found = path.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = "the file that `discord.token_file` names cannot be read"
            raise VerbatimError(Problem(str(path), reason)) from error
        if not found:
            raise VerbatimError(Problem(str(path), "is empty: put the bot's token in it"))
        return _one_word(found, str(path))
    found = environment.get(TOKEN_VARIABLE, "").strip()
    if not found:
        reason = (
            "no token: set this environment variable to the bot's token, or name a file that"
            " holds it in the config's `discord.token_file`"
        )
        raise VerbatimError(Problem(TOKEN_VARIABLE, reason))
    return _one_word(found, TOKEN_VARIABLE)


def _one_word(found: str, where: str) -> SecretStr:
    """The token; more than one word could not even be sent to Discord."""
    if len(found.split()) > 1:
        raise VerbatimError(Problem(where, "has more than the bot's token: put that alone there"))
    return SecretStr(found)
