"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord.uses import (
    ASKED,
    Use,
    pressing,
    submitting,
)

USES: dict[str, Use] = {
    "VoteButton": pressing(f"vote:right:{ASKED}"),
    "ExpectButton": pressing(f"expect:{ASKED}"),
    "ExpectationForm": submitting(f"expected:{ASKED}:1", x="The ferries"),
}
