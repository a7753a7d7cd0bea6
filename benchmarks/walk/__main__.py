"""Walks through everything that people can do with the bot, and lists what is wrong.

    python -m benchmarks.walk [--listen] [--stumbling]

Discord is the stand-in over real sockets, which checks every request against Discord's own description. Everybody
walks alone, one after another; exit status 1 if anything is wrong, or something has not been used by anybody. With
`--stumbling` a curator walks once for each of some faults, which every first response then meets.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from benchmarks.walk.tour import stumbles, tour


async def main(*, listen: bool, stumbling: bool) -> int:
    """Walk, and print who did how much and what was wrong."""
    result = await (stumbles() if stumbling else tour(listen=listen))
    for walk in result.walks:
        print(f"{walk.steps:5} steps, {len(walk.problems):3} problems: {walk.walker.name}")
    for problem in result.problems:
        print(f"    !! {problem}")
    return 1 if result.problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listen", action="store_true", help="with the message-content intent")
    parser.add_argument("--stumbling", action="store_true", help="with a fault at each step")
    given = parser.parse_args()
    sys.exit(asyncio.run(main(listen=given.listen, stumbling=given.stumbling)))
