"""Chats as WhatsApp exports them as text, on every system and in several languages."""

from __future__ import annotations

import io

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import whatsapp
from bot.texts.formats.draft import Draft
from bot.texts.importing import parse_file
from tests.texts.formats.samples import draft_of, reasons

IPHONE = """[03/05/2024, 10:02:12] Pottery Club: \u200eMessages and calls are end-to-end encrypted.
[03/05/2024, 10:02:13] Ada: How do I reset the kiln?
[03/05/2024, 10:03:00] ~\u202fBen: Hold the red button.

Then wait:
- until green
\u200e[13/05/2024, 10:03:30] Ada: \u200eimage omitted
[13/05/2024, 10:04:00] +44 7700 900123: Done? \u200e<This message was edited>
"""
ANDROID = """5/3/24, 10:02\u202fAM - Messages and calls are end-to-end encrypted. Tap to learn more.
5/3/24, 10:02\u202fAM - Ada created group "Kilns: help"
5/13/24, 10:02\u202fPM - Ada: <Media omitted>
5/13/24, 10:02\u202fPM - Ada: IMG-20240503-WA0001.jpg (file attached)
The red button
5/13/24, 12:05\u202fAM - Ben: see https://x.example: yes
5/13/24, 12:06\u202fAM - Ben: This message was deleted
"""


def named(text: str, name: str = "chat.txt") -> Draft:
    found = parse_file(io.BytesIO(text.encode()), name, names=True)
    assert isinstance(found, Draft)
    return found


def test_the_chat_of_an_iphone() -> None:
    """A message of several lines stays whole; what WhatsApp itself says goes; a telephone number is no name."""
    draft = named(IPHONE, "WhatsApp Chat - Pottery Club.zip: _chat.txt")
    assert draft.posts == (
        '<!-- message author="Ada" date="2024-05-03T10:02" -->',
        "How do I reset the kiln?",
        '<!-- message author="Ben" date="2024-05-03T10:03" -->',
        "Hold the red button.",
        "Then wait:\n- until green",
        '<!-- message date="2024-05-13T10:04" -->',
        "Done?",
    )
    assert (draft.title, draft.author) == ("Pottery Club", "Pottery Club")
    assert reasons(draft) == {"a line of WhatsApp's own": 1, "media of messages": 1}


def test_the_chat_of_an_android_telephone() -> None:
    """With the month first and twelve hours; a caption stays, and a colon makes no member of a line of WhatsApp's own."""
    draft = named(ANDROID, "WhatsApp Chat with Kilns.txt")
    assert draft.posts == (
        '<!-- message author="Ada" date="2024-05-13T22:02" -->',
        "The red button",
        '<!-- message author="Ben" date="2024-05-13T00:05" -->',
        "see https://x.example: yes",
    )
    assert draft.title == "Kilns"
    assert reasons(draft) == {
        "a line of WhatsApp's own": 2,
        "media of messages": 2,
        "a deleted message": 1,
    }


@pytest.mark.parametrize(
    ("first", "second", "date"),
    [
        ("٣/٥/٢٠٢٤، ١٠:٠٢ ص - ", "١٣/٥/٢٠٢٤، ١٠:٠٢ م - ", "2024-05-03T10:02"),
        ("03.05.24, 10:02 - ", "04.05.24, 10:02 - ", "2024-05-03T10:02"),
        ("2024-05-03 10:02 - ", "2024-05-04 10:02 - ", "2024-05-03T10:02"),
        ("3/5/24, 10:02 a. m. - ", "13/5/24, 10:02 p. m. - ", "2024-05-03T10:02"),
        ("03/05/2024 à 10:02 - ", "13/05/2024 à 10:02 - ", "2024-05-03T10:02"),
        ("[5/3/24, 10:02:00 PM] ", "[5/31/24, 10:02:00 PM] ", "2024-05-03T22:02"),
        ("12/3/23, 10:02 - ", "1/4/23, 10:02 - ", "2023-03-12T10:02"),
    ],
)
def test_dates_in_any_order(first: str, second: str, date: str) -> None:
    """As far as all of them together tell which number is the day."""
    draft = named(f"{first}Ada: One.\n{second}Ben: Two.\n")
    assert draft.posts[0] == f'<!-- message author="Ada" date="{date}" -->'


def test_no_date_is_made_up() -> None:
    """Where day and month cannot be told apart, none is kept, and the report says so."""
    draft = named("3/5/24, 10:02 - Ada: One.\n3/6/24, 10:02 - Ben: Two.\n")
    assert draft.posts[0] == '<!-- message author="Ada" -->'
    assert draft.date is None
    assert any("they are not kept" in note for note in draft.notes)


def test_names_are_kept_only_where_the_curator_says_so() -> None:
    """The report says how."""
    draft = draft_of(IPHONE)
    assert "author=" not in "".join(draft.posts)
    assert any("--names" in guess for guess in draft.guessed)


@pytest.mark.parametrize(
    "text",
    [
        "10:02 Ada: One.\n10:03 Ben: Two.\n",
        "Notes\n\n3/5/24, 10:02 - Ada: One.\n",
        "3/5/24, 10:02 - Ada: One.\n",
    ],
)
def test_other_texts_are_no_chat(text: str) -> None:
    """Nor is one line."""
    assert draft_of(text).format != whatsapp.LABEL


def test_a_chat_without_words_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no WhatsApp messages"):
        draft_of("3/5/24, 10:02 - Ada: null\n3/5/24, 10:02 - Ben: <Media omitted>\n")
