"""What Discord's client sends when a member uses a command, a button, a menu or a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.standin import payloads
from benchmarks.standin.payloads import JSON
from benchmarks.standin.world import World

_SUBCOMMAND, _CHANNEL, _ROLE, _FILE = 1, 7, 8, 11
_BUTTON, _INPUT, _ROLE_MENU, _CHANNEL_MENU = 2, 4, 6, 8
_KINDS = {str: 3, int: 4, bool: 5}
_RESOLVED = {_CHANNEL: "channels", _ROLE: "roles", _FILE: "attachments"}


@dataclass(frozen=True)
class Gestures:
    """Makes the data of interactions, with what Discord resolves from the ids in them."""

    world: World

    def command(self, commands: Sequence[JSON], name: str, options: Mapping[str, Any]) -> JSON:
        """A slash command; of a group, by both names. Channels, roles and files are given by their ids."""
        group, _, inner = name.partition(" ")
        root: JSON = next((c for c in commands if c["name"] == group and c["type"] == 1), {})
        known: list[JSON] = root.get("options", [])
        if inner:
            known = next((o.get("options", []) for o in known if o["name"] == inner), [])
        types = {option["name"]: option["type"] for option in known}
        given = [
            {"name": k, "type": types.get(k, _KINDS[type(v)]), "value": v}
            for k, v in options.items()
        ]
        resolved = self._resolved((option["type"], option["value"]) for option in given)
        if inner:
            given = [{"name": inner, "type": _SUBCOMMAND, "options": given}]
        return {
            "id": root.get("id", "300"), "name": group, "type": 1, "options": given,
            "resolved": resolved,
        }  # fmt: skip

    def message_command(self, commands: Sequence[JSON], name: str, message: JSON) -> JSON:
        """A command of a message's menu."""
        root: JSON = next((c for c in commands if c["name"] == name and c["type"] == 3), {})
        return {
            "id": root.get("id", "300"), "name": name, "type": 3, "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }  # fmt: skip

    def component(self, kind: int, custom_id: str, values: Sequence[str]) -> JSON:
        """A click on a button, or what was chosen from a menu."""
        data: JSON = {"component_type": kind, "custom_id": custom_id, "id": 1}
        if kind == _BUTTON:
            return data
        option = {_ROLE_MENU: _ROLE, _CHANNEL_MENU: _CHANNEL}.get(kind, 0)
        return data | {
            "values": list(values), "resolved": self._resolved((option, v) for v in values),
        }  # fmt: skip

    def form(self, form: JSON, values: Mapping[str, str]) -> JSON:
        """A form that was opened, with `values` or else what stands in its fields."""
        fields = [label["component"] | {"row": label} for label in form["components"]]
        return {
            "custom_id": form["custom_id"],
            "components": [
                {
                    "type": field["row"]["type"], "id": i,
                    "component": {
                        "type": _INPUT, "id": i, "custom_id": field["custom_id"],
                        "value": values.get(field["custom_id"], field.get("value") or ""),
                    },
                }
                for i, field in enumerate(fields, 1)
            ],
        }  # fmt: skip

    def _resolved(self, given: Any) -> JSON:
        found: JSON = {}
        for kind, value in given:
            there = self._known(kind, value) if kind in _RESOLVED else None
            if there is not None:
                found.setdefault(_RESOLVED[kind], {})[value] = there
        return found

    def _known(self, kind: int, value: str) -> JSON | None:
        if kind == _CHANNEL:
            channel = self.world.channels.get(value)
            rights = str(payloads.MEMBER_PERMISSIONS)
            return None if channel is None else channel | {"permissions": rights}
        if kind == _ROLE:
            roles = (role for server in self.world.servers.values() for role in server["roles"])
            return next((role for role in roles if role["id"] == value), None)
        return self.world.attachments.get(value)
