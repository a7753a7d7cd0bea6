"""Faults of a real cluster of three nodes while it answers questions: `make cluster-test`.

    python -m benchmarks.engine_faults [--passages 20000] [--rate 50] [--shards 1] [NAME…]

Every answer is compared with the one before the fault. The test fails if an answer is wrong, partial or
given twice, or if the cluster does not recover by itself. It prints how many questions were told that
search is unavailable, and the longest time without an answer. There is no fallback here: with one
(`search.engine_fallback`), the embedded index answers those.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from benchmarks.cluster import TestCluster
from benchmarks.engine import questions
from benchmarks.engine_load import Load
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_index import PostingIndex
from bot.search.opensearch.engine import Engine
from bot.search.opensearch.engine_status import EngineState
from bot.search.opensearch.errors import EngineError
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import LONGEST_WAIT, ClusterAddress, Nodes
from tests.search.bm25.corpora import zipf

DISK = "48m"
"""Each node's disk: enough for the texts that are searched, not for those that are to fill it."""

AFTERWARDS = 8.0
"""Seconds of questions after a fault."""


@dataclass(frozen=True)
class Scene:
    """A cluster, the index that is searched, and the load on it."""

    cluster: TestCluster
    engine: Engine
    load: Load

    def other_than_manager(self) -> int:
        """The number of a node that does not manage the cluster."""
        manager = self.cluster.manager()
        return next(n for n in range(1, self.cluster.nodes + 1) if n != manager)


def kill_data_node(scene: Scene) -> None:
    """Kill −9 of a node that is not the manager; it is started again."""
    number = scene.other_than_manager()
    scene.cluster.signal(number, signal.SIGKILL)
    time.sleep(AFTERWARDS)
    scene.cluster.start(number)


def kill_manager(scene: Scene) -> None:
    """Kill −9 of the manager; it is started again."""
    number = scene.cluster.manager()
    scene.cluster.signal(number, signal.SIGKILL)
    time.sleep(AFTERWARDS)
    scene.cluster.start(number)


def hang_data_node(scene: Scene) -> None:
    """SIGSTOP of a node that is not the manager, for ten seconds."""
    _hang(scene, scene.other_than_manager())


def hang_manager(scene: Scene) -> None:
    """SIGSTOP of the manager, for ten seconds."""
    _hang(scene, scene.cluster.manager())


def _hang(scene: Scene, number: int) -> None:
    scene.cluster.signal(number, signal.SIGSTOP)
    try:
        time.sleep(10)
    finally:
        scene.cluster.signal(number, signal.SIGCONT)
    scene.cluster.wait(60)


def two_of_three_dead(scene: Scene) -> None:
    """Kill −9 of the manager and another node; both are started again."""
    manager = scene.cluster.manager()
    numbers = [manager, scene.other_than_manager()]
    for number in numbers:
        scene.cluster.signal(number, signal.SIGKILL)
    time.sleep(AFTERWARDS)
    scene.cluster.start(*numbers)


def all_dead(scene: Scene) -> None:
    """Kill −9 of all nodes; they are started again."""
    numbers = range(1, scene.cluster.nodes + 1)
    for number in numbers:
        scene.cluster.signal(number, signal.SIGKILL)
    time.sleep(3)
    scene.cluster.start(*numbers)


def swap_under_load(scene: Scene) -> None:
    """Other texts are indexed and swapped in; questions that began on the old ones end on them."""
    forward, local = _texts(9, 20_000)
    new = scene.engine.adopt(forward, local)
    _until(lambda: scene.engine.status.index == scene.engine.indexes.name_for(forward))
    asked = questions(forward, 50)
    for query in asked:
        if new.candidates(query, 10).passages != local.candidates(query, 10).passages:
            raise AssertionError("the new texts are answered wrongly")
    time.sleep(2)


def disk_full(scene: Scene) -> None:
    """The disks of all nodes fill up: nothing new is built, and the old texts are still searched; then there is room again."""
    fillers = [scene.cluster.data(n) / "filler" for n in range(1, scene.cluster.nodes + 1)]
    for filler in fillers:
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 20))
    before = scene.engine.status.index
    try:
        _refused(scene, before)
    finally:
        for filler in fillers:
            filler.unlink(missing_ok=True)
    time.sleep(2)


def no_writes(scene: Scene) -> None:
    """The cluster accepts no writes, as it decides by itself when disks are nearly full."""
    blocked: dict[str, bool | None] = {"cluster.blocks.read_only": True}
    nodes = scene.engine.indexes.nodes
    before = scene.engine.status.index
    nodes.request("PUT", "/_cluster/settings", {"transient": blocked}, timeout=30)
    try:
        _refused(scene, before)
        time.sleep(2)
    finally:
        free = {"transient": dict.fromkeys(blocked)}
        nodes.request("PUT", "/_cluster/settings", free, timeout=30)


def _refused(scene: Scene, before: str) -> None:
    """Try to index other texts, which must fail and change nothing."""
    forward, local = _texts(11, 60_000)
    try:
        scene.engine.adopt(forward, local)
    except EngineError as error:
        print(f"    a build is refused: {error.reason[:150]}")
    else:
        raise AssertionError("an index was built without room for it")
    if scene.engine.status.index != before:
        raise AssertionError("half an index was swapped in")


FAULTS: tuple[Callable[[Scene], None], ...] = (
    kill_data_node, kill_manager, hang_data_node, hang_manager, two_of_three_dead, no_writes, disk_full,
    swap_under_load, all_dead,
)  # fmt: skip


def _texts(seed: int, passages: int) -> tuple[ForwardIndex, PostingIndex]:
    forward = ForwardIndex.build(zipf(seed, passages))
    return forward, PostingIndex.build(forward)


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise AssertionError(f"not done after {seconds:.0f} s")
        time.sleep(0.1)


def main() -> int:
    """Try every fault, or those named; 0 if no answer was wrong and the cluster always recovered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--shards", type=int, default=1)
    given = parser.parse_args()
    cluster = TestCluster(3, disk=DISK if os.getuid() == 0 else None)
    cluster.stop()
    failed = False
    try:
        cluster.start(wait=180)
        for fault in FAULTS:
            if given.names and fault.__name__ not in given.names:
                continue
            if fault is disk_full and cluster.disk is None:
                print("skipped disk_full: only root can give the nodes small disks")
                continue
            failed |= not _try(fault, given, cluster)
    finally:
        cluster.stop()
    return int(failed)


def _try(fault: Callable[[Scene], None], given: argparse.Namespace, cluster: TestCluster) -> bool:
    """Index, ask, inject the fault, and print what became of the questions."""
    cluster.wait(120)
    nodes = Nodes(ClusterAddress(tuple(cluster.urls), patience=LONGEST_WAIT))
    replicas = 2 if given.shards == 1 else 1
    engine = Engine(Indexes(nodes, IndexLayout("faults", given.shards, replicas)), fallback=False)
    forward, local = _texts(7, given.passages)
    index = engine.adopt(forward, local)
    _until(lambda: engine.status.state is EngineState.READY)
    name = engine.status.index
    nodes.get(f"/_cluster/health/{name}?wait_for_status=green&timeout=60s", 65)
    asked = questions(forward, 500)
    expected = [index.candidates(query, 10).passages for query in asked]
    load = Load(given.rate, asked, expected, index)
    good = True
    with load.running():
        time.sleep(2)
        try:
            fault(Scene(cluster, engine, load))
            before = load.answered
            _until(partial(_answers_again, load, before))
            time.sleep(2)
        except (AssertionError, RuntimeError) as error:
            print(f"    {error}")
            good = False
    good = good and not load.wrong
    print(f"{'ok    ' if good else 'FAILED'} {fault.__name__}: {load}", flush=True)
    for one in engine.indexes.statuses():
        engine.indexes.drop(one.name)
    engine.close()
    return good


def _answers_again(load: Load, before: int) -> bool:
    return load.answered > before + 20


if __name__ == "__main__":
    sys.exit(main())
