"""E-mail."""

from __future__ import annotations

import datetime
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import mail
from tests.texts.formats.words import dropped, parse, texts, words_of

REPLY = """Received: from x
From: =?utf-8?q?Ida_V=C3=B6ss?= <ida@lock.example>
To: per@lock.example
Subject: Re: AW: The gate
Date: Fri, 3 May 2024 10:00:00 +0200
Message-ID: <1@lock.example>
Content-Type: text/plain; charset=utf-8; format=flowed

Dear Per,

the gate opens \r
in spring.

On Mon, 1 May 2024 at 10:00, Per Lund
<per@lock.example> wrote:
> when does it open?
>> and why

- always
# at noon

--\x20
Ida Vöss
Lock office
""".replace("\r\n", "\n")


def message(text: str, html: str = "", **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["Date"], made["Message-ID"] = (
        "Ida <ida@lock.example>",
        "Fri, 3 May 2024 10:00:00 +0200",
        "<1@x>",
    )
    for name, value in headers.items():
        made[name] = value
    if text:
        made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def test_what_the_sender_wrote_is_kept() -> None:
    """The quoted message, the way into it and the signature are reported."""
    draft = parse(mail, REPLY.encode())
    assert draft.posts == ("Dear Per,", "the gate opens in spring.", "- always\n\\# at noon")
    assert (draft.title, draft.author, draft.date) == (
        "The gate",
        "Ida Vöss",
        datetime.date(2024, 5, 3),
    )
    assert {line.reason: line.times for line in draft.dropped} == {
        "quoted from another message": 4,
        "the signature": 3,
    }


@pytest.mark.parametrize(
    "rest",
    [
        "-----Original Message-----\nFrom: Per\nSent: Monday\nTo: Ida\nSubject: x\n\nold words",
        "From: Per Lund <p@x>\nDate: Monday\nTo: Ida\nSubject: x\n\nold words",
        "________________________________\nVon: Per\nGesendet: Montag\nAn: Ida\nBetreff: x\n\nold words",
        "Le lun. 1 mai 2024 à 10:00, Per <p@x> a écrit :\n\n> old words",
        "Sent from my telephone",
        "-- \nold words",
    ],
)
def test_what_others_wrote_is_reported(rest: str) -> None:
    """In the forms of several programs."""
    draft = parse(mail, message(f"New words.\n\n{rest}\n"))
    assert draft.posts == ("New words.",)
    assert draft.dropped


@pytest.mark.parametrize(
    "text",
    [
        "From: the office\n\nto you.",
        "He wrote:\n\nnothing at all.",
        "Sent from my office, as ever.\n\nIda",
        "--- three dashes",
        "On Monday the committee wrote: no.",
    ],
)
def test_what_only_looks_quoted_stays(text: str) -> None:
    """Nothing is dropped without the mark of a quotation."""
    draft = parse(mail, message(f"{text}\n"))
    assert words_of(draft.posts) == text.split()


def test_a_page_in_a_message_is_read() -> None:
    """Where there is no plain text."""
    html = '<p>Hello <b>there</b></p><div class="gmail_quote">On Monday<blockquote>old</blockquote></div>'
    made = EmailMessage()
    made["From"], made["Date"] = "ida@lock.example", "x"
    made.set_content(html, subtype="html")
    made.add_attachment(b"...", maintype="application", subtype="pdf", filename="plan.pdf")
    draft = parse(mail, made.as_bytes())
    assert (draft.posts, draft.author, draft.date) == (("Hello there",), "ida@lock.example", None)
    assert dropped(draft) == {
        "an attachment": "plan.pdf",
        "quoted from another message": "On Monday old",
    }


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """Whatever signs they have in them."""
    draft = parse(mail, message("\n\n".join(paragraphs) + "\n"))
    assert words_of(draft.posts) == " ".join(paragraphs).split()


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    """They are read, or refused in a line."""
    try:
        parse(mail, b"From: x\nDate: y\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" + data)
    except VerbatimError as error:
        assert "\n" not in str(error)


def test_a_message_of_quotations_alone_is_refused() -> None:
    """With the way out."""
    with pytest.raises(VerbatimError, match="wrote nothing in it"):
        parse(mail, message("> old words\n"))


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (REPLY.encode(), "x", True),
        (b"From: a\nSubject: b\nDate: c\n\nwords", "x.eml", True),
        (b"From: a\nSubject: b\n\nwords", "x.txt", False),
        (b"Title: a\nDate: b\n\nwords", "x", False),
        (b"words\nFrom: a\nDate: b\nMessage-ID: c", "x", False),
    ],
)
def test_messages_are_known_by_their_headers(head: bytes, name: str, expected: bool) -> None:
    """A sender alone is not enough."""
    assert mail.matches(head, name) is expected


@pytest.mark.parametrize("header", ["From", "Subject", "Content-Type", "Content-Disposition"])
def test_a_header_of_half_a_megabyte_takes_no_memory(header: str) -> None:
    """The email package makes gigabytes of one with many encoded words."""
    made = message("The gate opens.").replace(
        b"\n", f"\n{header}: {'=?utf-8?q?a?= ' * 30_000}\n".encode(), 1
    )
    tracemalloc.start()
    try:
        parse(mail, made)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
