"""What reports have in common: whether questions are kept, and loading within Discord's time."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.sending import acknowledge_if_slow, send_line
from bot.discord.kit.service import service_of
from bot.storage.connections import StorageError

MAX_DAYS = 365

Result = TypeVar("Result")

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


async def require_kept_questions(interaction: Interaction) -> bool:
    """Whether questions are kept; tells the curator if they are not."""
    if service_of(interaction).storage.keeps_questions:
        return True
    await send_line(interaction, member_wording(interaction).NOTHING_IS_KEPT)
    return False


async def load_report(
    interaction: Interaction, work: Awaitable[Result], *, in_place: bool = False
) -> Result | None:
    """Load a report, deferring if that is slow; apologise and return None if the storage fails.

    It covers what was asked so far. `in_place`: the report replaces the clicked message, which stays as it is on failure.
    """

    async def load() -> Result:
        await service_of(interaction).question_log.written()
        return await work

    try:
        return await acknowledge_if_slow(
            load(), lambda: interaction.response.defer(ephemeral=True, thinking=not in_place)
        )
    except StorageError as error:
        _log.warning("what is kept could not be read", reason=str(error))
    await send_line(interaction, member_wording(interaction).STORAGE_FAILED)
    return None
