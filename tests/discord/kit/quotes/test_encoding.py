"""A button's state fits into its `custom_id` and is read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.kit.custom_ids import digits, number_of
from bot.discord.kit.quotes import encoding
from bot.discord.kit.quotes.encoding import FirstLine, Heading, QuoteList, QuoteRef
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.deleting import DeleteButton
from bot.discord.read.buttons import ContextButton
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Quote, Source, Span
from tests.samples import BREAD, BRIDGE, sources

USER = 2**64 - 1


def test_hits_are_read_back_with_the_words_in_bold(snapshot: Snapshot) -> None:
    """The probability is not needed again."""
    passage = snapshot.passages[0]
    bold = Span(passage.text.index("opened"), passage.text.index(" –"))
    hits = [Quote(passage, bold), Quote(snapshot.passages[1])]
    whole = QuoteList.of(Heading.CLOSEST, hits, 1, USER, FirstLine.SHARED, "ar")
    back, at = QuoteList.decode(whole.encode(1))
    assert (back, at) == (whole, 1)
    found = [ref.quote(snapshot) for ref in back.refs]
    assert [quote and (quote.passage, quote.bold) for quote in found] == [
        (passage, bold),
        (snapshot.passages[1], None),
    ]


def test_a_passage_that_is_gone_is_none(snapshot: Snapshot) -> None:
    """Also when only its words have changed."""
    refs = [QuoteRef.of(Quote(passage)) for passage in snapshot.passages]
    changed = replace(BRIDGE, posts=(Post(1, "Something else stands here now."),))
    back = [ref.quote(build_snapshot([changed, BREAD])) for ref in refs]
    assert {quote.passage.source.id for quote in back if quote} == {BREAD.id}
    assert sum(quote is None for quote in back) == 5


@settings(max_examples=40)
@given(sources(), st.sampled_from(Heading), st.integers(0, 5), st.integers(0, 9), st.data())
def test_ten_hits_fit_into_a_custom_id(
    source: Source, kind: Heading, shown: int, at: int, data: st.DataObject
) -> None:
    """Whatever is in bold, for any member, and decoding stays within the passage."""
    snapshot = build_snapshot([source])
    hits = []
    for passage in (list(snapshot.passages) * 10)[:10]:
        start = data.draw(st.integers(0, len(passage.text) - 1))
        bold = Span(start, data.draw(st.integers(start + 1, len(passage.text))))
        hits.append(Quote(passage, bold))
    whole = QuoteList.of(kind, hits, shown, USER, FirstLine.SHARED, "zz")
    refs = whole.refs
    for button in (
        TurnButton(whole, at),
        ShareButton(whole, at),
        ContextButton(refs, 4, 10, "turn"),
        MoreButton(refs, 100, first_line=FirstLine.ASKED),
        DeleteButton(USER),
    ):
        assert len(button.custom_id) <= 100
    back, _ = QuoteList.decode(whole.encode(at))
    assert [ref.key for ref in back.refs] == [ref.key for ref in refs]
    assert back.refs[:5] == refs[:5]
    for ref in back.refs:
        quote = ref.quote(snapshot)
        assert quote is not None
        assert quote.bold is None or 0 <= quote.bold.start < quote.bold.end <= len(
            quote.passage.text
        )


@pytest.mark.parametrize("number", [0, 1, 2**42 - 1, 2**64 - 1])
def test_numbers_are_read_back(number: int) -> None:
    """Up to the greatest id that Discord can give."""
    assert number_of(digits(number, 11)) == number


def test_what_is_no_state_is_refused() -> None:
    """A `custom_id` that another program made up."""
    with pytest.raises(ValueError, match="17 digits for 63 quotes"):
        QuoteList.decode("AA_" + 14 * "A")


@pytest.mark.parametrize("language", [None, "aa", "en", "zz", "haw", "", "é"])
def test_a_language_of_two_letters_is_read_back(language: str | None) -> None:
    """Of a longer tag there is no room: then nothing is said of it."""
    whole = QuoteList(Heading.ANSWERED, 0, USER, (), FirstLine.NONE, language)
    known = language if language in {"aa", "en", "zz"} else None
    assert QuoteList.decode(whole.encode(0))[0].language == known


def test_the_state_of_an_older_button_is_read_back(snapshot: Snapshot) -> None:
    """As it was written before it knew of the first line and the language."""
    hits = [Quote(passage) for passage in snapshot.passages[:3]]
    whole = QuoteList.of(Heading.CLOSEST, hits, 2, USER)
    new = whole.encode(1)
    old = new[:14] + new[17:]
    assert QuoteList.decode_old(old) == (replace(whole, first_line=FirstLine.UNKNOWN), 1)
    for button in (TurnButton, ShareButton):
        template = button.__discord_ui_compiled_template__
        prefix = "turn" if button is TurnButton else "share"
        match = template.fullmatch(f"{prefix}:{old}")
        assert match is not None
        assert button.of(match)._quotes == replace(whole, first_line=FirstLine.UNKNOWN)
    more = MoreButton.__discord_ui_compiled_template__.fullmatch("more:1:" + "A" * 9)
    assert more is not None
    assert MoreButton.of(more)._first_line is FirstLine.UNKNOWN


def test_a_mark_reads_no_more_words_than_it_can_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence may have a hundred thousand; in bold so far behind, it is shown without."""
    looked_at: list[str] = []

    class Words:
        def finditer(self, text: str) -> Iterator[re.Match[str]]:
            for match in re.finditer(r"\S+", text):
                looked_at.append(match[0])
                yield match

    monkeypatch.setattr(encoding, "_WORD", Words())
    text = " ".join(map(str, range(250)))
    passage = build_snapshot([Source("s", "T", "A", (Post(1, text),))]).passages[0]
    assert QuoteRef.of(Quote(passage, Span(0, 3))) == QuoteRef(passage.key, 0, 2)
    assert QuoteRef.of(Quote(passage, Span(700, 703))) == QuoteRef(passage.key)
    assert len(looked_at) <= 2 * 64


@pytest.mark.parametrize("start", [0, 1_999, 99_990])
def test_what_is_bold_in_a_passage_of_any_length_is_read_back(start: int) -> None:
    """To the letter, beside passages of the usual length, from every button that needs it."""
    text = "word-" * 20_000  # without white space a passage is never divided
    sources = [Source("s", "T", "A", (Post(1, text.strip("-")),)), BREAD]
    snapshot = build_snapshot(sources)
    bold = Span(start, start + 9)
    short = snapshot.passages[1]
    hits = [Quote(short, Span(0, 5)), Quote(snapshot.passages[0], bold)] * 5
    whole = QuoteList.of(Heading.ANSWERED, hits, 5, USER, FirstLine.ASKED, "ar")
    assert len(whole.refs) == encoding.MOST_FOCUSED
    back, at = QuoteList.decode(whole.encode(2))
    assert (back, at) == (whole, 2)
    buttons = (
        TurnButton(whole, 2),
        ShareButton(whole, 2),
        MoreButton(whole.refs[:3]),
        ContextButton(whole.refs, 4, 10, "turn"),
    )
    for button in buttons:
        assert len(button.custom_id) <= 100
        template = type(button).__discord_ui_compiled_template__
        match = template.fullmatch(button.custom_id)
        assert match is not None
        assert type(button).of(match).custom_id == button.custom_id
    more = MoreButton.__discord_ui_compiled_template__.fullmatch(buttons[2].custom_id)
    assert more is not None
    for refs in (back.refs, ContextButton(whole.refs)._refs, MoreButton.of(more)._refs):
        found = [ref.quote(snapshot) for ref in refs[:2]]
        assert [quote and quote.bold for quote in found] == [Span(0, 5), bold]
