"""How to use what the feature adds."""

from __future__ import annotations

from bot.discord.ask.did_you_mean import MeantButton
from bot.discord.kit.custom_ids import USER_LENGTH, digits
from tests.discord.uses import (
    QUESTION,
    Use,
    pressing,
    pressing_quotes,
    submitting,
    using,
)

USES: dict[str, Use] = {
    "/ask": using("ask", question=QUESTION),
    "/help": using("help"),
    "MeantButton": pressing_quotes(lambda quotes: MeantButton(quotes.owner, QUESTION)),
    "WithinButton": pressing(f"within:{digits(1, USER_LENGTH)}:{{digest}}:tl;dr"),
    "StarterButton": pressing(f"starter:{QUESTION}"),
    "FollowUpButton": pressing("follow"),
    "FollowUpForm": submitting("following:1", question=QUESTION),
}
