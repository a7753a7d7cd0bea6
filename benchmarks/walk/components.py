"""Buttons, menus and forms, by their names in the table of permissions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.standin.payloads import JSON
from bot.discord.app.discovery import discover

_FEATURES = discover()
AUDIENCES = _FEATURES.audiences()


@dataclass(frozen=True)
class Component:
    """A button or menu under a message, with what is chosen from it."""

    message: JSON
    described: JSON
    values: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether it is still under its message."""
        wanted = self.described["custom_id"]
        return any(one["custom_id"] == wanted for one in components(self.message))

    @property
    def key(self) -> tuple[str, ...]:
        """What distinguishes it from other kinds, without the keys of what it is about."""
        custom_id = self.described["custom_id"]
        words = [part for part in custom_id.split(":")[1:4] if re.fullmatch("[a-z_]{2,20}", part)]
        return name_of(custom_id), *words, *self.values


def components(message: JSON) -> list[JSON]:
    """The buttons and menus of a message, without links."""
    rows = message.get("components") or []
    return [one for row in rows for one in row.get("components", ()) if "custom_id" in one]


def name_of(custom_id: str) -> str:
    """The name of a button or menu in the table of permissions."""
    for button in _FEATURES.buttons:
        match = button.__discord_ui_compiled_template__.fullmatch(custom_id)
        if match is not None:
            exceptions = [one for one in button.audience_exceptions if f":{one}:" in custom_id]
            return " ".join([button.__name__, *exceptions])
    return custom_id


def form_of(custom_id: str) -> str:
    """The name of a form in the table of permissions."""
    forms = (form for form in _FEATURES.forms if form.template.fullmatch(custom_id))
    return next((form.modal.__name__ for form in forms), custom_id)
