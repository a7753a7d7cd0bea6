"""`verbatim config`: the settings that hold, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_option, knowledge_option
from bot.errors import VerbatimError

if TYPE_CHECKING:
    from bot.config import Config

HIDDEN = "********"


@click.command("config")
@config_option
@knowledge_option
def show_config(config_file: Path | None, knowledge: Path | None) -> None:
    """Print the settings in effect and where each is from, as a config file without secrets."""
    from bot import config

    loaded = config.load_with_origins(config_file)
    settings, origins = loaded.config, dict(loaded.origins)
    if knowledge is not None:
        chosen = settings.knowledge.model_copy(update={"folder": str(knowledge)})
        settings = settings.model_copy(update={"knowledge": chosen})
        origins["knowledge", "folder"] = "--knowledge"
    click.echo(f"# The bot's token: {_token_origin(settings)}")
    for line in _lines(settings, origins):
        click.echo(line)


def _token_origin(settings: Config) -> str:
    from bot import config

    try:
        config.token(settings)
    except VerbatimError as error:
        return f"missing. {error}"
    return f"from {settings.discord.token_file or config.TOKEN_VARIABLE}"


def _lines(settings: Config, origins: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    sections: tuple[str, ...] = ()
    width = max(len(line) for _, line in _settings(settings)) + 2
    for path, line in _settings(settings):
        for depth, name in enumerate(path[:-1]):
            if path[: depth + 1] != sections[: depth + 1]:
                yield f"{'  ' * depth}{name}:"
        sections = path[:-1]
        yield f"{line:{width}}# {origins[path]}"


def _settings(settings: Config) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each setting's path, and its line of YAML."""
    from bot import config, environment

    for path, _ in environment.settings_of(config.Config):
        value: Any = settings
        for name in path:
            value = getattr(value, name)
        yield path, f"{'  ' * (len(path) - 1)}{path[-1]}: {_public(value)}"


def _public(value: Any) -> str:
    """A value as YAML on one line; a secret without what is secret in it."""
    import yaml
    from pydantic import SecretStr

    from bot.storage.address import Address

    if isinstance(value, SecretStr):
        try:
            value = Address.parse(value.get_secret_value()).public_url
        except ValueError:
            value = HIDDEN
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, width=float("inf"), allow_unicode=True)
    return str(text).splitlines()[0]
