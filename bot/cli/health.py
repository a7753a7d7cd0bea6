"""`verbatim health`: asks the running bot whether it works."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_option
from bot.errors import Problem, VerbatimError

if TYPE_CHECKING:
    from bot.settings.operations import HealthSettings

LIMIT = 10.0
"""Seconds that the bot gets to respond."""

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - not bound here
"""Where to ask a bot that listens at all addresses."""


_NOT_THE_BOT = (
    "another program responds there: set `health.port` to a free port, and restart the bot"
)


@click.command()
@config_option
@click.option("--live", is_flag=True, help="Only ask whether the bot runs, not whether it works.")
@click.option("--json", "in_json", is_flag=True, help="Print what the bot responds.")
def health(config_file: Path | None, live: bool, in_json: bool) -> None:
    """Ask the running bot whether it works; the exit status is 0 if it does."""
    from bot import config

    settings = config.load(config_file).health
    if not settings.port:
        raise VerbatimError(Problem("health.port", "is 0, so the bot cannot be asked"))
    answer = _ask(settings, "livez" if live else "readyz")
    if in_json:
        click.echo(json.dumps(answer))
    elif live:
        click.echo(f"live: verbatim {answer.get('version')}")
    else:
        for name, part in answer.get("parts", {}).items():
            state = "ready" if part["ready"] else "NOT READY"
            reason = f": {part['reason']}" if "reason" in part else ""
            click.echo(f"{name}: {state} since {part['since']}{reason}")
    sys.exit(0 if answer.get("live") or answer.get("ready") else 1)


def is_running(settings: HealthSettings) -> bool:
    """Whether a bot responds there."""
    try:
        return bool(settings.port) and _ask(settings, "livez").get("live") is True
    except VerbatimError:
        return False


def _ask(settings: HealthSettings, page: str) -> dict[str, Any]:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, build_opener

    host = _EVERYWHERE.get(settings.host, settings.host)
    address = f"[{host}]" if ":" in host else host
    url = f"http://{address}:{settings.port}/{page}"
    opener = build_opener(ProxyHandler({}))  # a proxy could not reach this machine
    try:
        try:
            with opener.open(url, timeout=LIMIT) as response:
                text = response.read()
        except HTTPError as error:  # 503: it says what does not work
            text = error.read()
        answer = json.loads(text)
    except OSError as error:
        cause = getattr(error, "reason", error)  # urllib wraps the error of the socket
        cause = getattr(cause, "strerror", None) or cause
        reason = f"the bot does not respond ({cause}): is it running?"
        raise VerbatimError(Problem(url, reason)) from error
    except (ValueError, HTTPException) as error:  # no JSON, or not even HTTP
        raise VerbatimError(Problem(url, _NOT_THE_BOT)) from error
    if not isinstance(answer, dict) or not _is_the_bots(answer):
        raise VerbatimError(Problem(url, _NOT_THE_BOT))
    return answer


def _is_the_bots(answer: dict[str, Any]) -> bool:
    """Whether this is what the bot responds; other programs have pages of the same names."""
    parts = answer.get("parts")
    if not isinstance(parts, dict):
        return answer.get("live") is True
    return all(
        isinstance(part, dict) and {"ready", "since"} <= part.keys() for part in parts.values()
    )
