"""The button that shows quotes as text to copy, and the menu of styles under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import discord
from typing_extensions import override

from bot.discord.cite.styles import Style, cite
from bot.discord.cite.wording import CiteWording
from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, PersistentItem, Select, make_view
from bot.discord.kit.channels import server_of
from bot.discord.kit.custom_ids import DIGITS
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.encoding import (
    KEY_LENGTH,
    MOST_QUOTES,
    QuoteRef,
    decode_keys,
    encode_keys,
)
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.quotes.links import CITE_ID, cite_button, quotes_under
from bot.discord.kit.sending import (
    OutgoingFile,
    OutgoingMessage,
    acknowledge_if_slow,
    defer_click,
    is_direct_message,
    replace_with_file,
    send_private,
)
from bot.discord.kit.service import service_of
from bot.wording import ENGLISH, Wording

_FENCE = "```"
_SUFFIXES = {Style.MARKDOWN: ".md", Style.BIBTEX: ".bib"}


class CiteButton(PersistentButton, template=CITE_ID):
    """Shows the quotes of a message as text to copy, to the one who clicks."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, wording: Wording = ENGLISH) -> None:
        super().__init__(cite_button(wording, None))

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Send the plain text, with the menu of the other styles."""
        found = quotes_under(interaction.message)
        refs = found[0] if found else ()
        message = await acknowledge_if_slow(
            citation(interaction, refs, Style.PLAIN), defer_click(interaction, in_place=False)
        )
        if message.file is None:
            await send_private(interaction, message.content, message.view)
            return
        done = interaction.response.is_done()
        send = interaction.followup.send if done else interaction.response.send_message
        await send(
            message.content,
            view=message.view or discord.utils.MISSING,
            files=message.files,
            ephemeral=not is_direct_message(interaction),
        )


class StyleMenu(
    PersistentItem[Select],
    template=rf"cite:(?P<keys>(?:{DIGITS}{{{KEY_LENGTH}}}){{1,{MOST_QUOTES}}})",
):
    """Chooses the style of a citation."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, item: Any, refs: Sequence[QuoteRef]) -> None:
        super().__init__(item)
        self._refs = refs

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, decode_keys(match["keys"]))

    async def press(self, interaction: Interaction) -> None:
        """Show the citation in the chosen style instead."""
        data: Any = interaction.data
        work = citation(interaction, self._refs, Style(data["values"][0]))
        message = await acknowledge_if_slow(work, defer_click(interaction, in_place=True))
        await replace_with_file(interaction, message)


def style_menu(refs: Sequence[QuoteRef], chosen: Style, own: CiteWording) -> Select:
    """Make the menu of styles for these quotes."""
    names = {
        Style.PLAIN: own.PLAIN,
        Style.MARKDOWN: own.MARKDOWN,
        Style.APA: "APA",
        Style.MLA: "MLA",
        Style.BIBTEX: "BibTeX",
    }
    options = [
        discord.SelectOption(label=name, value=style, default=style is chosen)
        for style, name in names.items()
    ]
    return discord.ui.Select(
        custom_id=f"cite:{encode_keys(refs)}", placeholder=own.CHOOSE_STYLE, options=options
    )


async def citation(
    interaction: Interaction, refs: Sequence[QuoteRef], style: Style
) -> OutgoingMessage:
    """The citation of those quotes that are still there and offered, in a block to copy or as a file.

    It is a file if it does not fit into a message, or would end the block.
    """
    service, wording = service_of(interaction), member_wording(interaction)
    own, snapshot = wording.lines_of(CiteWording), service.snapshot
    offered = (await service.listing_in(server_of(interaction))).sources

    def work() -> str:
        found = [snapshot.passage(ref.key) for ref in refs]
        there = [one for one in found if one is not None and one.source.id in offered]
        return cite(there, style, wording)

    text = await service.run_quick(work)
    if not text:
        return OutgoingMessage(wording.GONE)
    view = make_view(StyleMenu(style_menu(refs, style, own), refs))
    block = f"{own.TO_COPY}\n{_FENCE}\n{text}\n{_FENCE}"
    if _FENCE not in text and markdown.length(block) <= LIMIT:
        return OutgoingMessage(block, view)
    name = f"citation{_SUFFIXES.get(style, '.txt')}"
    return OutgoingMessage(own.TO_COPY, view, OutgoingFile(name, text.encode()))
