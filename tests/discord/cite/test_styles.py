"""Citations, in every style."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from bot.discord.cite.styles import Style, cite
from bot.library.snapshots import build_snapshot
from bot.models import Marker, Passage, Post, Source
from bot.wording import ENGLISH
from bot.wording.catalogue import wording_in
from tests.samples import BREAD, BRIDGE, sources

DATED = replace(BRIDGE, date=date(2020, 9, 7))


def passages(source: Source) -> list[Passage]:
    return list(build_snapshot([source]).passages)


def cited(style: Style, *chosen: Passage) -> str:
    return cite(chosen, style, ENGLISH)


def test_plain_text_has_the_exact_words_and_where_they_are_from() -> None:
    """Author, title, place, link."""
    toll = passages(BRIDGE)[3]
    assert cited(Style.PLAIN, toll) == (
        "“The toll for carts was never raised.”\n"
        "— @BridgeNotes, “The bridge over the Tamar”, post 3 of 3, https://example.org/bridge_(tamar)"
    )


def test_markdown_is_a_block_quote_with_a_link() -> None:
    """Whose address may have parentheses."""
    toll, ferries = passages(BRIDGE)[3:5]
    assert cited(Style.MARKDOWN, toll, ferries).split("\n\n")[1] == (
        "> Ferries lost half of their passengers.\n>\n"
        "> — @BridgeNotes, [The bridge over the Tamar](<https://example.org/bridge_(tamar)>), post 3 of 3"
    )


@pytest.mark.parametrize(
    ("style", "line"),
    [
        (
            Style.APA,
            "@BridgeNotes. (2020, September 7). The bridge over the Tamar (post 2 of 3; post 3 of 3)."
            " https://example.org/bridge_(tamar)",
        ),
        (
            Style.MLA,
            "@BridgeNotes. “The bridge over the Tamar.” 7 Sept. 2020, post 2 of 3; post 3 of 3,"
            " https://example.org/bridge_(tamar).",
        ),
        (
            Style.BIBTEX,
            "@misc{bridge,\n  author = {{@BridgeNotes}},\n  title = {{The bridge over the Tamar}},\n"
            "  date = {2020-09-07},\n  year = {2020},\n  url = {https://example.org/bridge_(tamar)},\n"
            "  note = {post 2 of 3; post 3 of 3}\n}",
        ),
    ],
)
def test_a_source_has_one_line_of_a_bibliography_with_all_its_places(
    style: Style, line: str
) -> None:
    """However many of its passages are quoted."""
    found = passages(DATED)
    assert cited(style, found[1], found[3], found[4]) == line


@pytest.mark.parametrize(
    ("style", "line"),
    [
        (Style.APA, "Ana *the* Baker. (n.d.). Sourdough for patient people (post 1 of 2)."),
        (Style.MLA, "Ana *the* Baker. “Sourdough for patient people.” post 1 of 2."),
        (
            Style.BIBTEX,
            "@misc{baking-bread,\n  author = {{Ana *the* Baker}},\n"
            "  title = {{Sourdough for patient people}},\n  note = {post 1 of 2}\n}",
        ),
    ],
)
def test_what_is_not_known_of_a_source_is_not_made_up(style: Style, line: str) -> None:
    """No date and no link; n.d. is what APA says of a source without a date."""
    assert cited(style, passages(BREAD)[0]) == line


def test_a_message_is_cited_as_its_authors_on_its_day() -> None:
    """Two messages have two entries, with keys of their own."""
    markers = (
        Marker(1, "message", "2026-01-02T10:00", "Kim", "https://example.org/1"),
        Marker(2, "message", "2026-03-04", "Lee", None),
    )
    chat = Source("chat", "Chat", "Server", (Post(1, "One."), Post(2, "Two.")), markers=markers)
    found = cited(Style.BIBTEX, *passages(chat))
    assert "@misc{chat,\n  author = {{Kim}}" in found
    assert "@misc{chat-2,\n  author = {{Lee}}" in found
    assert "date = {2026-01-02}" in found
    assert cited(Style.APA, passages(chat)[1]).startswith("Lee. (2026, March 4).")


@pytest.mark.parametrize("day", ["", "yesterday", "3 May 2024", "2024-13-45"])
def test_a_message_without_a_day_has_the_date_of_its_text(day: str) -> None:
    """Files can be written by hand, with any words in the place of the day."""
    marker = Marker(1, "message", day, "Kim", None)
    chat = Source(
        "chat", "Chat", "Server", (Post(1, "One."),), date=date(2026, 3, 4), markers=(marker,)
    )
    assert cited(Style.APA, passages(chat)[0]).startswith("Kim. (2026, March 4).")


def test_what_introduces_a_quote_stands_before_it_with_a_visible_cut() -> None:
    """As everywhere."""
    guide = Source("g", "Guide", "A", (Post(1, "Bring the following:\n\n- a card\n- a coin"),))
    card = next(p for p in passages(guide) if p.text == "a card")
    assert cited(Style.PLAIN, card).startswith("“Bring the following: […] a card”\n")
    assert cited(Style.MARKDOWN, card).startswith("> Bring the following:\n> […]\n> a card\n")


def test_latex_takes_every_character_as_it_is() -> None:
    """In the title, the author and the place."""
    odd = replace(BREAD, title=r"50 % & {more} \ ~ ^ _ $ #", author="A_b & C")
    found = cited(Style.BIBTEX, passages(odd)[0])
    assert (
        r"50 \% \& \{more\} \textbackslash{} \textasciitilde{} \textasciicircum{} \_ \$ \#" in found
    )
    assert r"author = {{A\_b \& C}}" in found


@given(sources())
def test_quotes_keep_every_character(source: Source) -> None:
    """Whatever the text and the language."""
    for passage in passages(source)[:5]:
        for tag in ("en", "ar"):
            assert passage.text in cite([passage], Style.PLAIN, wording_in(tag))
