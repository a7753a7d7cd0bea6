"""Requests to a cluster whose nodes fail: another one answers, and nothing waits twice for the same."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.search.opensearch.errors import EngineError, EngineUnavailableError, MissingIndexError
from bot.search.opensearch.node import Node, NodeFault, NodeResponse
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from tests.search.opensearch.stand_in import Answer, StandIn, served

BROKEN: Answer = (0, None)
BUSY: Answer = (503, {"error": {"type": "x", "reason": "no cluster manager"}, "status": 503})
ONE, TWO = "http://one:9200", "http://two:9200"
HANGS = 1e9


class Play:
    """Two nodes of which some are late, in place of sockets: time passes only while one is waited for."""

    def __init__(self) -> None:
        self.late: dict[str, float] = {}
        """Seconds after which a node answers a search; one that HANGS answers nothing."""
        self.on_time: Callable[[str], bool] = lambda _: False
        """Whether a late node answers the request with this path at once."""
        self.waited = 0.0
        """Seconds waited for in vain."""
        self.asked: list[tuple[str, str]] = []

    def request(
        self, node: Node, _method: str, path: str, _body: object, timeout: float
    ) -> NodeResponse:
        """What `Node.request` does."""
        self.asked.append((node.url, path))
        late = self.late.get(node.url, 0.0)
        if late > timeout and (late == HANGS or "_search" in path) and not self.on_time(path):
            self.waited += timeout
            raise NodeFault(f"no answer within {timeout:g} s", timed_out=True)
        known: dict[str, object] = {"nodes": {node.url[7:10]: {}}}
        return NodeResponse(200, json.dumps(known | WHOLE).encode())

    def nodes(self, patience: float = 0.0) -> Nodes:
        """Both, with a time-out of a second; ONE's turn comes second."""
        return Nodes(ClusterAddress((ONE, TWO), 1.0, patience=patience), probe_in_background=False)


WHOLE = {"_shards": {"total": 1, "successful": 1, "failed": 0}, "timed_out": False}


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    found = Play()

    def request(*given: Any) -> NodeResponse:
        return found.request(*given)

    monkeypatch.setattr(Node, "request", request)
    return found


@pytest.fixture
def pair() -> Iterator[tuple[Nodes, StandIn, StandIn]]:
    """Two nodes with a fault each; the first one is asked first."""
    first, second = StandIn("first"), StandIn("second")
    with served(second) as other, served(first) as one:
        nodes = Nodes(ClusterAddress((other, one), timeout=5), probe_in_background=False)
        yield nodes, first, second
        nodes.close()


def test_requests_are_spread_over_the_nodes(pair: tuple[Nodes, StandIn, StandIn]) -> None:
    """One after the other."""
    nodes, first, second = pair
    for _ in range(4):
        nodes.get("/")
    assert len(first.requests) == len(second.requests) == 2


@pytest.mark.parametrize("fault", [BROKEN, BUSY, (200, b"<html>a proxy</html>"), (429, {})])
def test_another_node_answers(pair: tuple[Nodes, StandIn, StandIn], fault: Answer) -> None:
    """Where one breaks off, is busy, or says what OpenSearch does not say."""
    nodes, first, _ = pair
    first.fault = lambda *_: fault
    assert nodes.get("/")["version"]


def test_a_hanging_node_costs_its_time_once(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    """From then on it is left out, until a probe finds it answering. The log says both in a line."""
    nodes, play.late = play.nodes(), {ONE: HANGS}
    with caplog.at_level(logging.INFO, "verbatim.engine"):
        for _ in range(20):
            nodes.get("/")
        assert play.waited == 1
        assert [node.up for node in nodes.status] == [False, True]
        assert nodes.status[0].reason == "no answer within 0.25 s"
        play.late = {}
        assert nodes.probe()
    assert all(node.up for node in nodes.status)
    assert ["left out" in line for line in caplog.messages] == [True, False]


def test_a_node_that_waits_for_another_one_is_not_blamed(play: Play) -> None:
    """The one that hangs is found and left out; then the other is told to ask it no more."""
    nodes, play.late = play.nodes(), {ONE: HANGS, TWO: 2.0}
    play.on_time = lambda path: path.endswith("&preference=_prefer_nodes:two")
    nodes.get("/")
    nodes.request("POST", "/texts/_search?x=1", {}, avoid_down=True)
    assert [node.up for node in nodes.status] == [False, True]
    assert play.asked[-1] == (TWO, "/texts/_search?x=1&preference=_prefer_nodes:two")


def test_a_slow_node_is_waited_for_where_nothing_else_can_answer(play: Play) -> None:
    """It answers probes, so it does not hang: better a late answer than none. It costs the time of one."""
    patient = play.nodes(patience=5)
    patient.get("/")  # so that it is the turn of the one that hangs
    play.late = {ONE: HANGS, TWO: 2.0}
    for _ in range(3):
        patient.request("POST", "/texts/_search?x=1", {}, patient=True)
    assert [node.up for node in patient.status] == [False, True]
    play.late = {ONE: 9.0, TWO: 9.0}
    patient.probe()
    play.waited = 0.0
    with pytest.raises(EngineUnavailableError, match="no answer within 5 s"):
        patient.request("POST", "/texts/_search?x=1", {}, patient=True)
    assert play.waited == 0.75 + 0.75 + 5


def test_with_a_fallback_a_slow_node_is_not_waited_for(play: Play) -> None:
    """Neither for what can be done without, such as a search by meaning."""
    play.late = {ONE: 2.0, TWO: 2.0}
    for nodes, patient in ((play.nodes(), True), (play.nodes(patience=5), False)):
        play.waited = 0.0
        with pytest.raises(EngineUnavailableError):
            nodes.request("POST", "/texts/_search?x=1", {}, patient=patient)
        assert play.waited == 2 * 0.75


def test_with_all_nodes_left_out_a_request_fails_at_once(
    pair: tuple[Nodes, StandIn, StandIn],
) -> None:
    """Without trying them: the background does that."""
    nodes, first, second = pair
    first.fault = second.fault = lambda *_: BROKEN
    with pytest.raises(EngineUnavailableError):
        nodes.get("/")
    asked = len(first.requests) + len(second.requests)
    with pytest.raises(EngineUnavailableError, match=r"http.*; http"):
        nodes.get("/")
    assert len(first.requests) + len(second.requests) == asked


@pytest.mark.parametrize(
    "partial",
    [
        {"_shards": {"total": 3, "successful": 2, "failed": 1}, "timed_out": False},
        {"_shards": {"total": 3, "successful": 2, "failed": 0}, "timed_out": False},
        {"_shards": {"total": 3, "successful": 3, "failed": 0}, "timed_out": True},
        {},
    ],
)
def test_a_partial_answer_is_none(
    pair: tuple[Nodes, StandIn, StandIn], partial: dict[str, object]
) -> None:
    """Even with status 200, as OpenSearch gives when a manager dies."""
    nodes, first, second = pair
    whole = {"_shards": {"total": 3, "successful": 3, "failed": 0}, "timed_out": False}
    first.fault = lambda *_: (200, partial)
    second.fault = lambda *_: (200, whole)
    assert nodes.request("POST", "/texts/_search", {}, complete=True) == whole
    second.fault = first.fault
    with pytest.raises(EngineUnavailableError, match="a part of the index did not answer"):
        nodes.request("POST", "/texts/_search", {}, complete=True)


def test_a_connection_closed_while_idle_is_no_fault(
    pair: tuple[Nodes, StandIn, StandIn],
) -> None:
    """The node may close it at any time; the request goes over a new one."""
    nodes, first, _ = pair
    nodes.get("/")
    nodes.get("/")
    broken = iter([BROKEN])
    first.fault = lambda *_: next(broken, None)
    nodes.get("/")
    assert all(node.up for node in nodes.status)
    assert len(first.requests) == 3


def test_an_index_is_missing_only_if_no_node_knows_it(
    pair: tuple[Nodes, StandIn, StandIn],
) -> None:
    """One that was away for a moment may not know a new one yet."""
    nodes, _, second = pair
    with pytest.raises(MissingIndexError):
        nodes.get("/texts-1/_count")
    second.fault = lambda *_: (200, {"count": 3})
    for _ in range(2):  # whichever is asked first
        assert nodes.get("/texts-1/_count") == {"count": 3}


def test_refused_credentials_are_reported_without_the_password() -> None:
    """In one line."""
    stand_in = StandIn()
    stand_in.fault = lambda *_: (401, b"Unauthorized")
    with served(stand_in) as url:
        nodes = Nodes(ClusterAddress((url,), user="bot", password="hunter2"))
        with pytest.raises(EngineError, match="refuses the user or password") as caught:
            nodes.get("/")
        nodes.close()
    assert "hunter2" not in str(caught.value)


def test_a_missing_permission_is_named(stand_in: StandIn, nodes: Nodes) -> None:
    """So that an administrator knows which one to give."""
    said = "no permissions for [indices:admin/create] and User [name=bot, backend_roles=[]]"
    forbidden = {"type": "security_exception", "reason": said}
    stand_in.fault = lambda *_: (403, {"error": forbidden})
    with pytest.raises(EngineError, match=r"does not let the user do this .*indices:admin/create"):
        nodes.request("PUT", "/texts-1", {})


def test_a_cluster_that_takes_no_writes_says_why(stand_in: StandIn, nodes: Nodes) -> None:
    """As where its disks are full: that has the same status as a refused user."""
    blocked = {"type": "index_create_block_exception", "reason": "blocked by: [FORBIDDEN/10/x]"}
    stand_in.fault = lambda *_: (403, {"error": blocked})
    with pytest.raises(EngineError, match=r"refuses a request .*blocked by"):
        nodes.request("PUT", "/texts-1", {})


def test_unreadable_certificates_are_named(tmp_path: object) -> None:
    """Before anything is connected."""
    with pytest.raises(EngineError, match=r"the certificates in .* cannot be read"):
        Nodes(ClusterAddress(("https://127.0.0.1:1",), ca_file=f"{tmp_path}/none.pem"))


def test_a_node_that_hangs_is_late(stand_in: StandIn) -> None:
    """The request ends when its time is over."""
    stand_in.hanging.set()
    with (
        served(stand_in) as url,
        pytest.raises(NodeFault, match=r"no answer within 0\.05 s") as caught,
    ):
        Node(url, {}, None).request("GET", "/", None, 0.05)
    assert caught.value.timed_out
