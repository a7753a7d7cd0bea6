"""Features are found by their folders."""

from __future__ import annotations

from pathlib import Path

import bot.discord
from bot.discord.app.discovery import discover
from bot.discord.kit.features import subcommands
from bot.discord.kit.permissions import name_of_command


def test_every_folder_beside_the_app_and_the_kit_is_a_feature() -> None:
    """None is forgotten, and none is empty."""
    folders = {path.parent.name for path in Path(bot.discord.__path__[0]).glob("*/__init__.py")}
    found = discover().features
    assert len(found) == len(folders - {"app", "kit"})
    assert all(feature.commands or feature.buttons for feature in found)


def test_commands_for_everybody_come_before_those_of_curators() -> None:
    """And message menus last, as the README lists them."""
    names = [name_of_command(c) for one in discover().commands() for c in subcommands(one)]
    assert names[0] == "/ask"
    assert names.index("/sources") < names.index("/gaps") < names.index("/knowledge add")
    assert names[-2:] == ["Find the source", "Add to the knowledge"]
