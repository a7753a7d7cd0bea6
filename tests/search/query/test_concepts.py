"""What may stand for a word of a question, and how surely."""

from __future__ import annotations

import pytest

from bot.library.snapshots import build_snapshot
from bot.models import Post, Source
from bot.search.query.concepts import Expansion, MatchType
from bot.search.searcher import Searcher


def searcher(text: str) -> Searcher:
    return build_snapshot([Source("s", "T", "A", (Post(1, text),))]).searcher


def expansions(question: str, text: str) -> list[Expansion]:
    (concept,) = searcher(text).expander.concepts(question)
    return list(concept.expansions)


def test_an_abbreviation_stands_for_its_phrase_more_surely_than_one_of_its_words_for_it() -> None:
    """“PM” is a prime minister; a minister alone may be any."""
    (whole,) = {
        one
        for concept in searcher("The PM paid.").expander.concepts("prime minister")
        for one in concept.expansions
    }
    part = expansions("PM", "The minister paid.")[0]
    assert (whole.match_type, part.match_type) == (MatchType.ALIAS, MatchType.ALIAS)
    assert whole.strength > 0.8 > part.strength > 0.5


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("America", "The US raised a tariff."),
        ("the United States", "A tariff of the US."),
        ("the US", "America raised a tariff."),
        ("World Health Organization", "The WHO sent a doctor."),
        ("the WHO", "The World Health Organization sent a doctor."),
    ],
)
def test_an_alias_that_is_also_a_pronoun_stands_for_its_name(asked: str, text: str) -> None:
    """In the lists of names it stands alone, where no place shows what it is."""
    concepts = searcher(text).expander.concepts(asked)
    assert any(
        one.match_type is MatchType.ALIAS for concept in concepts for one in concept.expansions
    )


def test_an_english_word_is_less_likely_a_typo_than_another_one() -> None:
    """Who asks for a bridle may mean a bridle, though the text has bridges alone."""
    english, slip = (expansions(word, "The bridge opened.")[0] for word in ("bridle", "bridfe"))
    assert (english.match_type, slip.match_type) == (MatchType.SPELLING, MatchType.SPELLING)
    assert english.strength < 0.7 * slip.strength


@pytest.mark.parametrize(
    ("asked", "text", "alike"),
    [
        ("electrification", "Electric lamps burned.", True),
        ("transport", "A translation helped.", False),
        ("transport", "Transmission failed.", False),
    ],
)
def test_words_that_begin_alike_have_most_of_the_longer_one_in_common(
    asked: str, text: str, alike: bool
) -> None:
    """Otherwise half of the words with a common prefix would stand for one another."""
    found = expansions(asked, text)
    assert [one.match_type for one in found] == [MatchType.PREFIX] * len(found)
    assert bool(found) is alike


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("when did the brigde open", "when did the bridge open"), ("the brixdze", "the brixdze")],
)
def test_only_a_likely_correction_is_suggested(typed: str, meant: str) -> None:
    """“Did you mean” must not guess: two typos in seven letters are too many."""
    assert searcher("The bridge opened.").expander.suggest_correction(typed) == meant
