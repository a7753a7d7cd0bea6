"""/random, and the button for another passage."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import ClassVar, Self

from discord import app_commands
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.channels import answers_privately, is_quiet, server_of
from bot.discord.kit.custom_ids import DIGITS, USER_LENGTH, digits, number_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording, wording_for
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.encoding import Heading
from bot.discord.kit.quotes.message import quotes_message
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import (
    OutgoingMessage,
    acknowledge_if_slow,
    defer_click,
    is_direct_message,
    only_member_sees,
    replace_message,
    send,
    send_line,
    send_private,
    wait_or_defer,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_offered
from bot.discord.random.wording import RandomWording
from bot.library.picking import worth_picking
from bot.models import Quote
from bot.wording import ENGLISH, Wording


@app_commands.command(
    name="random",
    description="Show a passage picked at random.",
    extras=for_audience(Audience.ANYONE),
)
@app_commands.describe(source="From this text only")
@app_commands.autocomplete(source=suggest_offered)
async def random_command(
    interaction: Interaction, source: app_commands.Range[str, 1, 100] | None = None
) -> None:
    """Post a passage; in a silent channel, or by their own choice, to the member alone."""
    wording, digest = member_wording(interaction), None
    if source is not None:
        found = (await service_of(interaction).listing_in(server_of(interaction))).find(source)
        if found is None:
            await send_line(interaction, wording.unknown_source(markdown.escape(source)))
            return
        digest = found.digest
    if await is_rate_limited(interaction):
        return
    private = answers_privately(interaction)
    work = random_message(interaction, digest, wording_for(interaction, private=private), private)
    await send(
        interaction, await wait_or_defer(interaction, work, private=private), private=private
    )


class AnotherButton(
    PersistentButton,
    template=rf"another:(?P<owner>{DIGITS}{{{USER_LENGTH}}})(?::(?P<digest>[0-9a-f]{{16}}))?",
):
    """Shows another passage: in place for the member who asked, in a private copy for others."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, owner: int, digest: str | None = None, wording: Wording = ENGLISH) -> None:
        label = wording.lines_of(RandomWording).ANOTHER
        ending = "" if digest is None else f":{digest}"
        super().__init__(make_button(label, f"another:{digits(owner, USER_LENGTH)}{ending}"))
        self._owner = owner
        self._digest = digest

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(number_of(match["owner"]), match["digest"])

    async def press(self, interaction: Interaction) -> None:
        """Pick again, or say that the text is gone."""
        if await is_rate_limited(interaction):
            return
        alone = only_member_sees(interaction)
        in_place = alone or (interaction.user.id == self._owner and not is_quiet(interaction))
        private = not is_direct_message(interaction) and (alone or not in_place)
        work = random_message(
            interaction, self._digest, wording_for(interaction, private=private), private
        )
        message = await acknowledge_if_slow(work, defer_click(interaction, in_place=in_place))
        if in_place and message.view is not None:
            await replace_message(interaction, message.content, message.view)
        else:
            await send_private(interaction, message.content, message.view)


async def random_message(
    interaction: Interaction, digest: str | None, wording: Wording, private: bool
) -> OutgoingMessage:
    """Pick a passage of the texts that the server offers; `digest` is that of the only text, if any."""
    service, server = service_of(interaction), server_of(interaction)
    snapshot = service.snapshot
    listing = await service.listing_in(server)
    sources = None if listing is snapshot.listing else frozenset(listing.sources)
    if digest is not None:
        source = listing.by_digest.get(digest)
        if source is None:
            return OutgoingMessage(wording.TEXT_CHANGED)
        sources = frozenset({source.id})

    def work() -> OutgoingMessage:
        numbers = worth_picking(snapshot, sources)
        if not len(numbers):
            return OutgoingMessage(wording.lines_of(RandomWording).NOTHING)
        passage = snapshot.passages[int(numbers[secrets.randbelow(len(numbers))])]
        return quotes_message(
            Heading.QUOTED,
            [Quote(passage)],
            1,
            wording,
            interaction.user.id,
            private=private,
            quiet=is_quiet(interaction),
        )

    message = await service.run_quick(work)
    if message.view is None:
        return message
    another = AnotherButton(interaction.user.id, digest, wording)
    return replace(message, view=make_view(another, *message.view.children))
