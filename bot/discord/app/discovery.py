"""Finds the features: every folder beside app/ and kit/ whose `__init__` holds a `FEATURE`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import bot.discord
from bot.discord.kit.features import Feature, Features

_NOT_FEATURES = {"app", "kit"}


def discover() -> Features:
    """Import all features, in the order of their names."""
    names = sorted(
        module.name
        for module in iter_modules(bot.discord.__path__)
        if module.ispkg and module.name not in _NOT_FEATURES
    )
    found: list[Feature] = [import_module(f"bot.discord.{name}").FEATURE for name in names]
    return Features(found)
