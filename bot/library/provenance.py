"""Hashes a module together with everything it imports, so that saved data follows the code."""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import CodeType
from typing import Any

ROOT = "bot"


@cache
def code_fingerprint(module: str) -> str:
    """Hash `module` and every module of this package that it imports, directly or not.

    Uses each module's file as its loader provides it: source, or byte code if only that is
    installed, from a folder or a zip archive.

    Raises:
        ImportError: a loader provides neither.

    """
    found = hashlib.blake2b(digest_size=8)
    for name in modules_of(module):
        found.update(f"{name}\0".encode() + _file_of(name) + b"\0")
    return found.hexdigest()


@cache
def modules_of(module: str) -> tuple[str, ...]:
    """Names of `module` and all modules of this package that it imports, sorted.

    Imports inside functions count. They are found in the compiled code, so no list has to be kept;
    a name that merely looks like an import may add a module too many.
    """
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or (spec := _spec(name)) is None:
            continue
        found.add(name)
        waiting += _imports(spec)
        waiting.append(name.rpartition(".")[0])  # importing a module runs its package
    return tuple(sorted(found))


def _imports(spec: ModuleSpec) -> Iterator[str]:
    loader: Any = spec.loader
    code = loader.get_code(spec.name)
    names = set(_names(code)) if code is not None else set()
    imported = {name for name in names if name == ROOT or name.startswith(f"{ROOT}.")}
    yield from imported
    for package in imported:  # `from bot.texts import folder` compiles to two names
        yield from (f"{package}.{name}" for name in _submodules(package) & names)


@cache
def _submodules(package: str) -> frozenset[str]:
    spec = _spec(package)
    places = None if spec is None else spec.submodule_search_locations
    return frozenset(found.name for found in pkgutil.iter_modules(places or ()))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@cache
def _spec(name: str) -> ModuleSpec | None:
    if name != ROOT and not name.startswith(f"{ROOT}."):
        return None
    try:
        return find_spec(name)
    except ModuleNotFoundError:  # its parent is a module, not a package
        return None


def _file_of(name: str) -> bytes:
    spec = _spec(name)
    loader: Any = None if spec is None else spec.loader
    try:
        data: bytes = loader.get_data(loader.get_filename(name))
    except (AttributeError, OSError) as error:
        raise ImportError(f"{name} can neither be read as source nor as byte code") from error
    return data
