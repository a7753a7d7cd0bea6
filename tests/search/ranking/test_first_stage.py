"""A hit's probability is that the texts say it, times that it is the right one if they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.errors import VerbatimError
from bot.search.query.cue_words import QuestionType
from bot.search.ranking import first_stage as ranking
from bot.search.ranking.analysed_question import AnalysedQuestion
from bot.search.ranking.conversation import Conversation
from bot.search.ranking.features import EVIDENCE_FEATURES, FEATURES, CandidateFeatures
from bot.search.ranking.first_stage import (
    RankedCandidate,
    dump_coefficients,
    load_coefficients,
    probabilities,
    ranked,
    scores,
)
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import FITTED
from bot.search.resources import resources

RANKERS = resources().rankers
LEXICAL = RANKERS["lexical"]


def logits(intercept: float, **weights: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([intercept, *(weights.get(name, 0.0) for name in HIT_FEATURES)], np.float32)


def test_what_the_texts_do_not_say_no_hit_answers() -> None:
    """However well one fits."""
    ranker = replace(LEXICAL, answerable=logits(-20), right=logits(20))
    rows = np.ones((2, len(HIT_FEATURES)), np.float32)
    assert probabilities(ranker, rows) == pytest.approx([0, 0], abs=1e-6)


def test_whether_the_texts_say_it_is_read_from_the_best_hit() -> None:
    """And which hit is right from its own features."""
    ranker = replace(LEXICAL, answerable=logits(0, hit_held=9), right=logits(0, margin=1))
    rows = np.zeros((2, len(HIT_FEATURES)), np.float32)
    rows[0, HIT_FEATURES.index("hit_held")] = 1
    rows[:, HIT_FEATURES.index("margin")] = 2, -2
    there = 1 / (1 + np.exp(-9))
    assert probabilities(ranker, rows) == pytest.approx([
        there / (1 + np.exp(-2)), there / (1 + np.exp(2))
    ])  # fmt: skip


def by_chances(*chances: float, least: float = 0.0) -> list[RankedCandidate]:
    order = np.arange(len(chances))
    return ranked(order, -order.astype(np.float32), chances, least)


def test_no_hit_is_given_more_than_the_one_before_it() -> None:
    """The first keeps what it has: the order says better than the chance which comes first."""
    found = by_chances(0.7, 0.9, 0.5, 0.6)
    assert [(hit.candidate, hit.probability) for hit in found] == [
        (0, 0.7), (1, 0.7), (2, 0.5), (3, 0.5)
    ]  # fmt: skip


def test_a_hit_that_is_too_unlikely_takes_no_other_with_it() -> None:
    """What stands below it and is likelier keeps its own chance."""
    found = by_chances(0.4, 0.01, 0.3, 0.02, least=0.02)
    assert [(hit.candidate, hit.probability) for hit in found] == [(0, 0.4), (2, 0.3), (3, 0.02)]


def test_coefficients_come_back_from_their_file(tmp_path: Path) -> None:
    """Four decimals of each, by name."""
    dump_coefficients(LEXICAL, tmp_path / "ranking.json")
    again = load_coefficients(tmp_path / "ranking.json")
    assert again.right == pytest.approx(LEXICAL.right, abs=1e-4)
    assert again.answerable == pytest.approx(LEXICAL.answerable, abs=1e-4)
    assert again.evidence == pytest.approx(LEXICAL.evidence, abs=1e-4)


@pytest.mark.parametrize("name", FITTED)
def test_every_ranker_is_fitted_for_the_features_that_the_code_has(name: str) -> None:
    """Each of its coefficients has a feature, and each feature a coefficient."""
    assert resources().rankers[name].features.any()


@pytest.mark.parametrize(
    "lists",
    ["FEATURES", "EVIDENCE_FEATURES", "FOLLOW_UP_FEATURES", "TURN_FEATURES", "HIT_FEATURES"],
)
def test_coefficients_of_another_list_of_features_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: str
) -> None:
    """In a line that names the file, and what to do: one feature fewer is another meaning of all."""
    path = tmp_path / "ranking.json"
    dump_coefficients(LEXICAL, path)
    monkeypatch.setattr(ranking, lists, getattr(ranking, lists)[:-1])
    with pytest.raises(VerbatimError, match=r"ranking\.json: fitted for another list.*make fit"):
        load_coefficients(path)


def test_coefficients_without_the_hash_of_their_features_are_refused(tmp_path: Path) -> None:
    """Nobody knows what they were fitted for."""
    path = tmp_path / "ranking.json"
    dump_coefficients(LEXICAL, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *lines[2:]]), encoding="utf-8")
    with pytest.raises(VerbatimError, match="make fit"):
        load_coefficients(path)


@pytest.mark.parametrize("name", ["lexical", "e5", "minilm"])
def test_the_own_words_of_a_follow_up_count_less(name: str) -> None:
    """They count for less than four fifths of what they do alone, and still for a third or more."""
    ranker = resources().rankers[name]
    leans = replace(ranker, follow_up=np.eye(1, len(ranker.follow_up), dtype=np.float32)[0] * 30)
    evidence = np.zeros((2, len(EVIDENCE_FEATURES)), np.float32)
    values = np.zeros((2, len(FEATURES)), np.float32)
    values[0, FEATURES.index("informative")] = 1
    features = CandidateFeatures(values, evidence)
    nothing = np.zeros((2, len(ranker.conversation) - 1), np.float32)
    conversation = Conversation(np.zeros(len(ranker.follow_up) - 1, np.float32), nothing)
    question = AnalysedQuestion(
        concepts=(), question_types=(QuestionType.ANYTHING,), features=features
    )
    alone = scores(ranker, question)
    after = scores(leans, replace(question, conversation=conversation))
    assert 1 / 3 < (after[0] - after[1]) / (alone[0] - alone[1]) < 4 / 5
