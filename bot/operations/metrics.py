"""What the bot counts and measures, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot import __version__

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Bounds of histograms, in seconds: answers take milliseconds, models up to seconds."""

LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)


class Metrics:
    """The metrics of one bot. Their names are stable: dashboards and alerts use them."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("verbatim_build", "The version that runs.", registry=registry).info(
            {"version": __version__}
        )
        self.questions = Counter(
            "verbatim_questions",
            "Questions, by the way they came and by their outcome.",
            ("way", "outcome"),
            registry=registry,
        )
        self.question_seconds = Histogram(
            "verbatim_question_seconds",
            "Time from a question to its answer, before it is sent.",
            registry=registry,
            buckets=FAST,
        )
        self.stage_seconds = Histogram(
            "verbatim_stage_seconds",
            "Time that a stage of answering takes.",
            ("stage",),
            registry=registry,
            buckets=FAST,
        )
        self.engine_seconds = Histogram(
            "verbatim_engine_seconds",
            "Time of a search in OpenSearch, by words or vectors, and by outcome: answered, fallback (by the"
            " embedded index) or unavailable.",
            ("outcome", "by"),
            registry=registry,
            buckets=FAST,
        )
        self.questions_without_model = Counter(
            "verbatim_questions_without_model",
            "Questions that were answered by words alone, since the model failed or took too long.",
            registry=registry,
        )
        self.questions_not_stored = Counter(
            "verbatim_questions_not_stored",
            "Questions that were answered but could not be stored.",
            registry=registry,
        )
        self.reloads = Counter(
            "verbatim_reloads",
            "Reloads of the texts, by result: replaced, unchanged, refused or failed.",
            ("result",),
            registry=registry,
        )
        self.texts = Gauge("verbatim_texts", "Texts that are loaded.", registry=registry)
        self.passages = Gauge("verbatim_passages", "Passages that are loaded.", registry=registry)
        self.snapshot_time = Gauge(
            "verbatim_snapshot_timestamp_seconds",
            "When the texts that are loaded replaced the ones before, as a Unix time.",
            registry=registry,
        )
        self.storage_queue = Gauge(
            "verbatim_storage_queue", "Questions that wait to be stored.", registry=registry
        )
        self.loop_lag = Histogram(
            "verbatim_loop_lag_seconds",
            "By how much the event loop is late; it is measured twice a second.",
            registry=registry,
            buckets=LAG,
        )
        self.servers = Gauge(
            "verbatim_servers", "Servers that this process serves.", registry=registry
        )
        self.gateway_latency = Gauge(
            "verbatim_gateway_latency_seconds",
            "Time between the last heartbeat and its acknowledgement.",
            ("shard",),
            registry=registry,
        )
        self.gateway_connects = Counter(
            "verbatim_gateway_connects",
            "Connections to Discord's gateway: the first one, and every one after it was lost.",
            ("shard",),
            registry=registry,
        )
        self.discord_request_seconds = Histogram(
            "verbatim_discord_request_seconds",
            "Time until Discord responds to a request.",
            ("method",),
            registry=registry,
            buckets=FAST,
        )
        self.discord_requests = Counter(
            "verbatim_discord_requests",
            "Requests to Discord by the status of the response; `none`: there was none.",
            ("method", "status"),
            registry=registry,
        )
        self.rate_limit_seconds = Counter(
            "verbatim_discord_rate_limit_wait_seconds",
            "Time that Discord's rate limits made requests wait.",
            registry=registry,
        )
        self.ready = Gauge(
            "verbatim_ready",
            "Whether a part of the bot works: 1, or 0.",
            ("part",),
            registry=registry,
        )

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self.registry)
