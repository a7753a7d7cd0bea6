"""The address of a database, from its URL: shown to people without its secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from sqlalchemy import URL

_SQLITE = ("sqlite", "sqlite+aiosqlite")
_POSTGRES = ("postgresql", "postgresql+asyncpg", "postgres")


@dataclass(frozen=True, slots=True)
class Address:
    """A SQLite file or a PostgreSQL server; one of the two is None. str and repr show no secret."""

    file: Path | None = None
    server: URL | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Address:
        """Parse `url`; the driver may be left out.

        SQLAlchemy, which takes a third of a second to import, is only loaded for PostgreSQL: every
        command reads the settings, but few need the database.

        Raises:
            ValueError: the URL cannot be used. The message shows no part of it.

        """
        scheme = url.partition(":")[0]
        if scheme in _SQLITE:
            return cls(file=_parse_file(url))
        if scheme in _POSTGRES:
            return cls(server=_parse_server(url))
        raise ValueError("begins with neither sqlite+aiosqlite:/// nor postgresql+asyncpg://")

    @staticmethod
    def url_of(file: Path) -> str:
        """The URL of a SQLite file."""
        return (
            f"sqlite+aiosqlite:///{re.sub('[%?#]', lambda found: quote(found[0]), file.as_posix())}"
        )

    @property
    def public_url(self) -> str:
        """The URL without password and options."""
        if self.server is None:
            return f"sqlite+aiosqlite:///{self.file}"
        return self.server.set(query={}).render_as_string(hide_password=True)

    def __str__(self) -> str:
        if self.server is None:
            return str(self.file)
        port = "" if self.server.port is None else f":{self.server.port}"
        return f"{self.server.host}{port}/{self.server.database}"


def _parse_file(url: str) -> Path:
    parts = urlsplit(url)
    name = parts.path[1:]
    if parts.netloc or not name or name == ":memory:":
        raise ValueError(
            "does not name a file: sqlite+aiosqlite:///FILE, or four slashes from the root"
        )
    if parts.query or parts.fragment:
        raise ValueError("takes no options: ? and # in a file's name are written as %3F, %23")
    return Path(unquote(name))


def _parse_server(url: str) -> URL:
    from sqlalchemy import make_url  # noqa: PLC0415 - see Address.parse
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        found = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        reason = "is not a URL: characters such as @ and : in the password are written as %40, %3A"
        raise ValueError(reason) from None
    if "@" in f"{found.host}{found.database}" or "password" in found.query:
        form = "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"
        raise ValueError(
            f"has its password in the wrong place: {form}, with @ in it written as %40"
        )
    if not found.host or not found.database:
        raise ValueError(
            "does not name a database: postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"
        )
    # libpq's name for an option that asyncpg calls ssl
    options = {"ssl" if name == "sslmode" else name: value for name, value in found.query.items()}
    return found.set(drivername="postgresql+asyncpg", query=options)


def from_anywhere(where: str) -> str:
    """The file that `where` names from this working directory, by its full path; a server stays as it is."""
    return str(Path(where).resolve()) if Path(where).is_file() else where
