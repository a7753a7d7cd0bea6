"""Building, swapping and deleting indexes: whole, or not at all."""

from __future__ import annotations

import json

import pytest

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_index import PostingIndex
from bot.search.opensearch import builder, documents
from bot.search.opensearch.errors import BuildError, EngineError, EngineUnavailableError
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import Nodes
from tests.search.bm25.corpora import CORPUS, Terms, equally, zipf
from tests.search.opensearch.conftest import no_pause
from tests.search.opensearch.stand_in import Answer, StandIn, StoredIndex

Texts = tuple[ForwardIndex, PostingIndex]


def texts(corpus: list[Terms]) -> Texts:
    forward = ForwardIndex.build(corpus)
    return forward, PostingIndex.build(forward)


def test_an_index_is_built_once_and_shared(either: Indexes) -> None:
    """Another process with the same texts finds it; other texts have another."""
    name = either.ensure(*texts(CORPUS))
    again = Indexes(either.nodes, either.layout)
    assert again.ensure(*texts(CORPUS)) == name
    other = either.ensure(*texts(CORPUS[1:]))
    assert {one.name for one in either.statuses()} == {name, other}


def test_a_swap_moves_the_alias_in_one_step(either: Indexes) -> None:
    """There is one current index at any time."""
    old, new = either.ensure(*texts(CORPUS)), either.ensure(*texts(CORPUS[1:]))
    either.swap(old)
    assert [one.name for one in either.statuses() if one.current] == [old]
    either.swap(new)
    assert [one.name for one in either.statuses() if one.current] == [new]
    assert either.drop_others(new) == [old]
    assert [(one.name, one.complete, one.passages) for one in either.statuses()] == [(new, True, 4)]
    either.drop(old)  # gone already: fine


def test_only_a_complete_index_can_be_swapped_in(indexes: Indexes, stand_in: StandIn) -> None:
    """Neither one that does not exist, nor half of one."""
    with pytest.raises(EngineError, match="texts-none does not exist: see `verbatim index status`"):
        indexes.swap("texts-none")
    name = indexes.ensure(*texts(CORPUS))
    stand_in.indexes[name].body["mappings"]["_meta"]["complete"] = False
    with pytest.raises(EngineError, match="is not complete"):
        indexes.swap(name)


def test_passages_are_sent_in_bounded_parts(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number and by size, with progress; none is lost at an edge."""
    monkeypatch.setattr(documents, "BULK_DOCUMENTS", 4)
    monkeypatch.setattr(documents, "BULK_TERMS", 30)
    corpus = [["a"]] * 3 + [[]] + [["b"] * 40] + [["c"] * 16] * 3 + [["d"]] * 9
    told: list[tuple[int, int]] = []
    name = indexes.ensure(*texts(corpus), lambda done, total: told.append((done, total)))
    assert told == [(3, 16), (4, 16), (5, 16), (6, 16), (10, 16), (14, 16), (16, 16)]
    held = dict(stand_in.indexes[name].documents.values())
    assert held == {number: terms for number, terms in enumerate(corpus) if terms}


def test_a_busy_cluster_is_sent_the_same_again(indexes: Indexes, stand_in: StandIn) -> None:
    """After a pause: documents have ids, so none counts twice."""
    rejected = {
        "errors": True,
        "items": [{"index": {"status": 429, "error": {"type": "rejected", "reason": "full"}}}],
    }
    faults: list[Answer] = [(429, {}), (429, {}), (200, rejected), (503, {}), (503, {})]
    stand_in.fault = lambda _, path: faults.pop() if faults and path.endswith("_bulk") else None
    name = indexes.ensure(*texts(CORPUS))
    assert not faults
    assert len(stand_in.indexes[name].documents) == len(CORPUS)


def test_a_refused_passage_stops_the_build_and_leaves_nothing(
    indexes: Indexes, stand_in: StandIn
) -> None:
    """One line says what OpenSearch did not take, and why."""
    refused = {
        "errors": True,
        "items": [{"index": {"status": 400, "error": {"type": "immense", "reason": "too long"}}}],
    }
    stand_in.fault = lambda _, path: (200, refused) if path.endswith("_bulk") else None
    with pytest.raises(BuildError, match="does not take a passage: immense: too long"):
        indexes.ensure(*texts(CORPUS))
    assert stand_in.indexes == {}


def test_a_disk_that_stays_full_stops_the_build_and_leaves_nothing(
    indexes: Indexes, stand_in: StandIn
) -> None:
    """OpenSearch answers as if it were only busy; after some attempts its own words say what to do."""
    reason = "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block"
    error = {"type": "cluster_block_exception", "reason": reason}
    refused = {"errors": True, "items": [{"index": {"status": 429, "error": error}}]}
    stand_in.fault = lambda _, path: (200, refused) if path.endswith("_bulk") else None
    with pytest.raises(BuildError, match="disk usage exceeded flood-stage watermark"):
        indexes.ensure(*texts(CORPUS))
    assert stand_in.indexes == {}


def test_a_build_is_dropped_if_passages_are_missing(indexes: Indexes, stand_in: StandIn) -> None:
    """However that came about."""
    stand_in.fault = lambda _, path: (200, {"count": 4}) if path.endswith("_count") else None
    with pytest.raises(BuildError, match="has 4 documents, not 5"):
        indexes.ensure(*texts(CORPUS))
    assert stand_in.indexes == {}


def test_a_build_is_dropped_if_it_finds_something_else(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample of questions is compared with the embedded index before anyone is answered."""
    monkeypatch.setattr(documents, "K1", 3.0)
    with pytest.raises(BuildError, match="does not answer as it should: scores"):
        indexes.ensure(*texts(zipf(1, 100)))
    assert stand_in.indexes == {}


def test_a_cluster_that_goes_away_during_a_build_leaves_half_an_index_that_is_replaced(
    indexes: Indexes, stand_in: StandIn
) -> None:
    """It can't be deleted then, but is when the next build begins."""
    stand_in.fault = lambda method, path: (
        (503, {}) if path.endswith("_bulk") or method == "DELETE" else None
    )
    with pytest.raises(EngineUnavailableError):
        indexes.ensure(*texts(CORPUS))
    assert [one.complete for one in indexes.statuses()] == [False]
    stand_in.fault = lambda *_: None
    indexes.ensure(*texts(CORPUS))
    assert [one.complete for one in indexes.statuses()] == [True]


def left_behind(stand_in: StandIn, name: str, builder: str) -> None:
    """An index whose build has not ended."""
    meta = {"complete": False, "signs": 3, "builder": builder}
    body = json.dumps({"mappings": {"_meta": meta}, "settings": {}}).encode()
    stand_in.answer("PUT", f"/{name}", body)


def test_a_build_elsewhere_is_waited_for_and_used(
    nodes: Nodes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it gives signs of life."""
    forward, local = texts(CORPUS)
    waiting = Indexes(nodes, IndexLayout("texts"), no_pause)
    name = waiting.ensure(forward, local)
    meta = stand_in.indexes[name].body["mappings"]["_meta"]
    meta |= {"complete": False, "signs": 0, "builder": "elsewhere:7"}
    pauses = 0

    def pause(_: float) -> None:
        nonlocal pauses
        pauses += 1
        meta.update(signs=pauses, complete=pauses == 3)

    waiting = Indexes(nodes, IndexLayout("texts"), pause)
    assert waiting.ensure(forward, local) == name
    assert pauses == 3
    assert not any(method == "DELETE" for method, _ in stand_in.requests)


def test_a_build_without_a_sign_of_life_is_taken_over(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it began; after a while."""
    monkeypatch.setattr(builder, "ABANDONED", 0.01)
    forward, local = texts(CORPUS)
    left_behind(stand_in, indexes.name_for(forward), "elsewhere:7")
    name = indexes.ensure(forward, local)
    assert stand_in.indexes[name].body["mappings"]["_meta"]["complete"]
    assert indexes.open(name, forward, local).candidates(equally("toll")).passages == [3, 2]


def test_what_a_dead_process_of_this_machine_left_is_deleted_at_once(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is waited for."""
    current = indexes.ensure(*texts(CORPUS))
    machine = stand_in.indexes[current].body["mappings"]["_meta"]["builder"].partition(":")[0]
    left_behind(stand_in, "texts-half", f"{machine}:{2**22 + 1}:0")  # above the largest process id
    assert indexes.drop_others(current) == ["texts-half"]


def test_a_build_that_goes_on_elsewhere_is_left_alone(
    nodes: Nodes, indexes: Indexes, stand_in: StandIn
) -> None:
    """It gives a sign of life while it is looked at."""
    current = indexes.ensure(*texts(CORPUS))
    left_behind(stand_in, "texts-growing", "elsewhere:7")
    meta = stand_in.indexes["texts-growing"].body["mappings"]["_meta"]
    looking = Indexes(nodes, indexes.layout, lambda _: meta.update(signs=meta["signs"] + 1))
    assert looking.drop_others(current) == []
    assert "texts-growing" in stand_in.indexes


def test_what_others_have_under_the_prefix_is_left_alone(
    indexes: Indexes, stand_in: StandIn
) -> None:
    """It is neither listed nor deleted, whoever made it."""
    stand_in.indexes["texts-logs"] = StoredIndex({})
    stand_in.indexes["texts-mine"] = StoredIndex({"mappings": {"_meta": {"complete": True}}})
    current = indexes.ensure(*texts(CORPUS))
    assert [one.name for one in indexes.statuses()] == [current]
    assert indexes.drop_others(current) == []
    assert {"texts-logs", "texts-mine"} < stand_in.indexes.keys()


@pytest.mark.parametrize("of", ["texts", "logs"])
def test_a_foreign_index_with_the_name_of_the_alias_refuses_a_build(
    indexes: Indexes, stand_in: StandIn, of: str
) -> None:
    """Before anything is sent, also as an alias of another index: the swap would fail, or lead to both."""
    stand_in.indexes[of] = StoredIndex({}, aliases=set() if of == "texts" else {"texts"})
    with pytest.raises(EngineError, match=r"choose another `search\.opensearch\.index`"):
        indexes.ensure(*texts(CORPUS))
    assert list(stand_in.indexes) == [of]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"version": {"number": "8.15.0"}}, "is version 8.15.0 of something else: the bot needs"),
        ({"version": {"number": "new"}}, "does not say its version"),
        (["no OpenSearch"], "does not say its version"),
    ],
)
def test_only_opensearch_is_sent_texts(
    indexes: Indexes, stand_in: StandIn, said: object, reason: str
) -> None:
    """Elasticsearch scores in another way."""
    stand_in.fault = lambda _, path: None if path else (200, said)
    with pytest.raises(EngineError, match=reason):
        indexes.ensure(*texts(CORPUS))
    assert stand_in.indexes == {}


def test_the_current_index_is_never_dropped_with_the_others(indexes: Indexes) -> None:
    """Another process may have swapped it in meanwhile."""
    old, new = indexes.ensure(*texts(CORPUS)), indexes.ensure(*texts(CORPUS[1:]))
    indexes.swap(new)
    assert indexes.drop_others(old) == []
