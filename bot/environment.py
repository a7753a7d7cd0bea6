"""Settings from environment variables: VERBATIM_SECTION__KEY, and …_FILE for secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.errors import Problem
from bot.files import checked_yaml
from bot.files.checked_yaml import KeyPath, Override

PREFIX = "VERBATIM_"
BETWEEN = "__"
"""Separates the sections and the key in a variable's name."""

IN_FILE = "_FILE"
"""Ends the name of a variable that names a file with the value of a secret."""

_SWITCHES = {"1": True, "0": False}


def settings_of(model: type[BaseModel], above: KeyPath = ()) -> Iterator[tuple[KeyPath, FieldInfo]]:
    """Yield every setting of `model`, those in its sections too, with its path."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings_of(kind, (*above, name))
        else:
            yield (*above, name), field


def variable_of(path: KeyPath) -> str:
    """The variable that overrides the setting at `path`: VERBATIM_SEARCH__QUOTES."""
    return PREFIX + BETWEEN.join(path).upper()


def read_overrides(
    model: type[BaseModel], environment: Mapping[str, str], short_names: Mapping[str, KeyPath]
) -> tuple[dict[KeyPath, Override], list[Problem]]:
    """Read the settings of `model` that the environment overrides, and what is wrong with variables.

    Empty variables count as unset. `short_names` are further names for some variables. Others that
    begin with VERBATIM_ are left alone unless they can only be misspelt names of settings. Problems
    do not show values: they may be secret.
    """
    fields = dict(settings_of(model))
    names = {variable_of(path): path for path in fields} | dict(short_names)
    found: dict[KeyPath, Override] = {}
    problems: list[Problem] = []
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or not (text := text.strip()):
            continue
        path, in_file = _path_of(variable, names, fields)
        if path is None:
            if reason := _why_unknown(variable, names):
                problems.append(Problem(variable, reason))
        elif path in found:
            problems.append(Problem(variable, f"is also set as {found[path].where}: keep one"))
        else:
            try:
                value = _value(_read_file(text) if in_file else text, fields[path].annotation)
                found[path] = Override(value, variable)
            except ValueError as error:
                problems.append(Problem(variable, str(error)))
    return found, problems


def _path_of(
    variable: str, names: Mapping[str, KeyPath], fields: Mapping[KeyPath, FieldInfo]
) -> tuple[KeyPath | None, bool]:
    """The setting that `variable` is about, and whether it names a file with the value."""
    if variable in names:
        return names[variable], False
    path = names.get(variable.removesuffix(IN_FILE))
    if variable.endswith(IN_FILE) and path and SecretStr in _kinds(fields[path].annotation):
        return path, True
    return None, False


def _why_unknown(variable: str, names: Mapping[str, KeyPath]) -> str | None:
    for name in names:
        if variable == name.replace(BETWEEN, "_"):
            return f"is not read: it is called {name}, with two underscores between section and key"
    section, between, _ = variable.rpartition(BETWEEN)
    if not between:
        return None
    siblings = [n for n in sorted(names) if n.rpartition(BETWEEN)[0] == section]
    if siblings:
        return f"is not a setting; there are {', '.join(siblings)}"
    sections = sorted({n.rpartition(BETWEEN)[0] for n in names if BETWEEN in n})
    return f"is not a setting; names begin with {', '.join(f'{one}{BETWEEN}' for one in sections)}"


def _read_file(name: str) -> str:
    try:
        text = Path(name).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"the file {name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"the file {name} is not UTF-8") from error
    if not text:
        raise ValueError(f"the file {name} is empty")
    return text


def _value(text: str, annotation: Any) -> Any:
    """Turn `text` into what YAML would give for a setting of this type."""
    kinds = _kinds(annotation)
    if SecretStr in kinds:
        return SecretStr(text)
    if tuple in kinds and not text.startswith("[") and text != "null":
        items = [one for one in re.split(r"[,\s]+", text) if one]
        return items if str in kinds else [_yaml(one) for one in items]
    if bool in kinds and text in _SWITCHES:
        return _SWITCHES[text]
    if text.startswith("{") and any(_is_section(kind) for kind in kinds):
        return _yaml(text)
    if tuple not in kinds and (str in kinds or Literal in kinds):
        return text
    return _yaml(text)


def _yaml(text: str) -> Any:
    try:
        return checked_yaml.load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ValueError("cannot be read: write it as in the config file") from None


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _kinds(annotation: Any) -> set[Any]:
    """The types in `annotation`; a literal, a tuple and what is in it count as types of their own."""
    origin = get_origin(annotation)
    if origin is None:
        return {annotation}
    if origin is Literal:
        return {Literal}
    inner = {kind for one in get_args(annotation) for kind in _kinds(one)}
    return inner | ({tuple} if origin is tuple else set())
