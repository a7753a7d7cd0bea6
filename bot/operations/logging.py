"""Logs on standard error: readable on a terminal, JSON elsewhere, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Sequence
from typing import Literal

import structlog

_HIDDEN = "[hidden]"
_INTERACTION_TOKEN = re.compile(r"((?:webhooks|interactions)/\d+/)[\w.\-]{20,}")


class _Redacting(logging.Formatter):
    """Hides secrets and interaction tokens in whatever another formatter makes of a record."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        both = {
            form
            for secret in secrets
            for form in (secret, json.dumps(secret, ensure_ascii=False)[1:-1])
            if form
        }
        self._secrets = sorted(both, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _INTERACTION_TOKEN.sub(rf"\1{_HIDDEN}", text)


def configure(
    level: str, form: Literal["auto", "json", "text"], secrets: Sequence[str] = ()
) -> None:
    """Send every log record to standard error, `secrets` hidden.

    discord.py and aiosqlite are kept at INFO at least: below, they would log interaction tokens, and
    what members ask. Alembic is kept at WARNING: it says at every start that it is there.
    """
    in_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ExtraAdder(),
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if in_json
        # Not rich's tracebacks: with every local variable they are long, slow and not discreet.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shown = [structlog.processors.format_exc_info, last] if in_json else [last]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        foreign_pre_chain=before,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for talkative in ("discord", "aiosqlite"):
        logging.getLogger(talkative).setLevel(max(logging.INFO, root.level))
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
