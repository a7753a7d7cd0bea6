"""The section `discord`, with its shards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
    field_validator,
    model_validator,
)

from bot import paths
from bot.settings.section import Section, Snowflake


class ShardSettings(Section):
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


class DiscordSettings(Section):
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
        description="Connections to Discord that its servers are divided among: one (null), as many"
        " as Discord recommends (auto), or {count: 4}; with {count: 4, ids: [0, 1]} this process keeps two of"
        " them, and another the rest. See docs/scaling.md.",
    )

    @field_validator("shards", mode="before")
    @classmethod
    def _auto_or_section(cls, value: object) -> object:
        if value is None or value == "auto" or isinstance(value, dict | ShardSettings):
            return value
        raise ValueError("must be auto, or {count: 4}")

    @field_validator("curator_roles", "writing_servers", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value
