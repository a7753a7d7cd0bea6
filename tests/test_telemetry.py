"""Nothing of what the bot uses reports to its vendor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOAD_A_MODEL = """
import sys
from pathlib import Path
from bot.search.reading.reader import Reader, ReaderError
try:
    Reader(Path(sys.argv[1]))
except ReaderError:
    pass  # the folder is empty: onnxruntime has been loaded, which is when it would begin
"""


def test_onnxruntime_gives_the_machine_no_id(tmp_path: Path) -> None:
    """It would keep one, and events to be sent, in the user's cache."""
    pytest.importorskip("onnxruntime")
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    kept = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    command = [sys.executable, "-c", LOAD_A_MODEL, str(tmp_path)]
    subprocess.run(command, env=kept | home, check=True)  # noqa: S603 - this Python
    assert not list(tmp_path.rglob("*onnxruntime*"))
