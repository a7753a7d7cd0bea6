"""Resolves settings that name files or folders against the folder of the config file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.files.checked_yaml import KeyPath
from bot.storage.address import Address

Settings = TypeVar("Settings", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PathMark:
    """Marks a setting as a path; `resolve(folder, value)` gives its absolute form."""

    resolve: Callable[[Path, str], str]


def resolve_paths(
    settings: Settings, folder: Path, *, apart_from: Collection[KeyPath] = (), above: KeyPath = ()
) -> Settings:
    """Copy `settings` with every marked path, in sections too, made relative to `folder`.

    The settings `apart_from`, given by their paths, stay as they are. `above` leads to `settings`.
    """
    changes: dict[str, Any] = {}
    for name, field in type(settings).model_fields.items():
        value, mark, path = getattr(settings, name), mark_of(field), (*above, name)
        if isinstance(value, BaseModel):
            changes[name] = resolve_paths(value, folder, apart_from=apart_from, above=path)
        elif mark is None or value is None or path in apart_from:
            continue
        elif isinstance(value, SecretStr):
            changes[name] = SecretStr(mark.resolve(folder, value.get_secret_value()))
        else:
            changes[name] = mark.resolve(folder, value)
    return settings.model_copy(update=changes)


def mark_of(field: FieldInfo) -> PathMark | None:
    """The mark of a setting that is a path; None for any other."""
    return next((found for found in field.metadata if isinstance(found, PathMark)), None)


def _path(folder: Path, value: str) -> str:
    return str(folder / value)


def _model(folder: Path, value: str) -> str:
    """Resolve a model's folder; anything that is not a folder is the name of a model to download."""
    return str(folder / value) if (folder / value).is_dir() else value


def _database(folder: Path, url: str) -> str:
    """Resolve the file in a SQLite URL; a server's URL stays as it is."""
    file = Address.parse(url).file
    if file is None or folder / file == file:
        return url
    return Address.url_of(folder / file)


PATH = PathMark(_path)
MODEL = PathMark(_model)
DATABASE = PathMark(_database)
