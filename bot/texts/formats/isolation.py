"""Parses files in a process of its own: what makes a library crash, hang or fill the memory costs one file, and nothing else.

A new process is started for each file or collection, not forked, so this works the same on every system. It gets no
setting of the bot, answers in JSON, and ends with the one that started it.
"""

from __future__ import annotations

import datetime
import json
import os
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, BinaryIO, cast

from bot.errors import Problem, VerbatimError
from bot.texts.formats.draft import Collection, Draft, DroppedLine, TextFormat

SECONDS = 300
"""Longest that a file may take."""

MOST_FILE_BYTES = 256 * 1024 * 1024
MOST_MEMORY = 3 * 1024 * 1024 * 1024
"""Bytes of address space, where the system can limit it (Linux)."""

_PACKAGES = Path(__file__).parents[3]
_LENGTH = struct.Struct(">Q")
_BROKEN = "is damaged, or too large, and cannot be read as"
_INSTEAD = "copy its text into a .txt file, and import that"


class IsolatedReader:
    """A process that parses one file after the other; it is started when it is first needed, and again after a crash.

    `module` is what it runs. Use it from one thread at a time.
    """

    def __init__(
        self, seconds: float = SECONDS, module: str = "bot.texts.formats.isolated_process"
    ) -> None:
        self._seconds = seconds
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._stop: Any = None

    def parse(self, text_format: TextFormat, file: BinaryIO, where: str) -> Draft | Collection:
        """Parse `file` in the process if the format asks for that, otherwise here; see TextFormat.

        Raises:
            VerbatimError: it cannot be read, or the process crashed, took too long or too much memory.

        """
        if not getattr(text_format, "ISOLATED", False):
            return text_format.parse(file, where)
        file.seek(0)
        data = file.read(MOST_FILE_BYTES + 1)
        label = text_format.LABEL
        request = json.dumps({"format": text_format.NAME, "where": where}).encode()
        try:
            reply = self._reply(self._started(), request, data)
        except OSError as error:
            self.close()
            reason = f"cannot be read as {label}: no process could be started ({error.strerror})"
            raise VerbatimError(Problem(where, reason)) from error
        except _NoReplyError as error:
            self.close()
            raise VerbatimError(Problem(where, f"{error} {label}: {_INSTEAD}")) from error
        if "problems" in reply:
            raise VerbatimError(*(Problem(**problem) for problem in reply["problems"]))
        if "fault" in reply:
            fault = _NoReplyError(reply["fault"])
            raise VerbatimError(Problem(where, f"{_BROKEN} {label}: {_INSTEAD}")) from fault
        return draft_from_json(reply["draft"])

    def close(self) -> None:
        """End the process, if there is one."""
        if self._stop is not None:
            self._stop()
        self._process = self._stop = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", self._module, str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
            self._stop = weakref.finalize(self, _end, self._process)
        return self._process

    def _reply(
        self, process: subprocess.Popen[bytes], request: bytes, data: bytes
    ) -> Mapping[str, Any]:
        """Have a file parsed; raises _NoReplyError if the process ends meanwhile."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast("IO[bytes]", process.stdin), request)
            write_frame(cast("IO[bytes]", process.stdin), data)
            reply = read_frame(cast("IO[bytes]", process.stdout))
        except BrokenPipeError:
            reply = None
        finally:
            timer.cancel()
        if reply is None:
            slow = f"takes longer than {self._seconds:g} seconds to read as"
            raise _NoReplyError(slow if late.is_set() else _BROKEN)
        found: Mapping[str, Any] = json.loads(reply)
        return found


class _NoReplyError(Exception):
    """The process ended before it had parsed the file."""


def parse(text_format: TextFormat, file: BinaryIO, where: str) -> Draft | Collection:
    """Parse one file; see `IsolatedReader.parse`."""
    reader = IsolatedReader()
    try:
        return reader.parse(text_format, file, where)
    finally:
        reader.close()


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write `data` with its length before it."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Read what `write_frame` wrote; None if the stream ends before."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    size: int = _LENGTH.unpack(length)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Turn a draft into values that JSON has."""
    values = {one.name: getattr(draft, one.name) for one in fields(draft)}
    return values | {
        "date": draft.date.isoformat() if draft.date else None,
        "aliases": dict(draft.aliases),
        "problems": [asdict(problem) for problem in draft.problems],
    }


def draft_from_json(values: Mapping[str, Any]) -> Draft:
    """Undo `draft_to_json`."""
    changed = {
        "posts": tuple(values["posts"]),
        "notes": tuple(values["notes"]),
        "guessed": tuple(values["guessed"]),
        "dropped": tuple(DroppedLine(*one) for one in values["dropped"]),
        "problems": tuple(Problem(**one) for one in values["problems"]),
        "date": values["date"] and datetime.date.fromisoformat(values["date"]),
        "aliases": MappingProxyType({k: tuple(v) for k, v in values["aliases"].items()}),
    }
    return Draft(**{**values, **changed})


def _environment() -> dict[str, str]:
    """The environment without the bot's settings, among which the token is, and with the place of its packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VERBATIM")}
    paths = (str(_PACKAGES), kept.get("PYTHONPATH", ""))
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # what was not written yet cannot be any more
                stream.close()
