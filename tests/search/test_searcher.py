"""Questions worded in many ways find the passage that answers them."""

from __future__ import annotations

import math
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.snapshots import build_snapshot
from bot.models import Hit, Post, Question, Source, Turn
from bot.search.retrieval import FEW, POOL
from bot.search.searcher import Searcher
from tests.samples import BRIDGE, any_text

TALKS = Source(
    "talks",
    "The talks",
    "@LaylaHWire",
    (
        Post(1, "The Iraqi premier flew to Washington on 20 August. He was not offered any money."),
        Post(2, "Oil fell because of the pandemic."),
        Post(3, "An elderly physician purchased the vessel. Nobody had expected that."),
        Post(4, "😀"),
    ),
    aliases=MappingProxyType({"the vessel": ("Marigold",)}),
)


def searcher(*sources: Source) -> Searcher:
    return build_snapshot(sources).searcher


ONE = searcher(TALKS)


def first(question: str, after: Turn | None = None, of: Searcher = ONE) -> str:
    hits = of.search(Question(question, after))
    return hits[0].passage.text if hits else ""


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("When did the premier fly to Washington?", "The Iraqi premier"),
        ("prime minister of iraq trip", "The Iraqi premier"),
        ("why did oil drop", "Oil fell"),
        ("pandmic", "Oil fell"),
        ("which doctor bought a ship", "An elderly physician"),
        ("who bought the Marigold", "An elderly physician"),
    ],
)
def test_the_right_passage_comes_first(question: str, opening: str) -> None:
    """By its words, by another name, by a slip, by what means alike, by the source's own alias."""
    assert first(question).startswith(opening)


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("wich oil fell", "which oil fell"),
        ("waht fell teh most", "what fell the most"),
        ("why didn't the oil fall", "why didn't the oil fall"),
        ("what is btc", "what is btc"),
    ],
)
def test_typos_in_question_words_are_corrected(question: str, term: str) -> None:
    """So that they do not count as things that no passage holds."""
    assert ONE.expander.correct_question_words(question) == term


def test_question_words_of_other_languages_are_not_corrected_to_english() -> None:
    """`wen` is German."""
    german = searcher(Source("de", "Brücke", "", (Post(1, "Die Brücke ist alt."),), language="de"))
    assert german.expander.correct_question_words("wer hat teh") == "wer hat teh"


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("oil field fire", {"oilfield"}),
        ("footballteam", {"footbal", "team"}),
        ("Footballteam", set()),
        ("whichteam", set()),
    ],
)
def test_words_written_as_one_or_as_two_are_found(question: str, terms: set[str]) -> None:
    """Whichever way the text has them; a name or a stopword is not taken apart."""
    text = "An oilfield burned. The football coach lost. Which team won?"
    found = searcher(Source("s", "News", "", (Post(1, text),))).expander.concepts(question)
    assert {expansion.term for concept in found for expansion in concept.expansions} == terms


def test_a_follow_up_is_answered_with_the_previous_turn() -> None:
    """By the passage that was quoted for it; also when that passage has gone meanwhile."""
    key = build_snapshot([TALKS]).passages[3].key
    assert first("was that expected?", Turn("who bought the vessel?", key)).startswith("Nobody")
    assert first("was that expected?", Turn("who bought the vessel?", 1)).startswith("Nobody")
    assert first("was that expected?", Turn("who bought the vessel?")).startswith("Nobody")


def test_a_question_of_its_own_is_not_changed_by_the_previous_turn() -> None:
    """Whatever was asked earlier."""
    before = Turn("which doctor bought a ship", build_snapshot([TALKS]).passages[3].key)
    assert first("Why did the price of oil fall?", before).startswith("Oil fell")


def test_a_large_text_is_searched_by_its_index() -> None:
    """Within a source's range too."""
    filler = tuple(Post(i, f"Ferry number {i} was late again.") for i in range(1, 3 * FEW))
    snapshot = build_snapshot([Source("ferries", "Ferries", "F", filler), BRIDGE])
    question = Question("Who was too ill to attend the opening?")
    assert "Brunel" in snapshot.searcher.search(question)[0].passage.text
    within = snapshot.ranges["ferries"]
    hits = snapshot.searcher.search(Question("which ferry was late"), within)
    assert hits
    assert {hit.passage.source.id for hit in hits} == {"ferries"}
    assert snapshot.searcher.search(Question("xylophone"), within) == ()


def test_the_word_itself_is_a_candidate_before_words_that_begin_like_it() -> None:
    """However many these are in a large text: a like beginning is hardly a sign."""
    ends = "inn tax bar cat law dog pub map".split()
    posts = tuple(
        Post(n, f"The market{ends[n % len(ends)]} burned in {1900 + n}.")
        for n in range(1, POOL + 20)
    )
    last = Post(POOL + 20, "The market froze.")
    found = searcher(Source("s", "News", "A", (*posts, last))).retrieve(Question("market"))
    assert len(found.candidates) == POOL
    assert POOL + 19 in found.candidates.tolist()


def test_what_the_previous_turn_asked_for_is_a_candidate_anywhere_in_a_large_text() -> None:
    """A follow-up may share no word with what answers it, which may stand far from the last quote."""
    filler = [Post(n, f"Ferry number {n} was late again.") for n in range(1, 2 * FEW)]
    said = "The council raised the harbour toll.", "The harbour toll rose: the pier had rotted."
    filler[4:4] = [Post(0, said[0])]
    filler[FEW:FEW] = [Post(0, said[1])]
    posts = tuple(Post(n, post.text) for n, post in enumerate(filler, start=1))
    snapshot = build_snapshot([Source("s", "News", "A", posts)])
    before = Turn("who raised the harbour toll?", snapshot.passages[4].key)
    retrieval = snapshot.searcher.retrieve(Question("why was that?", before))
    assert {4, FEW} <= set(retrieval.candidates.tolist())
    assert len(retrieval.candidates) < FEW


def test_each_language_is_searched_in_its_own() -> None:
    """Beside another one in the same library."""
    spanish = Source(
        "es", "Puentes", "A", (Post(1, "Las elecciones fueron aplazadas por la lluvia."),),
        language="es",
    )  # fmt: skip
    both = searcher(TALKS, spanish, BRIDGE)
    assert first("elección aplazada", of=both).startswith("Las elecciones")
    arabic = Source("ar", "نص", "ب", (Post(1, "وصل رئيس الوزراء إلى واشنطن."),), language="ar")
    assert first("رئيس", of=searcher(TALKS, arabic)).startswith("وصل")


def test_probabilities_tell_an_answer_from_a_miss() -> None:
    """What the text says is likelier than what it does not, and that than nonsense."""

    def best(question: str) -> float:
        hits = ONE.search(Question(question))
        return hits[0].probability if hits else 0.0

    said = best("When did the Iraqi premier fly to Washington?")
    assert said > 0.7
    assert best("When was the premier born?") < said
    assert best("qwertyuiop zxcv") < 0.3


@settings(max_examples=80)
@given(any_text)
def test_any_question_gets_finite_hits_in_order(text: str) -> None:
    """Whatever is asked, alone and after something else."""
    for after in (None, Turn(text), Turn("who bought the vessel?")):
        hits: tuple[Hit, ...] = ONE.search(Question(text, after))
        assert all(0 <= hit.probability <= 1 and math.isfinite(hit.score) for hit in hits)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)


WORDS = sorted({word for post in TALKS.posts for word in post.text.split()})


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*WORDS, "who", "when", "why", "how many", "not"]), max_size=7),
    st.booleans(),
)
def test_no_quote_is_surer_than_the_one_before_it(words: list[str], follows: bool) -> None:
    """One order, one meaning: whatever is asked, the best comes first by score and by chance."""
    after = Turn("who bought the vessel?") if follows else None
    hits = ONE.search(Question(" ".join(words), after))
    chances = [hit.probability for hit in hits]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(
    "text", ["us " * 600, "a b c " * 300, "?" * 2_000, "word" * 500, "x " * 900]
)
def test_no_question_is_too_long(text: str) -> None:
    """Only so many of its words are looked for."""
    assert all(math.isfinite(hit.score) for hit in ONE.search(Question(text)))
