"""The second stage: what was read first, by its margin, and a probability that falls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.library.snapshots import build_snapshot
from bot.models import Post, Question, Source
from bot.search import resources as known
from bot.search.feature_group import Floats
from bot.search.ranking import second_stage as reranking
from bot.search.ranking.conversation import Conversation
from bot.search.ranking.embedding_features import SIMILARITIES
from bot.search.ranking.first_stage import RankedCandidate, logistic, scores
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import DEFAULT, FITTED, RANKERS, RERANKED, Rerankers
from bot.search.ranking.second_stage import (
    ORDER_FEATURES,
    READER_FEATURES,
    Reranker,
    dump_reranker,
    load_reranker,
    order_features,
    require_reader,
    rerank,
    second_scores,
    second_stage_hit_features,
)
from bot.search.resources import require_fitted_on, resources

FIRST = resources().rankers["lexical"]
POSTS = (
    Post(1, "The mill burned down. Nobody was hurt. A baker had seen smoke."),
    Post(2, "The mill was rebuilt. Flour got dear."),
)
SEARCHER = build_snapshot([Source("mill", "The mill", "A", POSTS)]).searcher
RETRIEVAL = SEARCHER.retrieve(Question("when was the mill rebuilt?"))
POINTS = scores(FIRST, RETRIEVAL)
NAN = float("nan")


def floats(values: Sequence[float]) -> Floats:
    return np.array(values, np.float32)


def logits(similarities: Sequence[str] = (), /, intercept: float = 0.0, **weights: float) -> Floats:
    """A logistic model by the names of the hit features; those of the reader begin with `reader_`."""
    names = (*HIT_FEATURES, *similarities, *(f"reader_{name}" for name in READER_FEATURES))
    assert set(weights) <= set(names)
    return floats([intercept, *(weights.get(name, 0.0) for name in names)])


RERANKER = Reranker(
    order=floats([0.1, 1, 0.5]),
    answerable=logits(intercept=1, reader_best_margin=0.5),
    right=logits(intercept=1, reader_margin=1, reader_below_best=0.25),
    similarities=(),
    reader="3f2a91c0d4e5b6a7",
)


def hits(
    margins: Sequence[float], reranker: Reranker = RERANKER, limit: int = 5
) -> list[RankedCandidate]:
    return rerank(reranker, FIRST, RETRIEVAL, floats(margins), limit)


def reader_features(
    margins: Sequence[float], *, half_a_follow_up: bool = False
) -> dict[str, list[float]]:
    """What the second stage adds to the features of all candidates, in their order, by name."""
    first, question = FIRST, RETRIEVAL
    if half_a_follow_up:
        first = replace(FIRST, follow_up=np.zeros_like(FIRST.follow_up))
        signs = np.zeros(len(first.follow_up) - 1, np.float32)
        question = replace(RETRIEVAL, conversation=Conversation(signs, floats([])))
    given = floats(margins)
    second = second_scores(RERANKER.order, POINTS, given)
    rows = second_stage_hit_features(first, question, POINTS, second, given, np.arange(len(given)))
    assert rows.shape == (len(given), len(HIT_FEATURES) + len(READER_FEATURES))
    return dict(zip(READER_FEATURES, rows.T[len(HIT_FEATURES) :].tolist(), strict=True))


def test_the_passage_with_the_highest_margin_comes_first() -> None:
    """Whatever the first stage thinks of it, which decides between equal ones."""
    assert [hit.candidate for hit in hits([-3, 4, 2, -4, 1])] == [1, 2, 4, 0, 3]
    best = int(POINTS.argmax())
    assert best != 1
    assert hits([2] * 5)[0].candidate == best
    assert [hit.candidate for hit in hits([-3, 4, 2, -4, 1], limit=2)] == [1, 2]


def test_a_positive_margin_weighs_more() -> None:
    """That it answers rather than not is more than that it is nearer to answering."""
    assert order_features(floats([2, 5]), floats([-1, 3])).tolist() == [[-3, -1, 0], [0, 3, 3]]
    assert len(ORDER_FEATURES) == 3


def test_what_was_not_read_comes_after_all_that_was() -> None:
    """In the order of the first stage, however low the margins of what was read."""
    found = [hit.candidate for hit in hits([NAN, -14, NAN, -15, NAN])]
    assert found[:2] == [1, 3]
    unread = [0, 2, 4]
    assert found[2:] == sorted(unread, key=lambda n: -POINTS[n])


@given(
    weights=st.lists(st.floats(-4, 4, width=32), min_size=3, max_size=3),
    candidates=st.lists(
        st.tuples(
            st.floats(-50, 50, width=32), st.one_of(st.just(NAN), st.floats(-40, 40, width=32))
        ),
        min_size=1,
        max_size=30,
    ),
)
def test_no_coefficients_put_the_unread_first(
    weights: list[float], candidates: list[tuple[float, float]]
) -> None:
    """Every score is a number, whatever was not read."""
    points, margins = floats([p for p, _ in candidates]), floats([m for _, m in candidates])
    found = second_scores(floats(weights), points, margins)
    assert found.shape == points.shape
    assert np.isfinite(found).all()
    unread = np.isnan(margins)
    if unread.any() and not unread.all():
        assert found[unread].max() < found[~unread].min()


def test_where_nothing_was_read_the_first_stage_decides() -> None:
    """Its order stays, and nothing breaks."""
    found = hits([NAN] * 5)
    assert [hit.candidate for hit in found] == np.argsort(-POINTS, kind="stable").tolist()
    assert all(0 <= hit.probability <= 1 for hit in found)


def test_a_margin_far_out_is_no_more_than_one_a_little_less_far() -> None:
    """A network is surer than it should be."""
    assert hits([-300, 400, 200, -400, 1]) == hits([-15, 15, 15, -15, 1])


@given(
    st.lists(
        st.one_of(st.just(NAN), st.floats(-30, 30, width=32)),
        min_size=len(POINTS),
        max_size=len(POINTS),
    )
)
def test_the_probability_falls_with_the_order(margins: list[float]) -> None:
    """None is outside [0, 1]; scores fall too."""
    found = hits(margins)
    assert sorted(hit.candidate for hit in found) == list(range(len(POINTS)))
    chances = [hit.probability for hit in found]
    assert chances == sorted(chances, reverse=True)
    assert 0 <= min(chances) <= max(chances) <= 1
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_the_probability_is_that_the_texts_say_it_times_that_this_hit_does() -> None:
    """The one by the best hit's features, the other by its own."""
    first, second, *_ = hits([-3, 4, 2, -4, 1])
    there = logistic(1 + 0.5 * 4)
    assert first.probability == pytest.approx(there * logistic(1 + 4))
    assert second.probability == pytest.approx(there * logistic(1 + 2 - 0.25 * 2))
    nowhere = replace(RERANKER, answerable=logits(intercept=-30))
    assert [hit.probability for hit in hits([9] * 5, nowhere)] == pytest.approx([0] * 5, abs=1e-6)


def test_a_hit_that_is_too_unlikely_is_left_out() -> None:
    """As in the first stage."""
    found = rerank(RERANKER, FIRST, RETRIEVAL, floats([-9, 4, -9, 3, NAN]), 5, 0.05)
    assert [hit.candidate for hit in found] == [1, 3]


def test_without_candidates_there_are_no_hits() -> None:
    """Nothing is computed from nothing."""
    none = replace(RETRIEVAL.features, values=RETRIEVAL.features.values[:0])
    nothing = replace(RETRIEVAL, concepts=(), features=none)
    assert rerank(RERANKER, FIRST, nothing, floats([])) == []


def test_reader_features_describe_a_hit_and_its_rivals() -> None:
    """An unread one has a margin of its own, which is low but not the lowest."""
    found = reader_features([-3, 4, NAN, 1, 20], half_a_follow_up=True)
    assert found["read"] == [1, 1, 0, 1, 1]
    assert found["margin"] == [-3, 4, -8, 1, 15]
    assert found["positive_margin"] == [0, 4, 0, 1, 15]
    assert found["best_margin"] == found["best_positive_margin"] == [15] * 5
    assert found["second_margin"] == [4] * 5
    assert found["below_best"] == [-18, -11, -23, -14, 0]
    assert found["agrees"] == [float(n == POINTS.argmax()) for n in range(5)]
    assert found["first_stage"] == pytest.approx((POINTS - POINTS.max()).tolist())
    assert found["margin_if_follows"] == [-1.5, 2, -4, 0.5, 7.5]
    assert reader_features([-3, -4, -5, -6, -7])["best_positive_margin"] == [0] * 5


def test_a_second_stage_comes_back_from_its_file(tmp_path: Path) -> None:
    """Four decimals of each, by name, with the names of its similarities and the reader's hash."""
    path = tmp_path / "reranking.json"
    given = replace(
        RERANKER,
        answerable=logits(SIMILARITIES, intercept=1.23456, reader_second_margin=-0.5),
        right=logits(SIMILARITIES, intercept=2, hit_held=0.25, **{SIMILARITIES[0]: 0.125}),
        similarities=SIMILARITIES,
    )
    dump_reranker(given, path)
    again = load_reranker(path)
    assert (again.similarities, again.reader) == (SIMILARITIES, "3f2a91c0d4e5b6a7")
    for name in ("order", "answerable", "right"):
        assert getattr(again, name) == pytest.approx(getattr(given, name), abs=1e-4)
    assert json.loads(path.read_text(encoding="utf-8"))["right"]["hit_held"] == 0.25


@pytest.mark.parametrize("lists", ["ORDER_FEATURES", "READER_FEATURES", "HIT_FEATURES"])
def test_coefficients_of_another_list_of_features_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: str
) -> None:
    """In a line that names the file, and what to do."""
    path = tmp_path / "reranking.json"
    dump_reranker(RERANKER, path)
    monkeypatch.setattr(reranking, lists, getattr(reranking, lists)[:-1])
    with pytest.raises(VerbatimError, match=r"reranking\.json: fitted for another list"):
        load_reranker(path)


def test_coefficients_of_another_reader_are_refused(tmp_path: Path) -> None:
    """Its margins are other numbers."""
    path = tmp_path / "reranking.json"
    require_reader(RERANKER, "3f2a91c0d4e5b6a7", path)
    with pytest.raises(VerbatimError) as error:
        require_reader(RERANKER, "0000000000000000", path)
    [problem] = error.value.problems
    assert problem.where == str(path)
    for part in ("3f2a91c0d4e5b6a7", "0000000000000000", "benchmarks.reranking"):
        assert part in problem.reason


def test_every_ranker_but_that_for_other_languages_has_a_second_stage() -> None:
    """The reader reads English; that for models which nothing was fitted on has MiniLM's."""
    assert set(RERANKED) == RANKERS - {"e5-foreign"}
    assert RERANKED[DEFAULT] == RERANKED["minilm"]
    for name in set(RERANKED) & set(FITTED):
        assert RERANKED[name] == FITTED[name].replace("ranking", "reranking")


def test_a_second_stage_is_read_once_and_only_when_it_is_asked_for() -> None:
    """A fit reads texts before there is one."""
    read: list[str] = []

    def load(file: str) -> Reranker:
        read.append(file)
        return RERANKER

    rerankers = Rerankers(load)
    assert set(rerankers) == set(RERANKED)
    assert len(rerankers) == len(RERANKED)
    assert read == []
    assert rerankers["e5"] is rerankers["e5"] is RERANKER
    assert read == [RERANKED["e5"]]


@pytest.mark.parametrize("other", ["lexical", "e5", "minilm"])
def test_a_reader_is_refused_where_any_second_stage_is_of_another(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """Which one a question comes to nobody knows before."""
    rerankers = dict.fromkeys(RERANKED, RERANKER)
    monkeypatch.setattr(known, "resources", lambda: replace(resources(), rerankers=rerankers))
    require_fitted_on(RERANKER.reader)
    rerankers[other] = replace(RERANKER, reader="0000000000000000")
    with pytest.raises(VerbatimError, match=f"{RERANKED[other]}: fitted on the reader 0000"):
        require_fitted_on(RERANKER.reader)


def test_a_reader_is_refused_where_a_second_stage_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a line, not when the first question comes."""
    rerankers = Rerankers(lambda file: load_reranker(tmp_path / file))
    monkeypatch.setattr(known, "resources", lambda: replace(resources(), rerankers=rerankers))
    with pytest.raises(VerbatimError) as error:
        require_fitted_on(RERANKER.reader)
    assert str(error.value).endswith(
        "reranking.json: cannot be read (No such file or directory): fetch the code again"
    )
