"""Logs are JSON or readable, and never hold a secret."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot.models import Outcome
from bot.operations.event_log import EventLogger
from bot.operations.logging import configure
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_json_has_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """From structlog and the standard library, with tracebacks."""
    configure("info", "json")
    structlog.get_logger("ours").info("reloaded", texts=3)
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("theirs").exception("it failed")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["texts"], ours["level"], ours["logger"]) == (
        "reloaded", 3, "info", "ours",
    )  # fmt: skip
    assert theirs["event"] == "it failed"
    assert "ValueError: why" in theirs["exception"]


def test_an_event_logger_writes_fields_as_structlog_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also where an external error is told in one line."""
    configure("info", "json", is_external=lambda error: isinstance(error, ConnectionError))
    log = EventLogger("ours")
    log.warning("not saved", path="/srv/index", passages=3)
    try:
        raise ConnectionResetError("by peer")
    except ConnectionResetError:
        log.exception("not answered", node=2)
    saved, answered = map(json.loads, capsys.readouterr().err.splitlines())
    expected = {"event": "not saved", "path": "/srv/index", "passages": 3, "level": "warning"}
    assert saved == {**expected, "logger": "ours", "timestamp": saved["timestamp"]}
    assert (answered["event"], answered["node"]) == ("not answered", 2)
    assert answered["reason"] == "ConnectionResetError: by peer"
    assert "exception" not in answered


def test_an_event_logger_shows_fields_where_no_log_is_configured(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As in the terminal."""
    EventLogger("ours").warning("not saved", path="/srv/index", reason="no space")
    EventLogger("ours").error("failed")
    assert caplog.messages == ["not saved (path=/srv/index, reason=no space)", "failed"]


def test_events_are_fixed_phrases_with_fields() -> None:
    """So that they can be searched for and counted: nothing is formatted into them."""
    root = Path(__file__).parents[2]
    modules = {*(root / "bot").rglob("*.py")} - {root / "bot" / "operations" / "event_log.py"}
    formatted = [
        f"{path.relative_to(root)}:{call.lineno}"
        for path in sorted(modules)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and is_logging(call.func)
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant | ast.IfExp | ast.Name)
    ]
    assert formatted == []


def is_logging(called: ast.expr) -> bool:
    """Whether this calls a method such as `self._log.warning`."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    if not isinstance(called, ast.Attribute) or called.attr not in levels:
        return False
    logger = called.value
    name = logger.attr if isinstance(logger, ast.Attribute) else getattr(logger, "id", "")
    return name.lstrip("_") in {"log", "logger"}


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_reaches_the_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the bot's token nor interaction tokens, wherever they appear."""
    interaction = "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIz-abc_def.x/messages"
    configure("debug", form, secrets=("the.bot.token",))  # type: ignore[arg-type]
    log = structlog.get_logger("ours")
    log.info("with the.bot.token", value="the.bot.token", url=interaction)
    try:
        raise RuntimeError(f"cannot reach {interaction} with the.bot.token")
    except RuntimeError:
        log.exception("failed")
    written = capsys.readouterr().err
    assert "failed" in written
    assert "the.bot.token" not in written
    assert "aW50ZXJhY3Rpb246MTIz" not in written


async def test_no_question_reaches_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even at level DEBUG, where the database driver would log what it writes."""
    configure("debug", "json")
    url = f"sqlite+aiosqlite:///{tmp_path / 'verbatim.db'}"
    storage = await Storage.open(url, tmp_path / "verbatim.key", days=1)
    now = datetime.now(UTC)
    asked = AskedQuestion(1, 1, now, "Where is the ferry?", Outcome.NOT_COVERED, 0.1)
    await storage.questions.keep(asked, member_id=1)
    await storage.questions.expect(1, 1, "At the chain pier")
    await storage.close()
    written = capsys.readouterr().err
    assert "storage brought to the newest schema" in written
    assert "ferry" not in written
    assert "chain pier" not in written


def test_a_secret_that_json_escapes_is_hidden_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A password may contain quotes and backslashes."""
    configure("info", "json", secrets=('pa"ss\\wörd',))
    structlog.get_logger("ours").info("signed in", value='pa"ss\\wörd')
    assert json.loads(capsys.readouterr().err)["value"] == "[hidden]"


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_shows_no_local_variables(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """They may contain questions or a whole library."""
    configure("info", form)  # type: ignore[arg-type]
    asked = ["what a member asked in private"] * 1_000
    try:
        raise RuntimeError(f"failed at {len(asked)}")
    except RuntimeError:
        structlog.get_logger("ours").exception("failed")
    written = capsys.readouterr().err
    assert "failed at 1000" in written
    assert "in private" not in written
    assert len(written) < 2_000


def test_discords_debug_log_is_never_written(capsys: pytest.CaptureFixture[str]) -> None:
    """It contains payloads and interaction tokens. Alembic's announcements are dropped too."""
    configure("debug", "json")
    logging.getLogger("discord.gateway").debug("payload")
    logging.getLogger("alembic.runtime.migration").info("context")
    logging.getLogger("watchfiles.main").info("context")
    logging.getLogger("ours").debug("seen")
    written = capsys.readouterr().err
    assert "payload" not in written
    assert "context" not in written
    assert "seen" in written
