"""A database's URL taken apart: what may be shown of it, and what may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_SQLITE = ("sqlite", "sqlite+aiosqlite")
_POSTGRES = ("postgresql", "postgresql+asyncpg", "postgres")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database and who signs in to it."""

    host: str
    port: int | None
    database: str
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    options: tuple[tuple[str, str], ...] = field(repr=False)

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.host}{port}/{self.database}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: a SQLite file, or a PostgreSQL server. As text it shows no secret."""

    at: Path | Server

    @classmethod
    def of(cls, url: str) -> Address:
        """Return the address that `url` names; a driver need not be said.

        Raises:
            ValueError: it is none. The reason shows nothing of the URL.

        """
        try:
            parts = urlsplit(url)
            if parts.scheme in _SQLITE:
                return cls(_file(parts))
            if parts.scheme in _POSTGRES:
                return cls(_server(parts))
        except _UnusableError:
            raise
        except ValueError:
            reason = "is no URL: characters such as / and # in the password are written as %2F, %23"
            raise ValueError(reason) from None
        raise ValueError("begins with neither sqlite+aiosqlite:/// nor postgresql+asyncpg://")

    @property
    def file(self) -> Path | None:
        """Return the SQLite file."""
        return self.at if isinstance(self.at, Path) else None

    def __str__(self) -> str:
        return str(self.at)


class _UnusableError(ValueError):
    """A URL that can be taken apart but not used."""


def _file(parts: SplitResult) -> Path:
    name = parts.path[1:]
    if parts.netloc or not name or name == ":memory:":
        raise _UnusableError(
            "names no file: sqlite+aiosqlite:///FILE, or four slashes from the root"
        )
    if parts.query or parts.fragment:
        reason = "takes no options: ? and # in a file's name are written as %3F, %23"
        raise _UnusableError(reason)
    return Path(unquote(name))


def _server(parts: SplitResult) -> Server:
    options = tuple(
        ("ssl" if name == "sslmode" else name, value)  # libpq's name, and asyncpg's for the same
        for name, value in parse_qsl(
            parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)
        )
    )
    rest = f"{parts.path}{parts.query}{parts.fragment}"
    if "@" in rest or "#" in rest or any(name == "password" for name, _ in options):
        reason = (
            "has its password in the wrong place: postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"
        )
        raise _UnusableError(f"{reason}, with / and # in it written as %2F, %23")
    database = unquote(parts.path[1:])
    if not parts.hostname or not database:
        raise _UnusableError("names no database: postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE")
    user, password = (part and unquote(part) for part in (parts.username, parts.password))
    return Server(parts.hostname, parts.port, database, user, password, options)
