"""Buttons that outlive restarts: what they need to know stands in their `custom_id`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.frontends import texts
from bot.frontends.discord import messages
from bot.frontends.discord.messages import Place, TextPage
from bot.frontends.discord.service import service_of
from bot.models import Hit, Source, Span
from bot.snapshots import Snapshot

Interaction = discord.Interaction[Any]
Button = discord.ui.Button[Any]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_KEY_LENGTH = 7
_HIT_LENGTH = _KEY_LENGTH + 2
_WORD = re.compile(r"\S+")


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Return a view that keeps nothing in memory: its items are found by their `custom_id`."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def encode(hits: Sequence[Hit]) -> str:
    """Return nine characters a hit: its passage's key, and which of its words are bold."""
    return "".join(_digits(hit.passage.key, _KEY_LENGTH) + _encode_bold(hit) for hit in hits)


def decode(text: str, snapshot: Snapshot) -> list[Hit | None]:
    """Return the hits that `encode` wrote; None for a passage that `snapshot` does not have."""
    return [
        _decode_hit(text[i : i + _HIT_LENGTH], snapshot) for i in range(0, len(text), _HIT_LENGTH)
    ]


def _decode_hit(text: str, snapshot: Snapshot) -> Hit | None:
    passage = snapshot.passage(_number(text[:_KEY_LENGTH]))
    if passage is None:
        return None
    first, last = _number(text[_KEY_LENGTH]), _number(text[_KEY_LENGTH + 1])
    words = list(_WORD.finditer(passage.text))
    bold = None
    if 0 < last <= len(words) and first < last:
        bold = Span(words[first].start(), words[last - 1].end())
    return Hit(passage, 0.0, 0.0, bold)


def _encode_bold(hit: Hit) -> str:
    """Return the first bold word and the one after the last; twice the same for none."""
    if hit.bold is None:
        return "AA"
    words = [i for i, word in enumerate(_WORD.finditer(hit.passage.text))
             if hit.bold.start < word.end() and word.start() < hit.bold.end]  # fmt: skip
    if not words or words[-1] + 1 >= len(_ALPHABET):
        return "AA"
    return _digits(words[0], 1) + _digits(words[-1] + 1, 1)


def _digits(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> 6 * i & 63] for i in reversed(range(length)))


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number << 6 | _ALPHABET.index(digit)
    return number


class MoreButton(
    discord.ui.DynamicItem[Button],
    template=r"more:(?P<first>\d{1,3}):(?P<hits>(?:[\w-]{9}){1,10})",
):
    """Shows the quotes that an answer has left, to the one who clicks."""

    def __init__(self, first: int, hits: str, label: str = "More") -> None:
        button: Button = discord.ui.Button(label=label, custom_id=f"more:{first}:{hits}")
        super().__init__(button)
        self._first = first
        self._hits = hits

    @classmethod
    def of(cls, hits: Sequence[Hit], first: int, label: str) -> Self:
        """Return the button that leads to `hits`, the first of which has the number `first`."""
        return cls(first, encode(hits), label)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button as it was."""
        return cls(int(match["first"]), match["hits"])

    async def callback(self, interaction: Interaction) -> None:
        """Send the next quotes, and a button for those that are left then."""
        service = service_of(interaction)
        hits = [hit for hit in decode(self._hits, service.snapshot) if hit]
        if not hits:
            await interaction.response.send_message(texts.GONE, ephemeral=True)
            return
        heading = texts.NEAREST if self._first == 1 else texts.FURTHER
        page = messages.quote_page(hits, service.policy.quotes, self._first, heading)
        rest, first = hits[page.count :], self._first + page.count
        more = view_of(MoreButton.of(rest, first, texts.more(len(rest)))) if rest else None
        await interaction.response.send_message(
            page.content, view=more or discord.utils.MISSING, ephemeral=True, suppress_embeds=True
        )


class ReadButton(
    discord.ui.DynamicItem[Button],
    template=r"read:(?P<way>from|before):(?P<digest>[0-9a-f]{16}):(?P<post>\d{1,9}):(?P<offset>\d{1,9})",
):
    """Turns to another page of a text, in the message that it stands under."""

    def __init__(self, way: str, digest: str, place: Place, label: str = "Page") -> None:
        button: Button = discord.ui.Button(
            label=label, custom_id=f"read:{way}:{digest}:{place.post}:{place.offset}"
        )
        super().__init__(button)
        self._way = way
        self._digest = digest
        self._place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button as it was."""
        return cls(match["way"], match["digest"], Place(int(match["post"]), int(match["offset"])))

    async def callback(self, interaction: Interaction) -> None:
        """Show the other page, or say that the text is no longer the same."""
        source = service_of(interaction).snapshot.source(self._digest)
        if source is None or self._place.post > len(source.posts) + 1:
            await interaction.response.send_message(texts.TEXT_CHANGED, ephemeral=True)
            return
        turn = messages.page_from if self._way == "from" else messages.page_before
        page = await service_of(interaction).work(lambda: turn(source, self._place))
        await interaction.response.edit_message(content=page.content, view=read_view(source, page))


def read_view(source: Source, page: TextPage) -> discord.ui.View:
    """Return the buttons under a page of a text: to the one before and the one after."""
    buttons = []
    if page.start != Place(1):
        buttons.append(ReadButton("before", source.digest, page.start, texts.PREVIOUS))
    if page.next is not None:
        buttons.append(ReadButton("from", source.digest, page.next, texts.NEXT))
    return view_of(*buttons)
