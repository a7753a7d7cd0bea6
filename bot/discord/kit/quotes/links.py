"""Buttons under quotes. What pressing them does is up to the features whose templates these are.

A feature puts another one's button under its message by these functions alone: no feature imports
another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import discord

from bot.discord.kit.buttons import Button, make_button
from bot.discord.kit.custom_ids import DIGITS, USER_LENGTH, digits, number_of
from bot.discord.kit.quotes.encoding import (
    FOCUS_LENGTH,
    KEY_LENGTH,
    MOST_BOLD,
    MOST_FOCUSED,
    FirstLine,
    QuoteList,
    QuoteRef,
    are_focused,
    decode_keys,
    encode_focuses,
    encode_keys,
    focused,
)
from bot.models import Hit
from bot.wording import Wording

_QUOTES = rf"(?P<quotes>{DIGITS}{{17,97}})"
_OLD_QUOTES = rf"(?P<old>{DIGITS}{{14,94}})"
TURN_ID = rf"t:{_QUOTES}|turn:{_OLD_QUOTES}"
SHARE_ID = rf"s:{_QUOTES}|share:{_OLD_QUOTES}"
MORE_ID = (
    rf"more:(?P<first>\d{{1,3}})(?P<line>[an]?)"
    rf":(?P<hits>(?:{DIGITS}{{{KEY_LENGTH + 2}}}){{1,10}})"
    rf"(?::(?P<focus>(?:{DIGITS}{{{FOCUS_LENGTH}}}){{1,{MOST_FOCUSED}}}))?"
)
CONTEXT_ID = (
    rf"context:(?P<way>show|turn):(?P<number>\d{{1,2}}):(?P<at>\d)"
    rf":(?P<keys>(?:{DIGITS}{{{KEY_LENGTH}}}){{1,{MOST_BOLD}}})"
    rf"(?::(?P<focus>(?:{DIGITS}{{{FOCUS_LENGTH}}}){{1,{MOST_BOLD}}}))?"
)
DELETE_ID = rf"delete:(?P<owner>{DIGITS}{{{USER_LENGTH}}})"
FOLLOW_UP_ID = "follow"
CITE_ID = "cite"
VOTE_ID = r"vote:(?P<choice>right|wrong|missing):(?P<question>\d{1,16})"

MOST_NEAREST = 3
"""Passages that the button to the nearest ones leads to."""

FIRST_LINE_LETTERS = {FirstLine.NONE: "n", FirstLine.ASKED: "a", FirstLine.UNKNOWN: ""}


class VoteChoice(StrEnum):
    """What a vote says of an answer. The values are part of the buttons' format."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    """Nothing was quoted, though something should have been. Counted as wrong."""


def turn_button(quotes: QuoteList, at: int, label: str) -> Button:
    """To the page that starts with quote `at`."""
    return make_button(label, f"t:{quotes.encode(at)}")


def share_button(quotes: QuoteList, at: int, wording: Wording) -> Button:
    """Posts a private page in the channel."""
    return make_button(wording.SHARE, f"s:{quotes.encode(at)}")


def more_button(refs: Sequence[QuoteRef], first: int, label: str, line: FirstLine) -> Button:
    """To quotes that are not on the message yet; the first of them has number `first`."""
    hits = "".join(encode_keys([ref]) + ref.words for ref in refs)
    if are_focused(refs):
        hits += f":{encode_focuses(refs)}"
    return make_button(label, f"more:{first}{FIRST_LINE_LETTERS[line]}:{hits}")


def nearest_button(hits: Sequence[Hit], wording: Wording, line: FirstLine) -> Button:
    """To the nearest passages, where none is good enough to be shown unasked."""
    refs = [QuoteRef.of(hit.quote) for hit in hits[:MOST_NEAREST]]
    return more_button(refs, 1, wording.SHOW_NEAREST, line)


def context_button(
    refs: Sequence[QuoteRef], at: int, first: int, label: str, *, turn: bool = False
) -> Button:
    """To quote `at` of a message's quotes among its neighbours.

    `first` is the number of the first quote on the message. With `turn` the button stands under a
    context already, and replaces it.
    """
    refs = refs[:MOST_BOLD]
    encoded = encode_keys(refs)
    if are_focused(refs):
        encoded = f"{encoded}:{encode_focuses(refs)}"
    way, row = ("turn", 1) if turn else ("show", None)
    return make_button(label, f"context:{way}:{first}:{at}:{encoded}", row)


def delete_button(owner: int, wording: Wording) -> Button:
    """Deletes a public message; `owner` is the id of the member who asked."""
    return make_button(wording.DELETE, f"delete:{digits(owner, USER_LENGTH)}")


def follow_up_button(wording: Wording) -> Button:
    """Opens the field for a question that refers to the answer above."""
    return make_button(wording.FOLLOW_UP, FOLLOW_UP_ID)


def cite_button(wording: Wording, row: int | None) -> Button:
    """Shows the quotes of a message as text to copy."""
    return make_button(wording.CITE, CITE_ID, row)


def vote_button(choice: VoteChoice, question: int, wording: Wording) -> Button:
    """Votes on the answer to a question, by the id under which the question is kept."""
    label = {
        VoteChoice.RIGHT: wording.RIGHT,
        VoteChoice.WRONG: wording.WRONG,
        VoteChoice.MISSING: wording.EXPECTED_AN_ANSWER,
    }[choice]
    row = None if choice is VoteChoice.MISSING else 1  # the first row may be full
    return make_button(label, f"vote:{choice}:{question}", row)


def vote_buttons(question: int | None, wording: Wording) -> list[Button]:
    """Right and Wrong; no buttons if the question is not kept."""
    if question is None:
        return []
    return [
        vote_button(choice, question, wording) for choice in (VoteChoice.RIGHT, VoteChoice.WRONG)
    ]


def missing_button(question: int | None, wording: Wording) -> list[Button]:
    """“I expected an answer”; no button if the question is not kept."""
    return [] if question is None else [vote_button(VoteChoice.MISSING, question, wording)]


def question_under(message: discord.Message | None) -> int | None:
    """The id of the question that can be voted on under `message`."""
    for custom_id in _custom_ids(message):
        if match := re.fullmatch(VOTE_ID, custom_id):
            return int(match["question"])
    return None


def quotes_under(message: discord.Message | None) -> tuple[tuple[QuoteRef, ...], int] | None:
    """The quotes on `message`, and the number of the first of them; None: it has none."""
    for custom_id in _custom_ids(message):
        if match := re.fullmatch(CONTEXT_ID, custom_id):
            return context_refs(match), int(match["number"])
    return None


def context_refs(match: re.Match[str]) -> tuple[QuoteRef, ...]:
    """The quotes in a match of CONTEXT_ID."""
    refs = decode_keys(match["keys"])
    return focused(refs, match["focus"]) if match["focus"] else refs


def more_refs(match: re.Match[str]) -> tuple[QuoteRef, ...]:
    """The quotes in a match of MORE_ID."""
    length = KEY_LENGTH + 2
    hits = [match["hits"][i : i + length] for i in range(0, len(match["hits"]), length)]
    refs = tuple(
        QuoteRef(decode_keys(hit[:KEY_LENGTH])[0].key, number_of(hit[-2]), number_of(hit[-1]))
        for hit in hits
    )
    return focused(refs, match["focus"]) if match["focus"] else refs


def _custom_ids(message: discord.Message | None) -> Iterator[str]:
    for row in message.components if message is not None else ():
        for child in getattr(row, "children", ()):
            yield getattr(child, "custom_id", None) or ""
