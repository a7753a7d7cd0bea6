"""Two bots in processes of their own, in one real cluster."""

from __future__ import annotations

from benchmarks.engine_processes import play
from tests.search.opensearch.conftest import REAL, needs_cluster


@needs_cluster
async def test_two_bots_share_a_cluster_through_a_reload_and_a_killed_build() -> None:
    """Both answer rightly throughout, old buttons work, and no half index is left."""
    await play(REAL, patient=False)
