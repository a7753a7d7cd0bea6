"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord.forged import STRING_SELECT
from tests.discord.uses import Use, pressing, using

USES: dict[str, Use] = {
    "/me": using("me"),
    "PreferenceMenu": pressing("me:quotes", STRING_SELECT, "2"),
    "ResetButton": pressing("me:reset"),
}
