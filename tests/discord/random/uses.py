"""How to use what the feature adds."""

from __future__ import annotations

from bot.discord.random.command import AnotherButton
from tests.discord.uses import Use, pressing_quotes, using

USES: dict[str, Use] = {
    "/random": using("random"),
    "AnotherButton": pressing_quotes(lambda quotes: AnotherButton(quotes.owner)),
}
