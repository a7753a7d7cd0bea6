"""Updates the translation catalogues from the lines in the code.

    python -m tools.catalogue [--new LANGUAGE]

New lines are added untranslated, lines that no longer exist are removed, and nothing else changes.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from discord import app_commands

from bot.discord.app.discovery import discover
from bot.discord.app.translator import COMMAND_NAME, OPTION_NAME

FOLDER = Path(__file__).parent.parent / "bot" / "wording" / "locale"
SOURCES = Path(__file__).parent.parent / "bot" / "wording"
FEATURES = Path(__file__).parent.parent / "bot" / "discord"
HEADER = "# The lines of Verbatim in another language. Quotes are never translated."
_NAMES = {COMMAND_NAME: "one word in lower case, at most 32 characters"}
_NAMES[OPTION_NAME] = _NAMES[COMMAND_NAME]


def template() -> Catalog:
    """Collect every line that the bot says and every command name, untranslated."""
    catalog = Catalog(project="Verbatim", charset="utf-8", header_comment=HEADER)
    for path in (*sorted(SOURCES.glob("*.py")), *sorted(FEATURES.glob("*/wording.py"))):
        for message in lines_of(path.read_text(encoding="utf-8")):
            catalog.add(message)
    for text, context in command_words():
        comment = _NAMES.get(context, "") if context else "at most 100 characters"
        catalog.add(text, context=context, auto_comments=[comment])
    return catalog


def lines_of(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield the literals passed to `Line`, `_` and `_n` in a module's source, in source order."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else None
        name = call.func.id if isinstance(call.func, ast.Name) else name
        if name not in {"Line", "_", "_n"}:
            continue
        words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        said = [word for word in words if isinstance(word, str)]
        if name == "_n":
            yield said[0], said[1]
        elif said:
            yield said[0]


def command_words() -> Iterator[tuple[str, str | None]]:
    """Yield each command's names and descriptions; the second item is a name's kind, else None."""
    for command in discover().commands():
        yield from _words(command)


def _words(
    command: app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu,
) -> Iterator[tuple[str, str | None]]:
    if isinstance(command, app_commands.ContextMenu):
        yield command.name, COMMAND_NAME
        return
    yield command.name, COMMAND_NAME
    yield command.description, None
    if isinstance(command, app_commands.Group):
        for inner in command.commands:
            yield from _words(inner)
        return
    for option in command.parameters:
        yield option.name, OPTION_NAME
        yield str(option.description), None
        for choice in option.choices:
            yield choice.name, None


def update(language: str) -> None:
    """Rewrite the catalogue of `language`, keeping its translations."""
    path = FOLDER / f"{language}.po"
    locale = language.replace("-", "_")
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale)
    else:
        catalog = Catalog(locale=locale, project="Verbatim", creation_date=datetime.now(UTC))
    catalog.header_comment = HEADER
    made = catalog.creation_date
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.creation_date = made
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.language_team = catalog.last_translator = catalog.msgid_bugs_address = ""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, omit_header=False)


def is_language(tag: str) -> bool:
    """Whether `tag` is written as Discord writes languages, and Babel knows its plurals."""
    try:
        return Locale.parse(tag, sep="-").language == tag.partition("-")[0]
    except (ValueError, UnknownLocaleError):
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--new", metavar="LANGUAGE", help="start a catalogue for this language, such as fr"
    )
    asked = parser.parse_args()
    if asked.new and not is_language(asked.new):
        parser.error(
            f"{asked.new} is not a language that Discord knows: give a tag such as fr or pt-BR"
        )
    for tag in [asked.new] if asked.new else sorted(path.stem for path in FOLDER.glob("*.po")):
        update(tag)
