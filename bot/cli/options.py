"""The options --config and --knowledge, and the `Setup` made from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from bot.cli.setup import Setup

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="The config file. Without it, config.yaml here, if there is one.",
)
knowledge_option = click.option(
    "--knowledge",
    type=click.Path(path_type=Path),
    help="The folder of the texts, instead of the config's.",
)


def with_setup(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --config and --knowledge to `command`, and pass it a `Setup` as its first argument."""

    def run(config_file: Path | None, knowledge: Path | None, **rest: Any) -> Any:
        from bot import config

        settings = config.load(config_file)
        return command(Setup(settings, knowledge or Path(settings.knowledge.folder)), **rest)

    return config_option(knowledge_option(update_wrapper(run, command)))
