"""Health and metrics of the real bot, on a loopback Discord."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.discord.app.client import VerbatimClient
from bot.discord.app.monitoring import health_of, monitored
from bot.discord.kit.service import Service
from bot.errors import Problem
from bot.search.opensearch.engine import Engine
from bot.search.opensearch.errors import EngineUnavailableError
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from bot.settings.operations import HealthSettings
from bot.storage.connections import StorageError
from tests.discord import loopback
from tests.discord.loopback import SOON, command, ready, running, until
from tests.search.bm25.corpora import CORPUS, equally
from tests.search.opensearch.test_indexes import texts

QUESTION = "Who was too ill to attend the opening?"


def value(service: Service, name: str, **labels: str) -> float:
    return service.metrics.registry.get_sample_value(name, labels) or 0.0


async def test_each_part_says_whether_it_works(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord only while events come; storage and texts by themselves."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        before = await health_of(bot, service).check()
        assert before["discord"].reason == "not connected yet"
        assert before["texts"].ready
        assert before["storage"].ready
        await ready(server, bot)
        assert (await health_of(bot, service).check())["discord"].ready
        server.closes = {"start": 4000}
        await server.drop()
        await until(lambda: bot.gateway_problem is not None)
        assert (bot.gateway_problem or "").startswith("not connected: ")

        async def unreachable() -> None:
            raise StorageError(Problem("verbatim.db", "cannot be read: disk I/O error"))

        monkeypatch.setattr(service.storage, "ping", unreachable)
        found = await health_of(bot, service).check()
        assert found["storage"].reason == "verbatim.db: cannot be read: disk I/O error"
        assert found["texts"].ready


class Held:
    """Something that a feature holds in memory for a while."""

    forgotten = False

    def forget_expired(self) -> None:
        self.forgotten = True


async def test_what_is_held_for_a_while_is_forgotten_though_nobody_asks(service: Service) -> None:
    """The privacy page says for how long a question, or a text that is being added, stays in memory."""
    held = service.state(Held)
    async with monitored(VerbatimClient(service), service, HealthSettings()):
        await until(lambda: held.forgotten)


async def test_a_question_is_counted_and_logged_without_its_text(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line: id, way, outcome, times and snapshot."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        await ready(server, bot)
        with capture_logs() as log:
            await server.deliver("INTERACTION_CREATE", command(9001, "ask", question=QUESTION))
            await asyncio.wait_for(server.responded.get(), SOON)
        lines = [line for line in log if line["event"] == "question"]
        assert len(lines) == 1
        assert {"way": "command", "outcome": "answered"}.items() <= lines[0].items()
        assert lines[0]["snapshot"] == service.snapshot.id
        assert lines[0]["id"] > 0
        assert {"ms", "prepare_ms", "search_ms"} <= lines[0].keys()
        assert "opening" not in json.dumps(log, default=str)
        assert value(service, "verbatim_questions_total", way="command", outcome="answered") == 1
        assert value(service, "verbatim_question_seconds_count") == 1
        assert value(service, "verbatim_stage_seconds_count", stage="search") == 1
        assert value(service, "verbatim_gateway_connects_total", shard="0") == 1
        assert value(service, "verbatim_discord_requests_total", method="GET", status="200") >= 1
        await server.drop()
        await asyncio.wait_for(server.heard.get(), SOON)
        await until(lambda: bot.gateway_problem is None)
        assert value(service, "verbatim_gateway_connects_total", shard="0") == 2


async def test_what_is_read_when_metrics_are_asked_for(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gauges follow the state of the bot."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        await ready(server, bot)
        async with monitored(bot, service, HealthSettings(port=0)) as health:
            await health.check()
            assert value(service, "verbatim_texts") == len(service.snapshot.sources)
            assert value(service, "verbatim_passages") == len(service.snapshot.passages)
            assert value(service, "verbatim_servers") == 1


async def test_reloads_are_counted_by_result(service: Service, folder: Path) -> None:
    """A reload that finds nothing new is none that replaced anything."""
    await service.reload(skip_broken=False)
    assert value(service, "verbatim_reloads_total", result="unchanged") == 1
    (folder / "broken.md").write_text("---\n---\n", encoding="utf-8")
    await service.reload(skip_broken=False)
    assert value(service, "verbatim_reloads_total", result="refused") == 1


async def test_the_search_engine_is_a_part_where_there_is_one(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason while it does not answer; its searches are counted by outcome."""
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        assert "search" not in await health_of(bot, service).check()
        nodes = Nodes(ClusterAddress(("http://127.0.0.1:1",)), probe_in_background=False)
        engine = Engine(Indexes(nodes, IndexLayout("texts")), fallback=False, in_background=False)
        monkeypatch.setattr(service.library, "engine", engine)
        found = await health_of(bot, service).check()
        assert found["search"].reason == "the texts are being indexed in OpenSearch"
        index = engine.adopt(*texts(CORPUS))
        engine.step()
        found = await health_of(bot, service).check()
        assert "http://127.0.0.1:1: Connection refused" in (found["search"].reason or "")
        async with monitored(bot, service, HealthSettings(port=0)):
            with pytest.raises(EngineUnavailableError):
                index.candidates(equally("toll"))
        assert (
            value(service, "verbatim_engine_seconds_count", outcome="unavailable", by="words") == 1
        )
        nodes.close()
