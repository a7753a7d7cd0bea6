"""A logger with structlog's calls on the standard library alone.

structlog loads rich with it, which takes 0.07 s. So what `verbatim ask` loads, `library`, `search` and `texts`, logs by
this, and all else by structlog.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogEvent:
    """The message of a log record: a fixed phrase for what happened, and its details as fields."""

    phrase: str
    fields: Mapping[str, object]

    def __str__(self) -> str:
        """The line that a terminal shows if logging is not configured."""
        details = ", ".join(f"{name}={value}" for name, value in self.fields.items())
        return f"{self.phrase} ({details})" if details else self.phrase


class EventLogger:
    """Logs events to the standard library's logger of the same name."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **fields: object) -> None:
        """Log what happens in normal operation."""
        self._logger.info(LogEvent(event, fields))

    def warning(self, event: str, **fields: object) -> None:
        """Log something that works, though not as it should."""
        self._logger.warning(LogEvent(event, fields))

    def error(self, event: str, **fields: object) -> None:
        """Log a failure."""
        self._logger.error(LogEvent(event, fields))

    def exception(self, event: str, **fields: object) -> None:
        """Log the exception that is being handled, with its traceback."""
        self._logger.exception(LogEvent(event, fields))
