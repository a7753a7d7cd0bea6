"""Structured documents are answered from their sentences, items and rows, never from what only frames these."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.discord.kit.quotes.layout import quote_page
from bot.models import Role
from bot.terminal.answers import as_quotes
from bot.texts.structure import passages_of
from bot.wording import ENGLISH
from tests.quality.document_gate import (
    DOCUMENTS,
    RANKER_OF,
    documents,
    expected_lead,
    judged,
    measure,
)
from tests.quality.gate import UNANSWERABLE, missing, read_floors, worse

pytestmark = pytest.mark.timeout(1_800)  # models read a hundred questions

FRAME = re.compile(
    r"#{1,6}\s|<!--|<[a-z/]|!\[|(?:\.\s?){4}|\[[^\]]*\]\(#|\|?\s*:?-{3}"
    r"|(?:.*\n)*.*:[*_]*$|\*\*[^*]*\*\*$|\*\*[^*]*\?\*\*"
)
"""How a quote begins that is a heading, comment, tag, image, contents line, table rule, lead-in or FAQ question."""


def _require(ranker: str) -> None:
    if package := missing(ranker):
        pytest.skip(f"{package} is not installed")


@pytest.mark.parametrize("name", RANKER_OF)
def test_the_right_place_comes_first_as_often_as_it_did(name: str) -> None:
    """No figure is under its floor."""
    _require(RANKER_OF[name])
    found = worse(name, measure(RANKER_OF[name]), read_floors()[name])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("ranker", RANKER_OF.values())
def test_no_quote_is_a_heading_a_comment_a_contents_line_or_a_bare_lead(ranker: str) -> None:
    """Of all the hits of every question, also those that are not shown at once."""
    _require(ranker)
    hits = [hit for o in judged(ranker) for hit in o.answer.hits]
    assert len(hits) > 200
    for hit in hits:
        assert hit.passage.role is Role.ANSWER, hit.passage.text
        text = hit.passage.text
        if not hit.passage.post.text.startswith("```"):
            assert not FRAME.match(text), text


@pytest.mark.parametrize("ranker", RANKER_OF.values())
def test_an_item_is_shown_with_the_line_that_introduces_its_list(ranker: str) -> None:
    """So is a table's row with the header, on Discord and in the terminal."""
    _require(ranker)
    introduced = 0
    for o in judged(ranker):
        document = (DOCUMENTS / f"{o.record}.md").read_text(encoding="utf-8")
        for hit in o.answer.hits:
            passage = hit.passage
            line = expected_lead(document, passage) if passage.item else None
            if line is None:
                assert not passage.item or passage.lead is None, passage.text
                continue
            introduced += 1
            assert passage.lead is not None, passage.text
            lead = passage.lead.text
            assert lead in line, passage.text
            assert f"{lead}\n" in as_quotes([hit.quote]).replace("\n  ", "\n").lstrip(), lead
            assert _words(lead) in _words(quote_page([hit.quote], 1, ENGLISH).content), lead
    assert introduced > 60


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def test_every_right_place_is_a_passage_of_its_document() -> None:
    """An opening that stands nowhere, twice, or in a heading, would judge answers wrongly."""
    for source, record in documents():
        text = "\n\n".join(post.text for post in source.posts)
        answers = [p for p in passages_of(source) if p.role is Role.ANSWER]
        for item in record.questions:
            assert bool(item.gold) != (item.kind in UNANSWERABLE), item.q
            for gold in item.gold:
                assert text.count(gold) == 1, gold
                assert any(p.text.startswith(gold) or gold.startswith(p.text) for p in answers), (
                    gold
                )


def test_every_document_has_the_same_mix_of_questions() -> None:
    """Ten documents with ten questions each, so that no kind of document decides."""
    assert len(documents()) == 10
    mix = {"natural": 4, "keyword": 2, "paraphrase": 2, "near": 1, "far": 1}
    for source, record in documents():
        assert record.name == source.id
        assert Counter(item.kind for item in record.questions) == mix, record.name
