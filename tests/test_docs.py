"""What the documents state comes from the program."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import discord
import yaml

from bot.config import Config

ROOT = Path(__file__).parent.parent


def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readmes_tables_are_the_programs() -> None:
    """`make docs` writes them; a command or a setting that changed must be in them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == tables().readme(text), "run `make docs`"


def test_the_example_config_has_every_key_with_its_default() -> None:
    """It is what the program would do without it."""
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    assert text == "\n".join(tables().example()) + "\n", "run `make docs`"
    assert Config.model_validate(yaml.safe_load(text)) == Config()


def test_the_invitation_asks_for_the_permissions_that_the_readme_names() -> None:
    """No more and no fewer."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    number = re.search(r"permissions=(\d+)", text)
    assert number is not None
    assert discord.Permissions(int(number[1])) == discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        create_public_threads=True,
        read_message_history=True,
    )
