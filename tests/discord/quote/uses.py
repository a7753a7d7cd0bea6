"""How to use what the feature adds."""

from __future__ import annotations

from bot.discord.kit.custom_ids import USER_LENGTH
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.deleting import DeleteButton
from tests.discord.uses import (
    Use,
    choosing,
    pressing,
    pressing_quotes,
    using,
)

USES: dict[str, Use] = {
    "/quote": using("quote", text="toll"),
    "Find the source": choosing("Find the source"),
    "TurnButton": pressing_quotes(lambda quotes: TurnButton(quotes, 1)),
    "MoreButton": pressing_quotes(lambda quotes: MoreButton(quotes.refs)),
    "ShareButton": pressing_quotes(lambda quotes: ShareButton(quotes, 0)),
    "PlaceButton": pressing(
        f"place:{'A' * USER_LENGTH}:{{digest}}:0AAABAAAAAAAACAAAAB:from:AAABAAAAA"
    ),
    "DeleteButton": pressing_quotes(lambda quotes: DeleteButton(quotes.owner)),
}
