"""Time and memory of importing large files: `python -m benchmarks.imports [--megabytes 300] [--pages 500]`.

Writes an archive of X and a PDF of that size into a temporary folder, and runs `verbatim import` on each in a process of its own:
listing the archive's threads, taking one of them, and reading the PDF. Prints seconds, and the most memory that the process had.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.texts.formats.small_pdf import Placed, pdf

_WORDS = "the lock opens in spring and closes when water is low so boats wait below until gates turn again".split()
_LONGEST_THREAD = 9
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def main() -> None:
    """Write the files, import them, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.imports")
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--pages", type=int, default=500)
    given = parser.parse_args()
    rng = random.Random(7)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        archive, document = Path(folder, "tweets.js"), Path(folder, "book.pdf")
        posts = write_archive(archive, given.megabytes * 1_000_000, rng)
        document.write_bytes(
            pdf([_page(number, rng) for number in range(1, given.pages + 1)], "A book", "Ida")
        )
        size = archive.stat().st_size / 1e6
        print(f"archive of X: {size:,.0f} MB, {posts:,} posts")
        _measure("  --list", archive, "--list")
        _measure("  --pick", archive, "--pick", str(_ID))
        print(f"PDF: {document.stat().st_size / 1e6:,.1f} MB, {given.pages:,} pages")
        _measure("  import", document)


_ID = 1_500_000_000_000_000_000


def write_archive(path: Path, least: int, rng: random.Random) -> int:
    """Write `tweets.js` with at least that many bytes, and return how many posts it contains."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("window.YTD.tweets.part0 = [")
        for tweet in _tweets(rng):
            file.write(
                ("" if count == 0 else ",") + "\n  " + json.dumps({"tweet": tweet}, indent=2)
            )
            count += 1
            if file.tell() > least:
                break
        file.write("\n]")
    return count


def _tweets(rng: random.Random) -> Iterator[dict[str, object]]:
    """Yield posts as an archive has them: threads of up to nine, replies to others, and retweets."""
    number, left, before = _ID, _LONGEST_THREAD - 1, ""
    while True:
        own = str(number)
        text = _sentence(rng, 30) + " https://t.co/abcdefghij"
        kind = rng.random()
        tweet: dict[str, object] = {
            "edit_info": {"initial": {"editTweetIds": [own], "editsRemaining": "5", "isEditEligible": True}},
            "retweeted": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "entities": {
                "hashtags": [], "symbols": [], "user_mentions": [],
                "urls": [{"url": "https://t.co/abcdefghij", "expanded_url": "https://lock.example/page", "indices": ["0", "23"]}],
            },
            "display_text_range": ["0", str(len(text))],
            "favorite_count": str(rng.randrange(99)),
            "id_str": own, "id": own, "truncated": False,
            "created_at": f"Mon {rng.choice(_MONTHS)} {rng.randrange(1, 29):02d} 10:00:00 +0000 20{rng.randrange(10, 25)}",
            "favorited": False,
            "full_text": f"RT @per: {text}" if not before and kind < 0.2 else text,
            "lang": "en",
        }  # fmt: skip
        if before:
            tweet |= {
                "in_reply_to_status_id_str": before,
                "in_reply_to_user_id_str": "9",
                "in_reply_to_screen_name": "ida",
            }
        yield tweet
        left -= 1
        before = own if left > 0 else ""
        if left <= 0:
            left = rng.randrange(1, _LONGEST_THREAD + 1)
        number += rng.randrange(1, 1_000)


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize() + "."


def _page(number: int, rng: random.Random) -> list[Placed]:
    """A page of a book: a running head, forty lines, and its number."""
    head = [Placed(72, 800, "The keeper of the lock", 9), Placed(290, 40, str(number), 9)]
    lines = [Placed(72, 760 - 17 * i, _sentence(rng, 13)[:88]) for i in range(40)]
    return [*head, *lines]


def _measure(label: str, path: Path, *options: str) -> None:
    command = [
        sys.executable,
        "-m",
        "bot",
        "import",
        str(path),
        "--author",
        "Ida",
        "--dry-run",
        *options,
    ]
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1) / 1024
        print(
            f"{label:10} {seconds:6.1f} s  {usage.ru_utime + usage.ru_stime:6.1f} s of processor  {peak:5.0f} MB"
        )
        if process.returncode:
            output.seek(0)
            print(output.read().decode(errors="replace")[-500:])


if __name__ == "__main__":
    main()
