"""What is counted and logged of a question: never its text."""

from __future__ import annotations

import structlog

from bot.answering.asking import Asking, AskResult
from bot.operations.metrics import Metrics

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.questions")


def record_question(
    metrics: Metrics, asking: Asking, result: AskResult, way: str, seconds: float
) -> None:
    """Count a question that came by `way` and took `seconds`, and write one line to the log."""
    outcome = result.answer.outcome.value if result.worth_saying else "unsaid"
    stages = asking.times.seconds
    metrics.questions.labels(way=way, outcome=outcome).inc()
    metrics.question_seconds.observe(seconds)
    for name, took in stages.items():
        metrics.stage_seconds.labels(stage=name).observe(took)
    if asking.went_without_model:
        metrics.questions_without_model.inc()
    _log.info(
        "question",
        id=result.answer.id,
        way=way,
        outcome=outcome,
        snapshot=result.snapshot.id,
        ms=round(seconds * 1_000, 1),
        **{f"{name}_ms": round(took * 1_000, 1) for name, took in stages.items()},
    )
