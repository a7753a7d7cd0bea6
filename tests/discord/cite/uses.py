"""How to use what the feature adds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.discord.kit.quotes.encoding import QuoteRef, encode_keys
from tests.discord.forged import STRING_SELECT
from tests.discord.uses import Actor, Crowd, Use, pressing


def choosing_style() -> Use:
    """Choose a style for a passage that is there."""

    def use(crowd: Crowd, actor: Actor) -> Callable[[], Awaitable[Any]]:
        ref = QuoteRef(crowd.service.snapshot.passages[0].key)
        return pressing(f"cite:{encode_keys([ref])}", STRING_SELECT, "apa")(crowd, actor)

    return use


USES: dict[str, Use] = {"CiteButton": pressing("cite"), "StyleMenu": choosing_style()}
