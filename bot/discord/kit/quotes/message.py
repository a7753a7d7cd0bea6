"""A page of quotes as a message: content and buttons."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.discord.kit.buttons import Button, make_view
from bot.discord.kit.quotes.encoding import FirstLine, Heading, QuoteList
from bot.discord.kit.quotes.links import (
    cite_button,
    context_button,
    delete_button,
    follow_up_button,
    share_button,
    turn_button,
    vote_buttons,
)
from bot.discord.kit.quotes.pages import Page, page_of
from bot.discord.kit.sending import OutgoingMessage
from bot.models import Quote
from bot.wording import Wording

_UNASKED = {Heading.REPEATED, Heading.PARTLY_REPEATED, Heading.QUOTED}
"""Headings of quotes that answer no question: there is nothing to follow up."""


def quotes_message(
    heading: Heading,
    quotes: Sequence[Quote],
    most: int,
    wording: Wording,
    owner: int,
    *,
    shown: int = 1,
    asked: str = "",
    note: str = "",
    language: str | None = None,
    private: bool,
    quiet: bool,
    question: int | None = None,
) -> OutgoingMessage:
    """Make the message with the first page of `quotes`, of which there is at least one.

    Args:
        heading: Why they are shown, as the line above says.
        quotes: All quotes; further pages show those after the first `shown`.
        most: Quotes on a page.
        wording: The language of the lines around them.
        owner: The id of the member who asked.
        shown: How many are good enough to be shown unasked.
        asked: The line with the question, if the channel has not seen it.
        note: A line under it that does not stay when the page is turned.
        language: The question's, if it is certainly not that of the texts.
        private: Only the member will see the message.
        quiet: It must not be shared with the channel either.
        question: The id under which the question is kept, for votes.

    """
    first_line = FirstLine.ASKED if asked else FirstLine.NONE
    listed = QuoteList.of(heading, quotes, shown, owner, first_line, language)
    above = "\n".join(filter(None, (asked, note)))
    page = page_of(listed, quotes[: len(listed.refs)], 0, most, wording, above)
    if page is None:
        raise ValueError("no quote to show")
    view = quotes_view(listed, page, wording, private=private, shared=quiet, question=question)
    return OutgoingMessage(page.content, view)


def quotes_view(
    quotes: QuoteList,
    page: Page,
    wording: Wording,
    *,
    private: bool,
    shared: bool = False,
    question: int | None = None,
) -> discord.ui.View:
    """The buttons under a page. A `shared` private one has no button to share it (again)."""
    buttons: list[Button] = []
    if page.previous is not None:
        buttons.append(turn_button(quotes, page.previous, wording.PREVIOUS_QUOTES))
    if page.next is not None:
        buttons.append(turn_button(quotes, page.next, wording.more(page.left)))
    buttons.append(context_button(page.refs, 0, page.at + 1, wording.IN_CONTEXT))
    if quotes.heading not in _UNASKED:
        buttons.append(follow_up_button(wording))
    if not private:
        buttons.append(delete_button(quotes.owner, wording))
    elif not shared:
        buttons.append(share_button(quotes, page.at, wording))
    votes = vote_buttons(question, wording)
    return make_view(*buttons, *votes, cite_button(wording, 1 if votes else None))
