"""How to use what the feature adds."""

from __future__ import annotations

from bot.discord.read.buttons import ContextButton
from tests.discord.uses import (
    Use,
    pressing,
    pressing_quotes,
    submitting,
    using,
)

USES: dict[str, Use] = {
    "/sources": using("sources"),
    "/read": using("read", source="bridge"),
    "ContextButton": pressing_quotes(lambda quotes: ContextButton(quotes.refs)),
    "ReadButton": pressing("read:from:{digest}:2:0"),
    "JumpButton": pressing("jump:{digest}"),
    "PostNumberForm": submitting("post:{digest}:1", number="2"),
    "SourceListButton": pressing("sources:from:0"),
}
