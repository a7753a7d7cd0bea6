"""The process that `isolation` starts: it parses one file after the other until its input ends."""

from __future__ import annotations

import io
import json
import os
import sys
import time
import traceback
from dataclasses import asdict
from typing import Any, cast

from bot.errors import Problem, VerbatimError
from bot.texts.formats import registry
from bot.texts.formats.draft import Draft
from bot.texts.formats.isolation import MOST_MEMORY, draft_to_json, read_frame, write_frame


def main() -> None:
    """Serve requests from standard input."""
    seconds = float(sys.argv[1])
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not a reply
    while header := read_frame(sys.stdin.buffer):
        data = read_frame(sys.stdin.buffer)
        if data is None:
            return
        _limit(seconds)
        reply = _reply(json.loads(header), data)
        write_frame(output, json.dumps(reply).encode())


def _reply(header: dict[str, str], data: bytes) -> dict[str, Any]:
    where = header["where"]
    try:
        found = registry.load(header["format"]).parse(io.BytesIO(data), where)
    except VerbatimError as error:
        return {"problems": [asdict(problem) for problem in error.problems]}
    except MemoryError:
        reason = "needs more memory than is allowed: split it"
        return {"problems": [asdict(Problem(where, reason))]}
    except Exception:  # the process goes on, for the next file
        return {"fault": traceback.format_exc()}
    return {"draft": draft_to_json(cast("Draft", found))}


def _limit(seconds: float) -> None:
    """Limit memory, and the processor time of the next file: a process that hangs ends even if nobody waits for it any more."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # on Windows
        return
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, int(time.process_time() + seconds) + 1),
    ):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))
        except (ValueError, OSError):  # the system has no such limit
            continue


if __name__ == "__main__":
    main()
