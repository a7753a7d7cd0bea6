"""Texts and questions are made into the same terms, in any script."""

from __future__ import annotations

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from bot.search.language.analysis import Analyzer
from bot.search.language.stemming import SNOWBALL_NAMES
from tests.samples import any_text

ENGLISH = Analyzer("en")

ODD = [
    "مُحَمَّد ذهب", "東京都に行く", "हिन्दी में", "🔥🇮🇶", "a\u200db", "İstanbul ǅ ß ﬁ",
    "x" * 5_000, "'" * 3_000, "1," * 3_000, "U." * 3_000, "#a" * 2_000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The U.S. left", ["us", "left"]),
        ("does the us plan to leave", ["us", "plan", "leav"]),
        ("tell us more", ["tell"]),
        ("WHO said it", ["who", "said"]),
        ("who said it", ["said"]),
        ("the IT team", ["it", "team"]),
        ("$1,000 or 3.5%", ["dollar", "1000", "3.5", "percent"]),
        ("Iraq’s “café”", ["iraq", "cafe"]),
        ("anti-American", ["anti", "american", "antiamerican"]),
        ("#FooBar", ["foobar", "foo", "bar"]),
        ("on 7th May 1990s", ["7", "may", "1990"]),
        ("ask @RamzyMardini", ["ask", "ramzymardini"]),
        ("", []),
        ("...", []),
    ],
)
def test_words_become_terms(text: str, terms: list[str]) -> None:
    """Names in capitals, numbers, possessives, hyphens, hashtags and handles."""
    found = [term for term in ENGLISH.terms(text) if term not in {"ramzi", "mardini"}]
    assert found == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Who was ill?", ["ill"]),
        ("I'll go, she’ll go, he'll go, we'll go", ["go", "go", "go", "go"]),
        ("the well, the shell, hell, a shed, to wed", ["well", "shell", "hell", "shed", "wed"]),
        ("I'd say we'd go, who're you, let's go", ["say", "go", "go"]),
        ("ill be there, id like tea", ["tea", "like"]),
        ("lets go; who lets flats", ["go", "let", "flat"]),
        ("dont, im, cant, wont, youre", []),
        ("as is his wont", ["wont"]),
        ("his ID, an id, the I.D.", ["id", "id", "id"]),
        ("May was wet. In may. May they rest.", ["may", "wet", "may", "rest"]),
        ("May brought floods", ["may", "brought", "flood"]),
        ("May we see it?", ["see"]),
        ("how was may", ["may"]),
        ("May cold hands do it?", ["cold", "hand"]),
        ("Did Will resign?", ["will", "resign"]),
        ("the US will leave", ["us", "leav"]),
        ("Iraq’s will, a will, his will", ["iraq", "will", "will", "will"]),
        ("that will do, each can go", ["go"]),
        ("that's mine, a friend of mine, is it mine", ["friend"]),
        ("the gold mine", ["gold", "mine"]),
        ("WILL THE MAYOR GO", ["mayor", "go"]),
        ("US", ["us"]),
        ("US ARMY?", ["us", "armi"]),
        ("TELL US, IT IS LATE", ["tell", "late"]),
        ("When Will Kadhimi Go", ["kadhimi", "go"]),
    ],
)
def test_the_context_decides_whether_an_ambiguous_word_is_a_stopword(
    text: str, terms: list[str]
) -> None:
    """A contraction by its apostrophe, a noun by its article, a name by its capital."""
    assert sorted(ENGLISH.terms(text)) == sorted(terms)


def test_british_and_american_spelling_are_one() -> None:
    """So are upper and lower case, and accents or none."""
    assert ENGLISH.terms("colour organise centre") == ENGLISH.terms("color organize center")
    assert ENGLISH.terms("CAFÉ Zoë") == ENGLISH.terms("cafe zoe")


def test_the_stemmer_is_that_of_the_language() -> None:
    """A language without one is still split and folded."""
    assert Analyzer("es").terms("elecciones") == Analyzer("es").terms("elección")
    assert Analyzer("ar").terms("الكتاب") == Analyzer("ar").terms("كتاب")
    assert Analyzer("xx").terms("Ñandú corre") == ["nandu", "corre"]
    assert set(Analyzer("ja").terms("東京都")) == {"東京", "京都"}


def test_every_language_that_snowball_stems_has_a_code() -> None:
    """Besides English, which has two older stemmers (as Dutch has one), each is reached by a text's `language`."""
    older = {"porter", "dutch_porter"}
    assert set(Stemmer.algorithms()) - older == set(SNOWBALL_NAMES.values())


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("cs", "kniha knihy knihami"),
        ("pl", "książka książki książkami"),
        ("fa", "کتاب کتابها کتاب‌ها کتاب‌های"),
        ("eo", "libro libroj librojn"),
        ("nn", "bøker bøkene"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, forms: str) -> None:
    """Also in languages with many of them."""
    assert len(set(Analyzer(language).terms(forms))) == 1


@pytest.mark.parametrize("language", ["en", "ar", "fr", "xx", "ja", "tr", "fa", "pl", "st"])
@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_tokens_are_slices_whatever_the_script(text: str, language: str) -> None:
    """And every one has a term."""
    for token in Analyzer(language).tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term


@given(any_text, st.sampled_from(["en", "ar", "cs", "de", "fa", "zh", "he"]))
def test_tokens_are_slices_of_any_text(text: str, language: str) -> None:
    """In reading order, a second reading beside the first."""
    starts = []
    for token in Analyzer(language).tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        if not token.variant:
            starts.append(token.start)
    assert starts == sorted(starts)
