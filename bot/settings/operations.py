"""The sections `log` and `health`."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
)

from bot.settings.section import Section


class LogSettings(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The lowest level that is logged."
    )
    format: Literal["auto", "json", "text"] = Field(
        "auto", description="One JSON object a line, text, or text only on a terminal (auto)."
    )


class HealthSettings(Section):
    """Where the state of the bot can be asked for."""

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address of /livez, /readyz and /metrics: by default reachable from this machine"
        " alone.",
    )
    port: int = Field(9464, ge=0, le=65535, description="Their port; 0: they are not served.")
