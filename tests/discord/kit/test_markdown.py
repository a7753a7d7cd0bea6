"""Any text is shown to the letter."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from bot.discord.kit.markdown import escape, length, link, quote
from bot.models import Span
from tests.samples import any_text

URL = "https://example.org/a_b_c?d=*"


def shown(text: str) -> str:
    """Return what Discord shows: it takes away a backslash before any punctuation mark."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


@given(any_text)
def test_what_is_shown_is_the_text(text: str) -> None:
    """Nothing is added, nothing is lost."""
    if "\\" not in "".join(re.findall(r"https?://\S*", text)):
        assert shown(escape(text)) == text


@given(any_text)
def test_no_mark_is_left_that_discord_would_act_on(text: str) -> None:
    """Outside addresses every one of them has its backslash, and line starts are plain."""
    for line in escape(text).split("\n"):
        bare = re.sub(r"https?://[^\s*|`<>\\\[\]]*", "", re.sub(r"\\[^0-9A-Za-z\s]", "", line))
        assert not re.search(r"[*_~|`<>\[\]]", bare)
        assert not re.match(r"[ \t]*([#>+-]|\d+[.)])", line)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("<@123> <#4> </ask:5> <t:6:R> <:e:7>", r"\<@123\> \<#4\> \</ask:5\> \<t:6:R\> \<:e:7\>"),
        ("1. one\n12) two\n3 three", "1\\. one\n12\\) two\n3 three"),
        ("# head\n-# small\n- item\n> quote", "\\# head\n\\-# small\n\\- item\n\\> quote"),
        ("[a](https://x.org) [b](https://y.org)", r"\[a\](https://x.org) \[b\](https://y.org)"),
        ("||spoiler|| ~~no~~ `code`", r"\|\|spoiler\|\| \~\~no\~\~ \`code\`"),
        (r"back\slash", r"back\\slash"),
        ("https://example.org/a_b_(c)", "https://example.org/a_b_(c)"),
        (
            "https://ar.wikipedia.org/wiki/نهر_دجلة, _so_",
            r"https://ar.wikipedia.org/wiki/نهر_دجلة, \_so\_",
        ),
        ("plain: text, 2.5 – “quoted” (and so on)!", "plain: text, 2.5 – “quoted” (and so on)!"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
    ],
)
def test_each_kind_of_mark(text: str, escaped: str) -> None:
    """Lists, mentions, links and the rest; addresses and plain text stay as they are."""
    assert escape(text) == escaped


def test_the_escaper_is_linear() -> None:
    """Counted in what it looks at, not in seconds: it keeps no state but the match."""
    for hard in ("[a](", "**", "<@", "1. \n", "https://", "\\", "((((", "a_"):
        text = hard * 20_000
        assert shown(escape(text)) == text


@given(any_text)
def test_a_quote_is_a_block_quote_of_the_text(text: str) -> None:
    """Every line of it stands in the quote."""
    lines = quote(text).split("\n")
    assert all(line.startswith("> ") for line in lines)
    if "http" not in text:
        assert shown("\n".join(line[2:] for line in lines)) == text


def test_the_bold_part_is_bold_and_the_rest_is_unaltered() -> None:
    """Also where it has marks of its own or goes over a line's end."""
    assert quote("one *two* three", Span(4, 9)) == r"> one **\*two\*** three"
    assert quote("one\ntwo", Span(0, 7)) == "> **one**\n> **two**"
    assert quote("one two", Span(3, 4)) == "> one two"
    assert quote("a 1. b", Span(2, 6)) == "> a **1. b**"


def test_a_link_has_no_preview_and_survives_brackets() -> None:
    """In its label and in its address."""
    assert link("a]b", "https://x.org/(c)") == r"[a\]b](<https://x.org/%28c%29>)"


def test_length_counts_as_discord_does_at_its_strictest() -> None:
    """A character beyond the basic plane counts twice."""
    assert (length("ab"), length("🎉")) == (2, 2)
