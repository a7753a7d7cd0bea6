"""Makes random good and bad edits to a watched folder while questions are asked, and checks the results.

    python -m benchmarks.soak [--seconds 60] [--texts 40] [--rate 50] [--seed N]

Texts are changed, added, removed, renamed, broken, mended, written in two halves, and left out by a
strict reload. In the end the bad ones are mended, and the snapshot must equal the one that a new start
would build. The exit status is 1 if it does not, or if a question failed or got a mixed answer (see
`benchmarks.reload`).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import analysed, posts_in, questions
from benchmarks.reload import Load
from bot.answering.answerer import Policy
from bot.discord.app.reloading import reload_on_change
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.library.snapshots import build_snapshot
from bot.operations.logging import configure
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.texts.folder import read_folder

WORDS = "river bridge marsh heron kiln carter ledger market salt orchard mill harbour winter toll".split()
BAD = (
    b"",
    b"\xff\xfe\xff",
    b"---\ntitle: x\n---\nno author\n",
    b"---\ntitle: [\n---\nx\n",
    b"no front matter",
)
SETTLING = 30.0
"""Seconds that the watch gets for the last edit."""


@dataclass
class Editor:
    """Edits a folder at random."""

    folder: Path
    pick: random.Random
    done: Counter[str] = field(default_factory=Counter)

    def text(self) -> bytes:
        """A text of random sentences."""
        posts = (
            ". ".join(" ".join(self.pick.choices(WORDS, k=8)).capitalize() for _ in range(3)) + "."
            for _ in range(self.pick.randint(1, 9))
        )
        title = " ".join(self.pick.choices(WORDS, k=3))
        return f"---\ntitle: {title}\nauthor: Soak\n---\n{chr(10).join(f'{p}{chr(10)}' for p in posts)}".encode()

    def some(self) -> Path:
        """One of the files."""
        return self.pick.choice(sorted(self.folder.rglob("*.md")))

    def edit(self) -> None:
        """Do one edit."""
        edits: dict[str, Callable[[], object]] = {
            "changed": lambda: self.some().write_bytes(self.text()),
            "added": lambda: self._new().write_bytes(self.text()),
            "removed": lambda: self.some().unlink() if self._enough() else None,
            "renamed": lambda: self.some().rename(self._new()),
            "broken": lambda: self.some().write_bytes(self.pick.choice(BAD)),
            "written in halves": self._in_halves,
            "temporary": lambda: (self.folder / ".x.md.swp").write_bytes(self.text()),
            "touched": lambda: self.some().touch(),
        }
        kind = self.pick.choice(list(edits))
        edits[kind]()
        self.done[kind] += 1

    def mend(self) -> None:
        """Make every bad file a good one."""
        for problem in read_folder(self.folder).problems:
            (self.folder / problem.where).write_bytes(self.text())

    def _new(self) -> Path:
        below = self.folder / self.pick.choice((".", "below", "below/deeper"))
        below.mkdir(parents=True, exist_ok=True)
        return below / f"{self.pick.randrange(10**6)}.md"

    def _enough(self) -> bool:
        return len(list(self.folder.rglob("*.md"))) > 5

    def _in_halves(self) -> None:
        data = self.text()
        with self.some().open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            time.sleep(0.05)
            file.write(data[len(data) // 2 :])


async def soak(service: Service, editor: Editor, options: argparse.Namespace) -> bool:
    """Edit for as long as requested; return whether all went well."""
    asked = [f"what about {' '.join(terms)}?" for terms in questions(
        analysed(posts_in(service.library.folder)), 300)]  # fmt: skip
    load = Load(service, asked, options.rate)
    results: Counter[str] = Counter()
    until = time.perf_counter() + options.seconds
    async with load.running(), reload_on_change(service):
        while time.perf_counter() < until:
            await asyncio.to_thread(editor.edit)
            if editor.pick.random() < 0.1:
                strict = editor.pick.random() < 0.5
                result = await service.reload(strict=strict, skip_broken=not strict)
                results["swapped" if result.swapped else "refused"] += 1
            await asyncio.sleep(editor.pick.random())
        editor.mend()
        wanted = await asyncio.to_thread(
            lambda: build_snapshot(read_folder(editor.folder).sources).id
        )
        settled = time.perf_counter()
        while service.snapshot.id != wanted and time.perf_counter() < settled + SETTLING:  # noqa: ASYNC110 - a reload notifies nobody
            await asyncio.sleep(0.1)
        seconds = time.perf_counter() - settled
    good = service.snapshot.id == wanted and not load.failed and not load.mixed
    load.report("questions")
    print("edits:", ", ".join(f"{kind} {count}" for kind, count in sorted(editor.done.items())))
    print("reloads by hand:", dict(results), " all:", _reloads(service))
    print(f"the last edit was live after {seconds:.1f} s; the texts equal those of a new start:"
          f" {service.snapshot.id == wanted}")  # fmt: skip
    return good


def _reloads(service: Service) -> dict[str, int]:
    found = {}
    for result in ("replaced", "unchanged", "refused", "failed"):
        value = service.metrics.registry.get_sample_value(
            "verbatim_reloads_total", {"result": result}
        )
        found[result] = int(value or 0)
    return found


async def main() -> bool:
    """Make a folder, and edit it at random."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    configure("error", "text", (), lambda _: False)
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "knowledge"
        folder.mkdir()
        editor = Editor(folder, random.Random(options.seed))  # noqa: S311 - no secret
        for number in range(options.texts):
            (folder / f"{number}.md").write_bytes(editor.text())
        library = Library(folder, save_after=1)
        library.load()
        url = f"sqlite+aiosqlite:///{temporary}/verbatim.db"
        storage = await Storage.open(url, Path(temporary) / "verbatim.key", days=1)
        settings = DiscordSettings(member_questions=0, channel_questions=0)
        service = await Service.of(library, Policy(), settings, storage)
        try:
            return await soak(service, editor, options)
        finally:
            await storage.close()


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
