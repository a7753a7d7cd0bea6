"""The texts of a file that holds several, as a menu: an archive's threads, a zip's files."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Button, Select, make_button, make_view
from bot.discord.kit.sending import OutgoingMessage
from bot.discord.knowledge.additions import TICKET, Addition
from bot.discord.knowledge.previews import cut
from bot.texts.formats.draft import Collection, Entry
from bot.wording import Wording

LIST_ID = rf"shelf:list:(?P<ticket>{TICKET}):(?P<page>\d{{1,6}})"
ENTRY_ID = rf"shelf:entry:(?P<ticket>{TICKET}):(?P<page>\d{{1,6}})"

_PAGE = 25  # options of a menu that Discord accepts
_SHOWN = 100  # characters of an option
_NAME = 200
_NOTES = 3


def list_button(ticket: str, page: int, label: str) -> Button:
    """Make the button that shows a page of the list, counted from 0."""
    return make_button(label, f"shelf:list:{ticket}:{page}")


def list_message(
    addition: Addition, collection: Collection, ticket: str, page: int, wording: Wording
) -> OutgoingMessage:
    """List the texts of a file, a page at a time, for one of them to be chosen."""
    entries = list(collection)
    first = min(page, (len(entries) - 1) // _PAGE) * _PAGE
    shown = entries[first : first + _PAGE]
    left_out = sum(one.times for one in collection.dropped)
    lines = [
        f"**{wording.NOTHING_YET}** "
        + markdown.escape(wording.read_as(cut(addition.name, _NAME), collection.format)),
        *(markdown.escape(cut(note, _NAME)) for note in collection.notes[:_NOTES]),
        *([wording.dropped(left_out)] if left_out else []),
        wording.holds_texts(len(entries)),
    ]
    buttons = []
    if first:
        buttons.append(list_button(ticket, first // _PAGE - 1, wording.PREVIOUS_TEXTS))
    if first + _PAGE < len(entries):
        buttons.append(list_button(ticket, first // _PAGE + 1, wording.NEXT_TEXTS))
    drop = make_button(wording.CANCEL, f"shelf:drop:{ticket}")
    menu = entry_menu(shown, first, f"shelf:entry:{ticket}:{first // _PAGE}", wording)
    return OutgoingMessage("\n".join(lines), make_view(menu, *buttons, drop))


def entry_menu(entries: Sequence[Entry], first: int, custom_id: str, wording: Wording) -> Select:
    """Make the menu; an option's value is the number of its entry, since ids may be longer than Discord accepts."""
    options = [
        discord.SelectOption(
            label=cut(entry.title, _SHOWN) or entry.id[:_SHOWN],
            value=str(number),
            description=_facts(entry, wording),
        )
        for number, entry in enumerate(entries, start=first)
    ]
    return discord.ui.Select(
        custom_id=custom_id, placeholder=wording.CHOOSE_TEXT, options=options, row=0
    )


def _facts(entry: Entry, wording: Wording) -> str | None:
    facts = [wording.day(entry.date)] if entry.date else []
    facts += [wording.counted_posts(entry.posts)] if entry.posts is not None else []
    return ", ".join(facts) or None
