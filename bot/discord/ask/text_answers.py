"""Answers about the texts themselves as messages: from their cards, and which text is meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Button, make_button, make_view
from bot.discord.kit.custom_ids import DIGITS, USER_LENGTH, digits
from bot.discord.kit.quotes.layout import LIMIT, linked_title
from bot.discord.kit.sending import OutgoingMessage
from bot.library.snapshots import Snapshot
from bot.models import AboutTexts, Source
from bot.wording import Wording

WITHIN_ID = (
    rf"within:(?P<owner>{DIGITS}{{{USER_LENGTH}}}):(?P<digest>[0-9a-f]{{16}}):(?P<question>.+)"
)

MOST_CHOICES = 5
"""Texts with a button of their own, where the asker must choose one."""

_LONGEST_QUESTION = 64  # characters that fit into the `custom_id`
_LONGEST_TITLE, _LONGEST_LINK = 150, 300
_LABEL = 60


def about_message(
    about: AboutTexts, snapshot: Snapshot, wording: Wording, above: str
) -> OutgoingMessage:
    """Answer from the cards of texts, under the line `above` if there is one."""

    def titled(source: Source) -> str:
        url = source.url if source.url and len(source.url) <= _LONGEST_LINK else None
        return linked_title(source, wording, url, _cut(source.title, _LONGEST_TITLE))

    said = wording.about_texts(about, snapshot.changed, titled, markdown.escape)
    lines = [line for line in (above, *said.split("\n")) if line]
    room = LIMIT

    def fits(line: str) -> bool:
        nonlocal room
        room -= markdown.length(line) + 1
        return room >= 0

    return OutgoingMessage("\n".join(takewhile(fits, lines)))


def which_text_message(
    question: str, sources: Sequence[Source], wording: Wording, owner: int, above: str
) -> OutgoingMessage:
    """Ask which of `sources` is meant, with buttons that ask again about one of them."""
    buttons: list[Button] = []
    if len(sources) <= MOST_CHOICES and is_short(question):
        buttons = [
            within_button(owner, source.digest, question, _cut(source.title, _LABEL))
            for source in sources
        ]
    asks = wording.WHICH_TEXT if buttons else markdown.escape(wording.which_text(sources))
    hint = "" if buttons else wording.NAME_THE_TEXT
    content = "\n".join(filter(None, (above, asks, hint)))
    return OutgoingMessage(content, make_view(*buttons) if buttons else None)


def is_short(question: str) -> bool:
    """Whether a button can hold `question`."""
    return markdown.length(question) <= _LONGEST_QUESTION and "\n" not in question


def within_button(owner: int, digest: str, question: str, label: str) -> Button:
    """Asks `question` of one text."""
    return make_button(label, f"within:{digits(owner, USER_LENGTH)}:{digest}:{question}")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
