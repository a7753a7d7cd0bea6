"""The pages for health and metrics."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.operations import loop_lag
from bot.operations.health import Health
from bot.operations.http_server import application, serving
from bot.operations.metrics import Metrics
from tests.discord.loopback import until


async def test_the_pages_say_what_holds() -> None:
    """With the status that probes look at."""
    reasons: list[str | None] = [None]

    async def discord() -> str | None:
        return reasons[0]

    metrics = Metrics()
    metrics.questions.labels(way="command", outcome="answered").inc(3)
    health = Health({"discord": discord}, lambda: datetime.now(UTC), lambda: len(reasons) * 10.0)
    async with (
        serving(application(health, metrics), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        async with session.get("/livez") as response:
            assert (response.status, (await response.json())["live"]) == (200, True)
        async with session.get("/readyz") as response:
            assert (response.status, (await response.json())["ready"]) == (200, True)
        reasons[:] = ["not connected: closed with code 4000", None]
        async with session.get("/readyz") as response:
            found = await response.json()
        assert (response.status, found["ready"]) == (503, False)
        assert found["parts"]["discord"]["reason"] == reasons[0]
        assert datetime.fromisoformat(found["parts"]["discord"]["since"]).tzinfo is not None
        async with session.get("/metrics") as response:
            assert response.content_type == "text/plain"
            families = list(text_string_to_metric_families(await response.text()))
    samples = {(s.name, *sorted(s.labels.values())): s.value for f in families for s in f.samples}
    assert samples["verbatim_questions_total", "answered", "command"] == 3
    assert samples["process_start_time_seconds",] > 0


async def test_a_port_that_is_taken_does_not_stop_the_bot() -> None:
    """Members get answers all the same."""
    health = Health({}, lambda: datetime.now(UTC), monotonic)
    app = application(health, Metrics())
    async with serving(app, "127.0.0.1", 0) as port:
        assert port is not None
        async with serving(application(health, Metrics()), "127.0.0.1", port) as none:
            assert none is None


async def test_a_loop_that_is_late_is_measured() -> None:
    """By how much."""
    lags: list[float] = []
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(loop_lag.measure_lag(lags.append, every=0.001))
    await asyncio.sleep(0)
    stuck_until = loop.time() + 0.05
    while loop.time() < stuck_until:
        pass
    await until(lambda: bool(lags))
    task.cancel()
    assert lags[0] >= 0.04
