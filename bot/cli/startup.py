"""Everything that keeps the bot from starting, found at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.processes import control_path
from bot.cli.setup import Setup
from bot.errors import Problem, TemporaryError, VerbatimError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.config import Config

RESPONDS_WITHIN = 5.0
"""Seconds that another process gets to say which database it uses."""


def check_start(config_file: Path | None, knowledge: Path | None) -> tuple[Setup, SecretStr]:
    """Read the settings and the token, and check the storage; return what is needed to start the bot.

    The texts are read too if anything else is wrong; otherwise they are read when they are loaded.

    Raises:
        VerbatimError: every problem of config, token, storage and texts.

    """
    from bot import config

    try:
        settings = config.load(config_file)
    except VerbatimError as error:
        raise _with_texts([error], config.defaults(config_file), knowledge) from error
    errors: list[VerbatimError] = []
    token = None
    try:
        token = config.token(settings)
    except VerbatimError as error:
        errors.append(error)
    for check in (_check_storage, _check_only_one):
        try:
            check(settings)
        except VerbatimError as error:
            errors.append(error)
    if errors or token is None:
        raise _with_texts(errors, settings, knowledge) from errors[0]
    return Setup(settings, knowledge or Path(settings.knowledge.folder)), token


def _check_storage(settings: Config) -> None:
    from bot.storage import database

    storage = settings.storage
    asyncio.run(database.check(storage.url.get_secret_value(), storage.key_path))


def _check_only_one(settings: Config) -> None:
    """Refuse to be a second process of the same bot: members would get every answer twice.

    Raises:
        TemporaryError: another one with the same database, and the same shards, runs on this machine.

    """
    from bot.operations import control
    from bot.storage.address import Address, from_anywhere

    try:
        status = control.ask(control_path(settings), {"command": "status"}, seconds=RESPONDS_WITHIN)
    except control.NotRunningError:
        return
    database = str(Address.parse(settings.storage.url.get_secret_value()))
    if status.get("storage") == from_anywhere(database):
        reason = (
            "another `verbatim run` uses it: stop that one, or give this one another `storage.url`"
        )
        raise TemporaryError(Problem(database, reason))


def _with_texts(
    errors: list[VerbatimError], settings: Config, knowledge: Path | None
) -> VerbatimError:
    """One error with all problems, those of the texts last."""
    from bot.texts.folder import read_folder

    setup = Setup(settings, knowledge or Path(settings.knowledge.folder))
    contents = read_folder(setup.knowledge, limits=setup.limits)
    if not (settings.knowledge.skip_broken and contents.sources) and contents.problems:
        errors = [*errors, VerbatimError(*contents.problems)]
    if len(errors) == 1:
        return errors[0]
    return VerbatimError(*(problem for error in errors for problem in error.problems))
