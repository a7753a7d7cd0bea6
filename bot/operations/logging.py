"""Logging to standard error: text on a terminal, JSON elsewhere, secrets hidden."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal

import structlog
from structlog.typing import EventDict

from bot.operations.error_lines import in_one_line
from bot.operations.event_log import LogEvent

IsExternal = Callable[[BaseException], bool]

_HIDDEN = "[hidden]"
_INTERACTION_TOKEN = re.compile(r"((?:webhooks|interactions)/\d+/)[\w.\-]{20,}")

_TOKEN_IN_PAYLOAD = re.compile(r"""(\\?["'](?:interaction_)?token\\?["']\s*:\s*\\?["'])[^"'\\]+""")
"""A token as a value in a payload that is logged as JSON, as JSON in JSON, or as Python writes it."""


class _Redacting(logging.Formatter):
    """Hides secrets and interaction tokens in the output of another formatter."""

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
        text = _INTERACTION_TOKEN.sub(rf"\1{_HIDDEN}", text)
        return _TOKEN_IN_PAYLOAD.sub(rf"\1{_HIDDEN}", text)


class _WithoutTraceback(logging.Filter):
    """Turns a record about an external error into one line at WARNING, without traceback."""

    def __init__(self, is_external: IsExternal, level: int) -> None:
        super().__init__()
        self._is_external = is_external
        self._level = level

    def filter(self, record: logging.LogRecord) -> bool:
        error = _error_of(record)
        if error is None or not self._is_external(error):
            return True
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        if isinstance(record.msg, dict):  # structlog's
            kept = {key: value for key, value in record.msg.items() if key != "exc_info"}
            record.msg = {**kept, "level": "warning", "reason": in_one_line(error)}
        elif isinstance(record.msg, LogEvent):
            fields = {**record.msg.fields, "reason": in_one_line(error)}
            record.msg = LogEvent(record.msg.phrase, fields)
        else:
            first = next(iter(record.getMessage().splitlines()), "")
            record.msg, record.args = f"{first}: {in_one_line(error)}", ()
        return record.levelno >= self._level


def _error_of(record: logging.LogRecord) -> BaseException | None:
    found: Any = record.msg.get("exc_info") if isinstance(record.msg, dict) else record.exc_info
    if isinstance(found, tuple):
        found = found[1]
    elif found is True:
        found = sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def _with_fields(_logger: object, _method: str, entry: EventDict) -> EventDict:
    """Lay out a `LogEvent` of the standard library's loggers like structlog's own events."""
    message = entry["_record"].msg
    return (
        {**entry, "event": message.phrase, **message.fields}
        if isinstance(message, LogEvent)
        else entry
    )


def configure(
    level: str,
    form: Literal["auto", "json", "text"],
    secrets: Sequence[str] = (),
    is_external: IsExternal = lambda _: False,
) -> None:
    """Send all log records to standard error, with `secrets` hidden.

    Errors for which `is_external` is true, such as network faults, become one line at WARNING,
    whoever logs them; all others keep their traceback.

    discord.py and aiosqlite never log below INFO: there they would log interaction tokens and
    members' questions. Alembic and watchfiles never log below WARNING: they announce what our own lines say better.
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
        foreign_pre_chain=[_with_fields, *before],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    handler.addFilter(_WithoutTraceback(is_external, root.level))
    for talkative in ("discord", "aiosqlite"):
        logging.getLogger(talkative).setLevel(max(logging.INFO, root.level))
    for announcing in ("alembic", "watchfiles"):
        logging.getLogger(announcing).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
