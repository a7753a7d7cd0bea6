"""The process that parses, with a format whose library does what its file says: crash, hang, eat memory, print."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import Any, BinaryIO

from bot.texts.formats import isolated_process, registry
from bot.texts.formats.draft import Draft


def parse(file: BinaryIO, name: str) -> Draft:
    what = file.read().decode()
    if what == "crash":
        os.abort()
    if what == "fault":
        raise ZeroDivisionError
    while what == "hang":
        time.sleep(1)
    if what == "memory":
        bytearray(1 << 45)
    os.write(1, b"a line that the library prints")
    return Draft("breaking", (what, str(os.environ.get("VERBATIM_TOKEN"))))


if __name__ == "__main__":
    found: Any = SimpleNamespace(parse=parse)
    registry.load = lambda name: found
    isolated_process.main()
