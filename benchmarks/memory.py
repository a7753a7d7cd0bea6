"""How much memory it takes to index a knowledge folder, and to serve it afterwards.

    python -m benchmarks.memory TEXT [--passages 300000] [--folder FOLDER]

The corpus is grown from TEXT (a knowledge file, a folder of them, or a question file) into FOLDER, or a temporary one.
The folder is indexed twice, each time by a process of its own: from nothing, and from the saved index.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.corpus import analysed, grow, posts_in, write_corpus
from bot.library.library import Library


def anonymous() -> float:
    """Megabytes of this process's memory that are not pages of mapped files."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def load(folder: Path) -> None:
    """Load `folder` in this process, and print what that took."""
    before = anonymous()
    begun = time.process_time()
    snapshot = Library(folder).load()
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = len(snapshot.passages.text) / 1e6
    print(
        f"{len(snapshot.passages):,} passages, {text:.0f} MB of text: {seconds:.0f} s of processor time,"
        f" at most {peak:.0f} MB resident, {before:.0f} MB before and {anonymous():.0f} MB afterwards"
    )


def main() -> None:
    """Grow a folder, and load it twice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("--passages", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, help="where the corpus is written and kept")
    parser.add_argument("--load", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.load:
        load(given.text)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)) / "knowledge"
        if not folder.exists():
            write_corpus(grow(analysed(posts_in(given.text)), given.passages), folder)
        for what in ("from nothing", "from the saved index"):
            print(f"{what}: ", end="", flush=True)
            command = [sys.executable, "-m", "benchmarks.memory", str(folder), "--load"]
            subprocess.run(command, check=True)  # noqa: S603 - ourselves


if __name__ == "__main__":
    main()
