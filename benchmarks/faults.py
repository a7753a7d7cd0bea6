"""What breaks, and what happens to the answers: each fault is played against the real bot.

    python -m benchmarks.faults [NAME…] [--group GROUP] [--list]

Discord is a stand-in over real sockets (benchmarks/standin). After each fault two more questions are
asked, by mention and by command. The table says how many questions there were, how many were lost that
Discord would have accepted, how many were answered twice, what the log said, and whether the database
is intact. Exit status 1 if anything was lost, doubled, crashed, corrupted, or not said in one line.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from benchmarks.scenarios import SCENARIOS
from benchmarks.scenarios.verdict import Verdict, play

COLUMNS = "fault", "asked", "lost", "twice", "tracebacks", "s", "what the log says", "and"


def row(verdict: Verdict) -> Sequence[str]:
    """The table's cells for a fault."""
    figures = "; ".join(f"{name}: {value}" for name, value in verdict.figures.items())
    return (
        verdict.name, str(verdict.asked), str(verdict.lost), str(verdict.twice),
        str(verdict.tracebacks), f"{verdict.seconds:.1f}", verdict.said, figures,
    )  # fmt: skip


async def main(names: Sequence[str]) -> int:
    """Play the faults and print the table."""
    failed = 0
    print("| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS), flush=True)
    for name in names:
        verdict = await play(SCENARIOS[name])
        print("| " + " | ".join(row(verdict)) + " |", flush=True)
        for problem in verdict.problems:
            print(f"    !! {problem}", flush=True)
        failed += bool(verdict.problems)
    print(f"\n{len(names)} faults, {failed} with problems")
    return 1 if failed else 0


def chosen(options: argparse.Namespace) -> list[str]:
    """The names of the faults to play."""
    unknown = [name for name in options.names if name not in SCENARIOS]
    if unknown:
        sys.exit(f"no such fault: {', '.join(unknown)} (--list names all)")
    return options.names or [
        one.name for one in SCENARIOS.values() if options.group in {None, one.group}
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--group", help="only the faults of a group")
    parser.add_argument("--list", action="store_true", help="list all faults")
    given = parser.parse_args()
    if given.list:
        for one in SCENARIOS.values():
            print(f"{one.group:10} {one.name:45} {one.summary}")
    else:
        sys.exit(asyncio.run(main(chosen(given))))
