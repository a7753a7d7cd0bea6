"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord.uses import (
    Use,
    pressing,
    using,
)

USES: dict[str, Use] = {
    "/gaps": using("gaps"),
    "/stats": using("stats"),
    "GapsButton": pressing("gaps:30:0"),
    "ExportButton": pressing("gaps-file:30"),
}
