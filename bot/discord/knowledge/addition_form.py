"""The form for title, author and other facts of a text that is being added."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, Self

import discord

from bot.discord.kit.buttons import FORM_TIMEOUT
from bot.discord.kit.interactions import Interaction
from bot.discord.knowledge.additions import TICKET, TypedFacts
from bot.wording import Wording

FORM_ID = re.compile(rf"shelf:form:(?P<ticket>{TICKET}):\d+")
_LENGTHS = {"title": 200, "author": 100, "url": 400, "date": 10, "language": 20}
_REQUIRED = ("title", "author")


class AdditionForm(discord.ui.Modal):
    """A field for each fact of a text that is added, the addition's ticket in its `custom_id`.

    `opened` makes the `custom_id` unique, or discord.py would take two members' forms for one.
    """

    def __init__(self, ticket: str, form: TypedFacts, opened: int, wording: Wording) -> None:
        super().__init__(
            title=wording.FORM_TITLE,
            timeout=FORM_TIMEOUT,
            custom_id=f"shelf:form:{ticket}:{opened}",
        )
        for name, most in _LENGTHS.items():
            text: discord.ui.TextInput[Self] = discord.ui.TextInput(
                custom_id=name,
                default=getattr(form, name)[:most] or None,
                max_length=most,
                required=name in _REQUIRED,
            )
            hint = wording.hint(name) or None
            self.add_item(
                discord.ui.Label(text=wording.fact(name), description=hint, component=text)
            )


def read_form(interaction: Interaction) -> TypedFacts:
    """Read the submitted form."""
    data: Any = interaction.data
    inputs = (row.get("component", {}) for row in data.get("components", ()))
    values = {str(field.get("custom_id")): str(field.get("value") or "") for field in inputs}
    return TypedFacts(**{field.name: values.get(field.name, "") for field in fields(TypedFacts)})
