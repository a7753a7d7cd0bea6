"""Sends the commands to Discord at start, only if they differ from those it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discord import app_commands
from discord.http import Route

_COMPARED = ("name", "type", "description", "nsfw", "default_member_permissions")
_LOCALIZED = ("name_localizations", "description_localizations")
_OPTION = (
    "name", "type", "description", "required", "autocomplete",
    "min_value", "max_value", "min_length", "max_length",
)  # fmt: skip


async def sync_if_changed(tree: app_commands.CommandTree[Any]) -> bool:
    """Send the tree's commands if Discord has others; return whether they were sent."""
    client = tree.client
    # Not tree.fetch_commands(): the models it makes lose one of a command's contexts, and Discord
    # leaves out the words of other languages unless it is asked for them.
    route = Route(
        "GET", "/applications/{application_id}/commands", application_id=client.application_id or 0
    )
    there = await client.http.request(route, params={"with_localizations": "true"})
    translator = tree.translator
    here = [
        command.to_dict(tree)
        if translator is None
        else await command.get_translated_payload(tree, translator)
        for command in tree.get_commands()
    ]
    if fingerprints(there) == fingerprints(here):
        return False
    await tree.sync()
    return True


def fingerprints(commands: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], Any]:
    """Reduce commands to what matters, by type and name, without Discord's defaults."""
    return {
        (int(command.get("type") or 1), str(command["name"])): _fingerprint(command)
        for command in commands
    }


def _fingerprint(command: Mapping[str, Any]) -> Any:
    said = {key: _plain(command.get(key)) for key in _COMPARED if key != "type"}
    said["contexts"] = sorted(command.get("contexts") or ())
    said["integration_types"] = sorted(command.get("integration_types") or ())
    said |= _localized(command)
    said["options"] = [_option(option) for option in command.get("options") or ()]
    return said


def _option(option: Mapping[str, Any]) -> Any:
    """Reduce an option, or a command in a group with options of its own, to what matters."""
    return (
        {key: _plain(option.get(key)) for key in _OPTION}
        | {
            "choices": [
                (c["name"], c["value"], _localized(c)) for c in option.get("choices") or ()
            ],
            "options": [_option(inner) for inner in option.get("options") or ()],
        }
        | _localized(option)
    )


def _localized(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: said.get(key) or {} for key in _LOCALIZED}


def _plain(value: Any) -> Any:
    """Make what Discord fills in by default equal to what was left out."""
    return None if value in (None, False, "", 0) else str(value)
