"""Settings that name files and folders: a relative one begins at the folder of the config file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.storage.address import Address

Settings = TypeVar("Settings", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Locates:
    """Marks a setting that names a file or folder; `resolve` joins a folder and the setting."""

    resolve: Callable[[Path, str], str]


def resolved(settings: Settings, folder: Path) -> Settings:
    """Return `settings` with every relative path in them, also in sections, begun at `folder`."""
    changes: dict[str, Any] = {}
    for name, field in type(settings).model_fields.items():
        value, mark = getattr(settings, name), mark_of(field)
        if isinstance(value, BaseModel):
            changes[name] = resolved(value, folder)
        elif mark is not None and isinstance(value, SecretStr):
            changes[name] = SecretStr(mark.resolve(folder, value.get_secret_value()))
        elif mark is not None and value is not None:
            changes[name] = mark.resolve(folder, value)
    return settings.model_copy(update=changes)


def mark_of(field: FieldInfo) -> Locates | None:
    """Return the mark of a setting that names a file or folder; None for any other."""
    return next((found for found in field.metadata if isinstance(found, Locates)), None)


def _path(folder: Path, value: str) -> str:
    return str(folder / value)


def _model(folder: Path, value: str) -> str:
    """Return a folder's path; what is no folder is the name of a model to fetch."""
    return str(folder / value) if (folder / value).is_dir() else value


def _database(folder: Path, url: str) -> str:
    """Return the URL with the path of its SQLite file; that of a server is returned as it is."""
    file = Address.of(url).file
    if file is None or folder / file == file:
        return url
    path = re.sub("[%?#]", lambda found: quote(found[0]), (folder / file).as_posix())
    return f"sqlite+aiosqlite:///{path}"


PATH = Locates(_path)
MODEL = Locates(_model)
DATABASE = Locates(_database)
