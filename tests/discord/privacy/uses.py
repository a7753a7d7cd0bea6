"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord.uses import (
    Use,
    pressing,
    using,
)

USES: dict[str, Use] = {
    "/privacy": using("privacy"),
    "ForgetButton": pressing("forget:ask"),
}
