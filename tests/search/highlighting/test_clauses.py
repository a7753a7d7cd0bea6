"""The clause in bold is a slice of a long sentence that holds what was asked."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.library.snapshots import build_snapshot
from bot.models import Post, Question, Source
from bot.search.highlighting.clause_features import Highlighted
from bot.search.highlighting.clauses import (
    CLAUSE_FEATURES,
    best_clause,
    clause_candidates,
    dump_clause_weights,
    load_clause_weights,
)
from bot.search.highlighting.match_location import WIDEST
from bot.search.highlighting.phrases import SHARE
from bot.search.literal import find_repeated
from bot.search.query.question_types import question_types
from bot.search.reading.answer_span import AnswerSpan
from bot.search.resources import resources
from tests.samples import any_text

SENTENCE = (
    "With the harvest late and the roads to the coast flooded, the council told the farmers that no"
    " grain would be bought before the first of May, because the old mill beside the river had"
    " burned down in the night."
)


def clause(question: str, sentence: str = SENTENCE) -> str | None:
    searcher = build_snapshot([Source("s", "T", "A", (Post(1, sentence),))]).searcher
    hits = searcher.search(Question(question))
    if not hits or hits[0].bold is None:
        return None
    return hits[0].passage.text[hits[0].bold.start : hits[0].bold.end]


def test_the_clause_that_holds_what_was_asked_stands_out() -> None:
    """Another question brings out another one, never more than a part."""
    mill = clause("what burned down in the night?") or ""
    grain = clause("when would grain be bought?") or ""
    assert "the old mill" in mill
    assert "grain" in grain
    assert max(len(mill), len(grain)) < len(SENTENCE) / 2  # or nothing would stand out


def test_nothing_stands_out_in_a_short_sentence() -> None:
    """It is read at a glance."""
    assert clause("what burned down?", "The mill burned down in the night.") is None


@pytest.mark.parametrize(
    ("more", "stands_out"),
    [("", False), (", which the miller and both of his sons had rebuilt twice", True)],
)
def test_something_stands_out_from_about_two_dozen_words_on(more: str, stands_out: bool) -> None:
    """On a phone that is four lines: fewer are read at once."""
    sentence = f"The old mill beside the river burned down in the night, because of the lamp{more}."
    assert len(sentence.split()) < 30
    assert (clause("what burned down in the night?", sentence) is not None) is stands_out


def test_the_answer_is_near_the_words_of_the_question() -> None:
    """Of two amounts in a sentence the one beside what is asked."""
    sentence = (
        "When the council met after the flood, the clerk reported that the new pump had cost ninety"
        " crowns in the spring, while the old boat had been sold to a fisherman from the next village"
        " for eleven crowns."
    )
    assert "ninety" in (clause("how much did the pump cost?", sentence) or "")
    assert "eleven" in (clause("how much was the boat sold for?", sentence) or "")


def test_no_clause_ends_with_a_word_that_leads_on() -> None:
    """The rest of what it begins would be missed."""
    for question in ("what did the council tell the farmers?", "why was no grain bought?"):
        found = clause(question)
        assert found is not None
        assert found.split()[-1] not in {"the", "of", "and", "to", "be", "that"}


FILLER = "kilns baskets rivers marshes orchards ledgers "
UNBROKEN = FILLER.replace(" ", "-")
"""Without white space: a passage is not cut there, however long it is."""
LONG_SENTENCES = {
    "without a comma": (
        FILLER * 30 + "keeper Martha repaired lighthouse lamp " + FILLER * 30,
        "Martha",
    ),
    "a little one": (FILLER * 8 + "keeper Martha repaired lighthouse lamp " + FILLER, "Martha"),
    "very long": (
        FILLER * 500 + "keeper Martha repaired lighthouse lamp " + FILLER * 500,
        "Martha",
    ),
    "with a clause": (
        FILLER * 40
        + "and so the keeper Martha repaired the lighthouse lamp alone, while "
        + FILLER * 40,
        "Martha",
    ),
    "near the end": (FILLER * 85 + "keeper Martha repaired lighthouse lamp", "Martha"),
    "Arabic": (
        "أنهار وبساتين وسلال " * 100 + "أصلح الحارس lamp lighthouse " + "أنهار وبساتين " * 99,
        "lamp",
    ),
    "one word": ("lighthouse lamp " + "w" * 5_000, "lamp"),
}


@pytest.mark.parametrize("name", LONG_SENTENCES)
def test_no_more_than_a_clause_stands_out_of_a_sentence_however_long(name: str) -> None:
    """The one that holds what was asked, whatever the writing, and without a comma in it."""
    sentence, held = LONG_SENTENCES[name]
    found = clause("who repaired the lighthouse lamp?", sentence)
    assert found is not None
    assert len(found) <= WIDEST
    assert held in found or name == "one word"


def test_a_clause_stands_out_in_writing_without_spaces() -> None:
    """Cut at its commas."""
    sentence = "河流和果园还有篮子，" * 200 + "守塔人独自修理了灯塔的灯，" + "河流和果园，" * 200
    found = clause("谁修理了灯塔的灯？", sentence) or ""
    assert "守塔人独自修理了灯塔的灯" in found
    assert len(found) <= WIDEST


def test_a_sentence_of_one_phrase_does_not_stand_out_from_itself() -> None:
    """All of it in bold would say nothing."""
    sentence = "kilns baskets rivers marshes orchards " * 5 + "lamp."
    assert clause("is there a lamp?", sentence) != sentence
    assert clause("is there a lamp?", sentence) != sentence[:-1]


def clause_for(answer: str, sentence: str = SENTENCE) -> str | None:
    """What stands out where the reader takes `answer` for the answer."""
    searcher = build_snapshot([Source("s", "T", "A", (Post(1, sentence),))]).searcher
    question = "what burned down in the night?"
    known = searcher.resources
    highlighted = Highlighted(
        question,
        searcher.expander.concepts(question),
        question_types(question),
        searcher.expander.analyzers[0],
        known.word_vectors,
    )
    words = [word.span() for word in re.finditer(r"\S+", sentence)]
    start = sentence.index(answer)
    logits = np.full((len(words), 2), -20, np.float32)
    logits[max(i for i, (at, _) in enumerate(words) if at <= start), 0] = 0
    logits[min(i for i, (_, at) in enumerate(words) if at >= start + len(answer)), 1] = 0
    span = AnswerSpan.of(np.array(words), logits)
    found = best_clause(sentence, highlighted, known.read_clauses, span)
    return None if found is None else sentence[found.start : found.end]


@pytest.mark.parametrize(
    "answer", ["the harvest", "flooded", "the farmers", "no grain", "the first of May", "burned"]
)
def test_what_the_reader_takes_for_the_answer_stands_out(answer: str) -> None:
    """Whatever else the sentence says of the question's words."""
    found = clause_for(answer)
    assert found is not None
    assert answer in found
    assert len(found) <= len(SENTENCE) * SHARE


def test_of_an_answer_longer_than_a_clause_as_much_stands_out_as_may() -> None:
    """Less than half of the sentence."""
    answer = SENTENCE[: SENTENCE.index(" before")]
    found = clause_for(answer)
    assert found is not None
    assert len(found) <= len(SENTENCE) * SHARE


def test_a_sentence_too_long_to_be_shown_whole_is_shown_around_the_answer() -> None:
    """Not around the question's words, which may stand far from it."""
    filler = "kilns baskets rivers marshes orchards ledgers " * 60
    sentence = f"What burned down in the night: {filler} was the mill of the widow Ana, {filler}."
    found = clause_for("the mill of the widow Ana", sentence)
    assert found is not None
    assert "the mill of the widow Ana" in found
    assert len(found) <= WIDEST


def test_in_a_short_sentence_the_answer_does_not_stand_out() -> None:
    """It is read at a glance."""
    assert clause_for("the mill", "In the night the mill burned down.") is None


def test_every_hit_that_may_be_shown_in_part_says_which_part() -> None:
    """Also one that is not shown at first."""
    posts = tuple(
        Post(i, UNBROKEN * 30 + f" lighthouse lamp {i} " + UNBROKEN * 9) for i in range(1, 7)
    )
    others = tuple(Post(i, f"The carter {i} slept well beside kiln {i}.") for i in range(7, 90))
    searcher = build_snapshot([Source("s", "T", "A", posts + others)]).searcher
    hits = searcher.search(Question("where is the lighthouse lamp?"), shown=lambda _: 0)
    assert hits
    assert all(hit.bold and "lamp" in hit.passage.text[slice(*hit.bold)] for hit in hits)
    repeated = find_repeated(searcher, f"They say {posts[2].text[1_300:1_500]}")
    assert repeated
    for hit in repeated[:1]:
        assert hit.bold is not None
        assert "lamp" in hit.passage.text[slice(*hit.bold)]


@given(any_text)
def test_any_sentence_has_a_clause_within_it(sentence: str) -> None:
    """Even one of punctuation, or of one phrase."""
    long = sentence + " mill grain coast" * 9
    found = clause("when would grain be bought?", long)
    assert found is None or found in long


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    """And are refused once the features are others, in a line that names the file."""
    path, weights = tmp_path / "clauses.json", resources().clauses
    dump_clause_weights(weights, path, CLAUSE_FEATURES)
    assert load_clause_weights(path, CLAUSE_FEATURES) == pytest.approx(weights, abs=1e-4)
    with pytest.raises(VerbatimError, match=r"clauses\.json: fitted for another list.*make fit"):
        load_clause_weights(path, CLAUSE_FEATURES[1:])


CONDITION = (
    "At the meeting in the old school the miller, who had seen both floods, told the farmers that if the"
    " frost came back before the sowing was done, the seed would be lost, and the year with it."
)


def runs(sentence: str) -> list[str]:
    searcher = build_snapshot([Source("s", "T", "A", (Post(1, sentence),))]).searcher
    question = Highlighted(
        "what did he say?",
        (),
        question_types("what did he say?"),
        searcher.expander.analyzers[0],
        searcher.resources.word_vectors,
    )
    found = clause_candidates(sentence, question)
    return [sentence[found.span(n).start : found.span(n).end] for n in range(len(found.starts))]


def test_no_run_ends_between_a_condition_and_its_consequence() -> None:
    """“Told the farmers that if the frost came back” says nothing; the condition alone may be the answer."""
    condition = "if the frost came back before the sowing was done"
    found = runs(CONDITION)
    assert condition in found
    assert not [run for run in found if run.endswith("was done") and not condition.endswith(run)]


def test_a_condition_that_ends_the_sentence_waits_for_nothing() -> None:
    """Its consequence comes before it."""
    sentence = (
        "The miller told the farmers at the meeting in the old school that the seed would surely be lost, and"
        " the year with it, if the frost came back before the sowing was done."
    )
    assert any(run.startswith("and the year") and run.endswith("done.") for run in runs(sentence))
