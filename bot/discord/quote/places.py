"""/quote by place: `post 4`, `section Fees`; and the buttons that turn the pages of a place."""

from __future__ import annotations

import re
from itertools import islice
from typing import ClassVar, Self

from discord import app_commands
from typing_extensions import override

from bot.answering.places import place_answer
from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.custom_ids import number_of
from bot.discord.kit.extracts import (
    EXTRACT_ID,
    RANGE,
    decode_place,
    decode_range,
    encode_range,
    extract_message,
    extract_page,
)
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording, wording_for
from bot.discord.kit.permissions import Audience
from bot.discord.kit.sending import (
    OutgoingMessage,
    acknowledge_if_slow,
    defer_click,
    is_direct_message,
    only_member_sees,
    replace_message,
    send_private,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import MAX_CHOICE_LENGTH as MAX_NAME
from bot.library.listing import Listing
from bot.library.snapshots import Snapshot
from bot.models import Answer, Extract, Outcome, Question
from bot.wording import Wording

CHOSEN = "place:"
"""Prefix of the value of a choice; nobody types it."""

MOST_CHOICES = 10
"""Texts whose place of the typed name is suggested."""

_SUGGESTED_OF = 200  # texts that are looked at for suggestions
_BEGINNING = 60  # characters of a place in a choice

_VALUE = re.compile(rf"{CHOSEN}(?P<digest>[0-9a-f]{{16}}):{RANGE}")
_Choice = app_commands.Choice[str]


def find_place(snapshot: Snapshot, offered: Listing, text: str) -> Answer | None:
    """Find the place that a choice stands for, or that `text` names; None if it names none."""
    value = _VALUE.fullmatch(text)
    if value is None:
        return place_answer(snapshot, Question(text), offered=offered)
    source = offered.by_digest.get(value["digest"])
    extract = None if source is None else decode_range(value, source)
    return None if extract is None else Answer(text, Outcome.PLACE, extract=extract)


def place_message(
    extract: Extract, snapshot: Snapshot, wording: Wording, owner: int, *, private: bool
) -> OutgoingMessage:
    """Show the first page of a place."""
    page = extract_page(extract, snapshot, wording)
    return extract_message(extract, page, wording, owner, private=private)


def no_place_line(found: Answer, wording: Wording) -> str:
    """Say that there is no such place, or that several texts have it."""
    if found.missing is not None:
        return markdown.escape(wording.no_such_place(found.missing))
    return markdown.escape(wording.which_text(found.which))


def place_choices(
    snapshot: Snapshot, offered: Listing, typed: str, wording: Wording
) -> list[_Choice]:
    """List the places that match what was typed, in several texts if need be."""
    some = offered
    if len(offered.in_order) > _SUGGESTED_OF:
        some = offered.only(frozenset(s.id for s in islice(offered.in_order, _SUGGESTED_OF)))
    found = place_answer(snapshot, Question(typed), offered=some)
    if found is None:
        return []
    if found.extract is not None:
        return [_choice(found.extract, wording)]
    each = (
        place_answer(snapshot, Question(typed), source.id, some)
        for source in found.which[:MOST_CHOICES]
    )
    return [_choice(one.extract, wording) for one in each if one and one.extract]


def _choice(extract: Extract, wording: Wording) -> _Choice:
    source = extract.source
    post, span = next(extract.parts())
    runs = [wording.posts(first, last, source) for first, last in extract.runs()]
    name = wording.extract_name(extract) or wording.listed(runs)
    words = " ".join(post.text[span.start : span.end][:_BEGINNING].split())
    label = f"{name} – “{source.title}”: {words}"
    while markdown.length(label) > MAX_NAME:
        label = f"{label[:-2]}…"
    return app_commands.Choice(name=label, value=f"{CHOSEN}{source.digest}:{encode_range(extract)}")


class PlaceButton(PersistentButton, template=EXTRACT_ID):
    """Turns to another page of a place: for the asker in place, for others in a private copy."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, match: re.Match[str], label: str = "Page") -> None:
        super().__init__(make_button(label, match[0]))
        self._match = match

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match)

    async def press(self, interaction: Interaction) -> None:
        """Show the other page, or say that the text has changed."""
        service, match = service_of(interaction), self._match
        owner = number_of(match["owner"])
        alone = only_member_sees(interaction)
        in_place = alone or (interaction.user.id == owner and not is_quiet(interaction))
        wording = wording_for(interaction, private=alone or not in_place)
        snapshot = service.snapshot  # the one whose list of texts is looked into
        source = await service.source_in(server_of(interaction), match["digest"])
        extract = None if source is None else decode_range(match, source)
        if extract is None:
            await send_private(interaction, member_wording(interaction).TEXT_CHANGED)
            return
        at, way = decode_place(match["at"]), match["way"]
        private = not is_direct_message(interaction) and (alone or not in_place)

        def work() -> OutgoingMessage:
            shown = extract_page(extract, snapshot, wording, at, way)
            return extract_message(extract, shown, wording, owner, private=private)

        message = await acknowledge_if_slow(
            service.run_quick(work), defer_click(interaction, in_place=in_place)
        )
        if in_place:
            await replace_message(interaction, message.content, message.view)
        else:
            await send_private(interaction, message.content, message.view)
