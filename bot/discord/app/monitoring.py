"""Health and metrics of the bot: which parts are checked, and what is read when metrics are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic, time
from types import SimpleNamespace

import aiohttp
import structlog

from bot.discord.app.clock import DiscordClock
from bot.discord.app.running import StoppableClient
from bot.discord.kit.service import Service
from bot.operations.health import Health
from bot.operations.http_server import application, serving
from bot.operations.loop_lag import measure_lag
from bot.operations.metrics import Metrics
from bot.operations.service_manager import ServiceManager
from bot.settings.operations import HealthSettings
from bot.storage.connections import StorageError

CHECK_EVERY = 10.0
"""Seconds between two checks, so that it is known since when a part works or does not."""

_RATE_LIMITED = 429

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.health")


@asynccontextmanager
async def monitored(
    client: StoppableClient,
    service: Service,
    settings: HealthSettings,
    manager: ServiceManager | None = None,
) -> AsyncIterator[Health]:
    """Check and measure the bot during the block, and serve the results if the settings say so.

    If systemd is the `manager`, it is told that the bot is ready, and its status.
    """
    manager = manager or ServiceManager()
    metrics = service.metrics
    health = health_of(client, service)
    _read_when_asked(metrics, client, service)
    async with AsyncExitStack() as stack:
        if settings.port:
            app = application(health, metrics)
            port = await stack.enter_async_context(serving(app, settings.host, settings.port))
            if port is not None:
                _log.info("health and metrics are served", host=settings.host, port=port)
        tasks = [
            asyncio.create_task(measure_lag(metrics.loop_lag.observe)),
            asyncio.create_task(_watch(health, metrics, service, manager)),
            asyncio.create_task(manager.feed_watchdog()),
        ]
        manager.notify(READY=1)
        try:
            yield health
        finally:
            manager.notify(STOPPING=1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def health_of(client: StoppableClient, service: Service) -> Health:
    """The checks of the parts without which members get no answers."""

    async def discord() -> str | None:
        return client.gateway_problem

    async def texts() -> str | None:
        return None if len(service.snapshot.passages) else "no text is loaded"

    async def storage() -> str | None:
        try:
            await service.storage.ping()
        except StorageError as error:
            return str(error)
        return None

    async def search() -> str | None:
        if engine is None or engine.status.ready:
            return None
        return engine.status.why_not_ready

    engine = service.library.engine
    checks = {"discord": discord, "texts": texts, "storage": storage}
    if engine is not None:
        checks["search"] = search
    return Health(checks, service.now, monotonic)


def _read_when_asked(metrics: Metrics, client: StoppableClient, service: Service) -> None:
    metrics.texts.set_function(lambda: len(service.snapshot.sources))
    metrics.passages.set_function(lambda: len(service.snapshot.passages))
    metrics.storage_queue.set_function(lambda: service.question_log.waiting)
    if service.settings.shards is None:
        metrics.gateway_latency.labels(shard="0").set_function(lambda: client.latency)
    metrics.servers.set_function(lambda: len(client.guilds))
    if service.library.engine is not None:
        service.library.engine.on_search = lambda search: metrics.engine_seconds.labels(
            outcome=search.outcome, by=search.by
        ).observe(search.seconds)


async def _watch(
    health: Health, metrics: Metrics, service: Service, manager: ServiceManager
) -> None:
    """Periodically check the parts, note when the texts were replaced, and forget what is too old; never returns."""
    snapshot = ""
    while True:
        parts = await health.check()
        for name, part in parts.items():
            metrics.ready.labels(part=name).set(part.ready)
        faults = [f"{name} {part.reason}" for name, part in parts.items() if not part.ready]
        manager.notify(STATUS="; ".join(faults) or "ready")
        if service.snapshot.id != snapshot:
            snapshot = service.snapshot.id
            metrics.snapshot_time.set(time())
        service.forget_expired()
        await asyncio.sleep(CHECK_EVERY)


def request_tracing(metrics: Metrics, clock: DiscordClock) -> aiohttp.TraceConfig:
    """Counts and times the requests to Discord, and compares the clocks."""

    async def started(
        _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestStartParams
    ) -> None:
        context.began = monotonic()

    async def ended(
        _: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        response = request.response
        clock.note(response.headers.get("Date", ""))
        metrics.discord_requests.labels(method=request.method, status=response.status).inc()
        seconds = monotonic() - context.began
        metrics.discord_request_seconds.labels(method=request.method).observe(seconds)
        if response.status == _RATE_LIMITED:
            metrics.rate_limit_seconds.inc(_seconds(response.headers.get("Retry-After", "")))

    async def failed(
        _: aiohttp.ClientSession,
        __: SimpleNamespace,
        request: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        metrics.discord_requests.labels(method=request.method, status="none").inc()

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(started)
    tracing.on_request_end.append(ended)
    tracing.on_request_exception.append(failed)
    return tracing


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
