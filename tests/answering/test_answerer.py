"""A question comes out in one of the outcomes, and every quote is exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import BY_READING, BY_WORDS, Policy, answer, find_source
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Hit, Outcome, Passage, Post, Question, SmallTalk, Source, Turn
from bot.search.language.analysis import Analyzer
from bot.search.literal import SAID
from tests.samples import BREAD, BRIDGE, any_text, sources

ANYTHING = Policy(answered=0.0, closest=0.0)
USUAL = Policy()
NOTHING = Policy(answered=1.0, closest=1.0)


def asked(
    snapshot: Snapshot, text: str, policy: Policy = USUAL, source_id: str | None = None
) -> Answer:
    return answer(snapshot, Question(text), policy, source_id)


def test_a_question_that_the_texts_answer_is_answered(snapshot: Snapshot) -> None:
    """With the sentence that says it first."""
    given_ = asked(snapshot, "When did the bridge over the Tamar open?")
    assert given_.outcome is Outcome.ANSWERED
    assert given_.hits[0].passage.text == BRIDGE.posts[0].text
    assert 1 <= given_.shown <= 3


def test_a_question_about_something_else_is_not_covered(snapshot: Snapshot) -> None:
    """Nothing is shown unasked."""
    given_ = asked(snapshot, "Who painted the Mona Lisa?")
    assert given_.outcome is Outcome.NOT_COVERED
    assert given_.shown == 0


def test_the_thresholds_decide_the_outcome(snapshot: Snapshot) -> None:
    """The same hits come out as one or another by the policy alone."""
    text = "Who designed the bridge?"
    probability = asked(snapshot, text).probability
    between = Policy(answered=min(1.0, probability + 0.01), closest=probability - 0.01)
    assert asked(snapshot, text, ANYTHING).outcome is Outcome.ANSWERED
    assert asked(snapshot, text, between).outcome is Outcome.CLOSEST
    assert asked(snapshot, text, NOTHING).outcome is Outcome.NOT_COVERED


class Ranked:
    """A searcher that finds the same passages for every question, as likely as it is told."""

    def __init__(self, snapshot: Snapshot, *probabilities: float) -> None:
        self.expander = snapshot.searcher.expander
        passages = snapshot.passages
        self._hits = tuple(Hit(passages[n], -float(n), p) for n, p in enumerate(probabilities))

    def analyzer_for(self, passage: Passage) -> Analyzer:
        return self.expander.analyzers[0]

    def has_terms(self, text: str) -> bool:
        return True

    def foreign_language(self, text: str) -> None:
        return None

    def begin_vectors(self, question: Question) -> Callable[[], None]:
        return lambda: None

    def search(
        self,
        question: Question,
        within: range | None,
        limit: int,
        shown: Callable[[Sequence[Hit]], int],
        vectors: Callable[[], None],
    ) -> tuple[Hit, ...]:
        shown(self._hits)
        return self._hits


def found(snapshot: Snapshot, *probabilities: float) -> Answer:
    ranked: Any = Ranked(snapshot, *probabilities)
    return asked(replace(snapshot, searcher=ranked), "Who designed the bridge?")


@pytest.mark.parametrize(
    ("probabilities", "shown"),
    [
        ((0.9, 0.4, 0.3), 3),
        ((0.9, 0.4, 0.05), 2),
        ((0.9, 0.1, 0.05), 1),
        ((0.9, 0.8, 0.7, 0.6), 3),
        ((0.6, 0.5, 0.4), 2),
        ((0.6, 0.1, 0.05), 1),
        ((0.3, 0.3, 0.3, 0.3), 2),
    ],
)
def test_a_further_quote_is_shown_while_it_may_well_be_the_answer(
    snapshot: Snapshot, probabilities: tuple[float, ...], shown: int
) -> None:
    """Half as likely as the first it often is, a tenth as likely it only takes room on a phone.

    Where it is not certain that one of them answers, two at most are shown.
    """
    assert found(snapshot, *probabilities).shown == shown


@pytest.mark.parametrize(
    ("probability", "outcome"),
    [
        (0.95, Outcome.ANSWERED),
        (0.8, Outcome.ANSWERED),
        (0.7, Outcome.CLOSEST),
        (0.5, Outcome.CLOSEST),
        (0.49, Outcome.NOT_COVERED),
    ],
)
def test_how_sure_the_bot_must_be(snapshot: Snapshot, probability: float, outcome: Outcome) -> None:
    """Answered means right about nineteen times in twenty; as likely as not is worth a warning."""
    assert found(snapshot, probability).outcome is outcome


def test_more_hits_are_kept_than_are_shown() -> None:
    """Behind the button there are further passages, up to ten in all, best first."""
    posts = tuple(Post(n, f"Ferry number {n} was late.") for n in range(1, 30))
    hits = asked(build_snapshot([Source("f", "F", "A", posts)]), "which ferry was late").hits
    assert len(hits) == 10
    assert all(one.score >= other.score for one, other in pairwise(hits))


def test_a_question_of_some_sentences_is_read_to_its_end(snapshot: Snapshot) -> None:
    """People tell what they know before they ask."""
    told = "Hi all, I walked there on Sunday with my children and we had a bet about it. "
    given_ = asked(snapshot, f"{told}When did the bridge over the Tamar open?")
    assert given_.question.endswith("open?")


def test_one_text_can_be_asked_alone(snapshot: Snapshot) -> None:
    """The others give no quotes then."""
    hits = asked(snapshot, "bake the bridge", ANYTHING, source_id="baking/bread").hits
    assert {hit.passage.source.id for hit in hits} == {"baking/bread"}
    assert asked(snapshot, "bake", ANYTHING, source_id="none").hits == ()


def test_small_talk_is_never_quoted_at(snapshot: Snapshot) -> None:
    """Nor is a question without a word to look for."""
    assert asked(snapshot, "hello").talk is SmallTalk.GREETING
    assert asked(snapshot, "what is the?").talk is SmallTalk.EMPTY
    assert asked(snapshot, "hello").hits == ()


DIARY = Source(
    "diary",
    "Farm diary",
    "Club",
    (
        Post(1, "The cook was too ill to come on Sunday."),
        Post(2, "The guard lost his ID on the stairs."),
        Post(3, "May brought floods, and June none."),
        Post(4, "To be, or not to be: that is the question. The WHO sent a doctor."),
        Post(5, "His will names three heirs. The mine closed in 1984."),
    ),
)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Who was ill?", "The cook was too ill to come on Sunday."),
        ("What if someone is ill?", "The cook was too ill to come on Sunday."),
        ("Where is the ID?", "The guard lost his ID on the stairs."),
        ("Who has the ID?", "The guard lost his ID on the stairs."),
        ("How was May?", "May brought floods, and June none."),
        ("how was may", "May brought floods, and June none."),
        ("To be or not to be?", "To be, or not to be: that is the question."),
        ("to be or not to be", "To be, or not to be: that is the question."),
        ("Who are the WHO?", "The WHO sent a doctor."),
        ("What is in the will?", "His will names three heirs."),
        ("Where is the mine?", "The mine closed in 1984."),
    ],
)
def test_a_question_of_words_that_are_mostly_stopwords_is_looked_up(text: str, quote: str) -> None:
    """By what they mean where they stand, or as a phrase; only else there is nothing to look for."""
    given_ = asked(build_snapshot([BREAD, DIARY]), text)
    assert given_.outcome in {Outcome.ANSWERED, Outcome.CLOSEST}
    assert given_.hits[0].passage.text == quote
    assert asked(build_snapshot([BREAD]), text).outcome is not Outcome.ANSWERED


def test_a_phrase_of_stopwords_is_looked_for_where_it_is_asked_for(snapshot: Snapshot) -> None:
    """In one text alone; a follow-up is looked up too; and what no text says is no question."""
    both = build_snapshot([BREAD, DIARY])
    text = "To be or not to be?"
    assert asked(both, text, source_id="diary").shown == 1
    assert asked(both, text, source_id=BREAD.id).talk is SmallTalk.EMPTY
    after = answer(both, Question(text, Turn("How hot is the oven?")), USUAL)
    assert after.hits[0].passage.source is both.sources["diary"]
    assert asked(snapshot, text).talk is SmallTalk.EMPTY
    assert asked(both, "is it what it is").talk is SmallTalk.EMPTY


MOTTOS = Source(
    "mottos",
    "Mottos",
    "Club",
    (
        Post(1, "Who are we? Rowers, as we were before."),
        Post(2, "Do it yourself, the harbour master says. He knows what it is to wait."),
        Post(3, "So what? Nobody asked."),
    ),
)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("who are we", "Who are we?"),
        ("Do it yourself?", "Do it yourself, the harbour master says."),
        ("what it is", None),  # stands inside a sentence, by chance
        ("so what", None),
        ("who are they?", None),
    ],
)
def test_three_stopwords_are_looked_up_where_they_are_a_clause(
    text: str, quote: str | None
) -> None:
    """So short, they stand inside many sentences that are not about them."""
    both = build_snapshot([BREAD, MOTTOS])
    given_ = asked(both, text)
    assert (given_.hits[0].passage.text if given_.hits else None) == quote
    assert given_.talk is (None if quote else SmallTalk.EMPTY)
    after = answer(both, Question(text, Turn("How hot is the oven?")), USUAL)
    assert MOTTOS.id not in {hit.passage.source.id for hit in after.hits if hit.score == SAID}


def test_a_short_summary_is_quoted_where_an_author_gives_one(snapshot: Snapshot) -> None:
    """The bot itself gives none: it would show how a text begins."""
    assert asked(snapshot, "tl;dr").outcome is Outcome.WHICH_TEXT
    short = Source("short", "Short", "@short", (Post(1, "TL;DR: buy early."),))
    assert asked(build_snapshot([short]), "tldr").hits[0].passage.text == "TL;DR: buy early."


def test_a_follow_up_is_understood_with_the_question_before(snapshot: Snapshot) -> None:
    """Alone it would find nothing."""
    before = Turn("Who designed the bridge?")
    given_ = answer(snapshot, Question("why was he absent?", before), ANYTHING)
    assert "Brunel" in given_.hits[0].passage.text


def test_without_texts_nothing_is_covered() -> None:
    """And nothing fails."""
    empty = build_snapshot([])
    assert asked(empty, "Who designed the bridge?").outcome is Outcome.NOT_COVERED
    assert find_source(empty, "Some message", Policy()).outcome is Outcome.NOT_COVERED


def test_a_long_question_is_cut(snapshot: Snapshot) -> None:
    """It is read up to the limit of the policy."""
    given_ = asked(snapshot, "bridge " * 10_000, Policy(max_question=100))
    assert len(given_.question) <= 100


def test_the_source_of_a_message_that_repeats_a_passage_is_found(snapshot: Snapshot) -> None:
    """Also inside a longer message."""
    message = "look: the toll for carts was never raised, they say, lol"
    given_ = find_source(snapshot, message, Policy())
    assert given_.outcome is Outcome.ANSWERED
    assert given_.hits[0].passage.text == "The toll for carts was never raised."


def test_a_message_that_repeats_nothing_has_no_source(snapshot: Snapshot) -> None:
    """A word in common is not enough."""
    given_ = find_source(snapshot, "I like bridges and trains", Policy())
    assert given_.outcome is Outcome.NOT_COVERED


@settings(max_examples=60)
@given(st.lists(sources(), min_size=1, max_size=3), any_text)
def test_every_quote_is_an_exact_slice_of_its_source(some: list[Source], text: str) -> None:
    """Whatever the texts and the question are, and the bold part lies in the quote."""
    by_id = {f"{i}": replace(source, id=f"{i}") for i, source in enumerate(some)}
    snapshot = build_snapshot(by_id.values())
    found = find_source(snapshot, text, ANYTHING)
    for hit in (*asked(snapshot, text, ANYTHING).hits, *found.hits):
        passage = hit.passage
        post = by_id[passage.source.id].posts[passage.post.number - 1]
        assert passage.text == post.text[passage.span.start : passage.span.end]
        assert 0.0 <= hit.probability <= 1.0
        if hit.bold is not None:
            assert 0 <= hit.bold.start < hit.bold.end <= len(passage.text)


@settings(max_examples=30)
@given(any_text)
def test_the_same_question_gives_the_same_answer(text: str) -> None:
    """Also on a snapshot built again."""
    one, other = build_snapshot([BRIDGE, BREAD]), build_snapshot([BRIDGE, BREAD])
    assert asked(one, text) == asked(other, text)


def test_a_misspelt_question_that_is_not_covered_has_what_was_probably_meant(
    snapshot: Snapshot,
) -> None:
    """Names keep their capital; words of English, of the texts and of no likeness stay."""
    meant = asked(snapshot, "Did Burnel miss it when wether halved the passangers?", NOTHING).meant
    assert meant == "Did Brunel miss it when wether halved the passengers?"
    assert asked(snapshot, "Who painted the Mona Lisa?", NOTHING).meant is None
    assert asked(snapshot, "Who designed the bridge?", NOTHING).meant is None
    assert asked(snapshot, "Did Burnel sufer a stroke?", ANYTHING).meant is None


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("who designed the great bridge", "who designed the"),
        ("who designed the bridge", "who designed the"),
        ("who  was  ill, of them all?", "who  was  ill, of"),
        ("w" * 30, "w" * 20),
        ("这座桥是谁设计的" * 5, ("这座桥是谁设计的" * 5)[:20]),
        (" who was ill?   ", "who was ill?"),
    ],
)
def test_of_a_long_question_the_beginning_is_read_and_that_is_known(
    snapshot: Snapshot, question: str, read: str
) -> None:
    """Cut between words; white space around it does not count."""
    given_ = answer(snapshot, Question(question), replace(ANYTHING, max_question=20))
    assert given_.question == read
    assert given_.cut is (question.strip() != read)


@pytest.mark.parametrize(("read", "usual"), [(False, BY_WORDS), (True, BY_READING)])
def test_an_answer_must_be_surer_where_the_reader_judged_unless_the_settings_say(
    read: bool, usual: float
) -> None:
    """The reader is sure of more questions, of wrong ones too."""
    assert Policy().answered_from(read=read) == usual
    assert Policy(answered=0.5).answered_from(read=read) == 0.5
    assert BY_READING > BY_WORDS


def test_two_passages_that_may_answer_are_shown_where_one_alone_would_not_be(
    snapshot: Snapshot,
) -> None:
    """What counts is the chance that one of those shown answers: here it is .51."""
    assert found(snapshot, 0.3, 0.3).outcome is Outcome.CLOSEST
    assert found(snapshot, 0.3, 0.3).chance == pytest.approx(0.51)
    assert found(snapshot, 0.3, 0.05).outcome is Outcome.NOT_COVERED
    assert found(snapshot, 0.3, 0.05).chance == 0


def test_a_quote_that_may_not_answer_has_in_bold_what_it_shares_with_the_question(
    snapshot: Snapshot,
) -> None:
    """So that a member sees at a glance why it is shown, in a short sentence too."""
    text = "Was the toll for carts raised?"
    given_ = asked(snapshot, text, Policy(answered=1, closest=0))
    quote = given_.quotes[0]
    assert given_.outcome is Outcome.CLOSEST
    assert quote.bold is not None
    assert (
        quote.passage.text[quote.bold.start : quote.bold.end] == "toll for carts was never raised."
    )
    assert asked(snapshot, text, ANYTHING).quotes[0].bold is None
