"""Generates the documents' tables and config.example.yaml from the code (`make docs`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from discord import app_commands
from pydantic import BaseModel, SecretStr

from bot.cli.main import main
from bot.config import Config
from bot.discord.app.discovery import discover
from bot.discord.kit.permissions import Audience, name_of_command
from bot.paths import mark_of

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = ROOT / "config.example.yaml"
PERMISSIONS = ROOT / "docs" / "permissions.md"
RELATIVE = "A relative path starts at the config's folder."


def discord_commands() -> Iterator[str]:
    """Commands on Discord with their options, required ones without brackets."""
    yield "| on Discord | what it does |"
    yield "| --- | --- |"
    for command in discover().commands():
        if isinstance(command, app_commands.ContextMenu):
            description = command.extras["description"]
            yield f"| a message's menu, Apps, **{command.name}** | {description} |"
            continue
        for one in command.commands if isinstance(command, app_commands.Group) else (command,):
            if isinstance(one, app_commands.Group):  # none of ours is nested
                continue
            options = "".join(
                f" {o.name}" if o.required else f" [{o.name}]" for o in one.parameters
            )
            yield f"| `/{one.qualified_name}{options}` | {one.description} |"


def command_line() -> Iterator[str]:
    """Commands of `verbatim` with their options, without --config and --knowledge."""
    yield "| command | what it does | options |"
    yield "| --- | --- | --- |"
    for name, command in _commands(main, "verbatim"):
        arguments = [p.make_metavar(click.Context(command)) for p in command.params
                     if isinstance(p, click.Argument)]  # fmt: skip
        options = [
            f"`{'/'.join([*p.opts, *p.secondary_opts])}`"
            for p in command.params
            if isinstance(p, click.Option) and p.name not in {"config_file", "knowledge"}
        ]
        call = " ".join([name, *arguments])
        yield f"| `{call}` | {command.get_short_help_str(200)} | {' '.join(options)} |"


def _commands(group: click.Group, above: str) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands of a group with their full names, including those of groups in it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


def settings() -> Iterator[str]:
    """Settings of config.yaml with defaults and descriptions."""
    yield "| key | default | meaning |"
    yield "| --- | --- | --- |"
    for sections, key, default, description in _fields(Config):
        yield f"| `{'.'.join(sections)}.{key}` | `{_scalar(default)}` | {description} |"


def example() -> Iterator[str]:
    """Yield config.example.yaml line by line."""
    yield "# All settings with their defaults. Copy to config.yaml, and keep what you change."
    yield "# Never write the bot's token here: it comes from the environment variable"
    yield "# VERBATIM_TOKEN, or from the file that discord.token_file names."
    last: tuple[str, ...] = ()
    for sections, key, default, description in _fields(Config):
        indent = "  " * len(sections)
        if sections != last:
            gap = "\n" if len(sections) == 1 else ""
            yield f"{gap}{indent[2:]}{sections[-1]}:"
            last = sections
        yield from (f"{indent}# {line}" for line in _wrapped(description))
        yield f"{indent}{key}: {_scalar(default)}"


def _fields(
    model: type[BaseModel], sections: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, Any, str]]:
    """Yield sections, key, default and description of every setting."""
    for key, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, (*sections, key))
        else:
            begins = f" {RELATIVE}" if mark_of(field) else ""
            yield sections, key, field.default, f"{field.description or ''}{begins}"


def _scalar(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    plain = list(value) if isinstance(value, tuple) else value
    return yaml.safe_dump(plain, default_flow_style=True).splitlines()[0]


def _wrapped(text: str, width: int = 92) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def permissions() -> Iterator[str]:
    """Who may use what on Discord, the most open audience first."""
    yield "| what | what it does | who may |"
    yield "| --- | --- | --- |"
    said, audiences = dict(_what_there_is()), discover().audiences()
    for audience in Audience:
        for name in (name for name, whose in audiences.items() if whose is audience):
            component, _, setting = name.partition(" ") if name not in said else (name, "", "")
            shown = f"`{component}`" + (f", for `{setting}`" if setting else "")
            yield f"| {shown} | {said[component]} | {audience.value} |"


def _what_there_is() -> Iterator[tuple[str, str]]:
    """Yield the name and description of every command, menu entry, button and form."""
    for command in discover().commands():
        if isinstance(command, app_commands.ContextMenu):
            yield command.name, command.extras["description"]
            continue
        for one in command.commands if isinstance(command, app_commands.Group) else (command,):
            if isinstance(one, app_commands.Command):
                yield name_of_command(one), one.description
    features = discover()
    for component in (*features.buttons, *(form.modal for form in features.forms)):
        yield component.__name__, (component.__doc__ or "").strip().split("\n")[0]


def document(text: str) -> str:
    """Replace the text between each pair of markers `<!-- NAME -->`, `<!-- /NAME -->`."""
    for name, table in (
        ("discord-commands", discord_commands),
        ("command-line", command_line),
        ("settings", settings),
        ("permissions", permissions),
    ):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        body = "\n".join(table())
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        text = pattern.sub(lambda _, new=f"{start}\n{body}\n{end}": new, text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    for path in (README, PERMISSIONS):
        path.write_text(document(path.read_text(encoding="utf-8")), encoding="utf-8")
    EXAMPLE.write_text("\n".join(example()) + "\n", encoding="utf-8")
