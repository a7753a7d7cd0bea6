"""What all sections of the settings share."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

Probability = Annotated[float, Field(ge=0, le=1)]
Snowflake = Annotated[int, Field(gt=0, lt=2**64)]


def _as_word(value: object) -> object:
    """Undo YAML's reading of unquoted `on` and `off` as booleans."""
    return ("on" if value else "off") if isinstance(value, bool) else value


ON_OFF = BeforeValidator(_as_word)
"""For settings that accept `on` or `off`."""


class Section(BaseModel):
    """Settings that belong together: immutable, and with no others beside them."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_default=True,
        hide_input_in_errors=True,  # it may be a password
    )
