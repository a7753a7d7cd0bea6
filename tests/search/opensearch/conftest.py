"""A stand-in cluster, and a real one where VERBATIM_TEST_OPENSEARCH names its nodes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from tests.search.opensearch.stand_in import StandIn, served

REAL = tuple(os.environ.get("VERBATIM_TEST_OPENSEARCH", "").split())
needs_cluster = pytest.mark.skipif(not REAL, reason="no OpenSearch in VERBATIM_TEST_OPENSEARCH")


def no_pause(_: float) -> None:
    """Stands in for `sleep`."""


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def nodes(stand_in: StandIn) -> Iterator[Nodes]:
    """Two nodes that share everything."""
    with served(stand_in) as one, served(stand_in) as other:
        found = Nodes(ClusterAddress((one, other), timeout=5), probe_in_background=False)
        yield found
        found.close()


@pytest.fixture
def indexes(nodes: Nodes) -> Indexes:
    return Indexes(nodes, IndexLayout("texts"), no_pause)


@pytest.fixture(params=["stand-in", pytest.param("OpenSearch", marks=needs_cluster)])
def either(request: pytest.FixtureRequest, stand_in: StandIn) -> Iterator[Indexes]:
    """The stand-in, and OpenSearch itself: what holds of one must hold of the other."""
    if request.param == "stand-in":
        with served(stand_in) as url:
            nodes = Nodes(ClusterAddress((url,), timeout=5))
            yield Indexes(nodes, IndexLayout("texts"), no_pause)
            nodes.close()
        return
    found = Indexes(Nodes(ClusterAddress(REAL, timeout=5)), IndexLayout(f"test{uuid4().hex[:8]}"))
    yield found
    for one in found.statuses():
        found.drop(one.name)
    found.nodes.close()
