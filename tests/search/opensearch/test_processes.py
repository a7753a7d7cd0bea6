"""Two bots in processes of their own, in one real cluster."""

from __future__ import annotations

from pathlib import Path

from benchmarks import engine_processes
from benchmarks.engine_processes import Pair, play
from benchmarks.scenarios.subprocesses import Subprocess
from bot.search.opensearch.index_status import IndexStatus
from bot.search.opensearch.indexes import Indexes
from tests.search.opensearch.conftest import REAL, needs_cluster


@needs_cluster
async def test_two_bots_share_a_cluster_through_a_reload_and_a_killed_build() -> None:
    """Both answer rightly throughout, old buttons work, and no half index is left."""
    await play(REAL, patient=False)


async def test_a_build_that_completes_before_the_kill_is_tried_again_with_more(
    tmp_path: Path,
) -> None:
    """On a fast machine; the benchmark must not fail for that."""
    complete = iter([True, False])
    found: list[IndexStatus] = []

    class Bot(Subprocess):
        def __init__(self) -> None:
            self.knowledge = tmp_path

        def signal(self, number: int) -> None:
            name = f"texts-{len(found)}"
            found.append(IndexStatus(name, 0, 0, next(complete), False, True, "0", ""))

        async def kill(self) -> None:
            """Leave what there is."""

        async def start(self) -> None:
            """Go on."""

    class Bots(Pair):
        async def statuses(self) -> list[IndexStatus]:
            return list(found)

    bots = Bots(Bot(), Bot(), Indexes.__new__(Indexes))
    half = await engine_processes._killed_while_building(bots, 1)
    assert half.name == "texts-1"
    lines = (tmp_path / "pier.md").read_text(encoding="utf-8").count("Lamp number")
    assert lines == 2 * engine_processes.SENTENCES + 1
