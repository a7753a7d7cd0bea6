"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord.uses import Use, using

USES: dict[str, Use] = {"/check": using("check")}
