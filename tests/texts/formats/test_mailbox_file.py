"""Mailboxes."""

from __future__ import annotations

import datetime
import io

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import mail, mailbox_file
from bot.texts.formats.draft import Entry
from tests.texts.formats.words import parse

MBOX = b"""From ida@lock.example Fri May  3 10:00:00 2024
From: Ida <ida@lock.example>
Date: Fri, 3 May 2024 10:00:00 +0200
Subject: =?utf-8?q?T=C3=BCr?=

The gate opens.

From here it is not far.
>From there it is.

From per@lock.example Sat May  4 10:00:00 2024
From: Per <per@lock.example>

Thanks.
"""


def test_a_mailbox_lists_its_messages() -> None:
    """A line that begins with From is one only with a date, and headers below it."""
    box = mailbox_file.parse(io.BytesIO(MBOX), "box")
    assert list(box) == [
        Entry("1", "Tür", datetime.date(2024, 5, 3)),
        Entry("2", "(no subject)", None),
    ]


def test_a_message_is_read_when_it_is_chosen() -> None:
    """And cut out as a file of its own."""
    box = mailbox_file.parse(io.BytesIO(MBOX), "box")
    draft = box.parse("1")
    assert draft.posts == ("The gate opens.", "From here it is not far.\nFrom there it is.")
    assert (draft.title, draft.author) == ("Tür", "Ida")
    name, data = box.original("1")
    assert name == "message-1.eml"
    assert parse(mail, data).posts == draft.posts


@pytest.mark.parametrize("number", ["0", "3", "x", "-1", "٣", "9" * 30])
def test_other_numbers_are_refused(number: str) -> None:
    """In a line that names those there are."""
    with pytest.raises(VerbatimError, match="1 to 2"):
        mailbox_file.parse(io.BytesIO(MBOX), "box").parse(number)


def test_mailboxes_are_known_by_their_first_lines() -> None:
    """A letter that begins with From is none."""
    assert mailbox_file.matches(MBOX, "x")
    assert not mailbox_file.matches(b"From me to you in 2024\n\nwords", "x.mbox")
    with pytest.raises(VerbatimError, match="contains no messages"):
        mailbox_file.parse(io.BytesIO(b"words"), "box")
