"""The section `storage`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import (
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from bot import paths
from bot.settings.section import Section
from bot.storage.address import Address


class StorageSettings(Section):
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
