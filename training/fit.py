"""The general training of the reader, on public question sets.

    python -m training.fit DATA… --out FOLDER [--weights BASE --tokenizer FILE] [--resume]

DATA are JSON Lines, plain or .xz. BASE is the safetensors file of a BERT encoder, or a .pt that a fit
has written; by default the one from the package of all-MiniLM-L6-v2. A checkpoint (weights, optimizer,
step) is written to FOLDER every few minutes; `--resume` continues from the last one. The plan is
--examples or --minutes, whichever ends sooner; over its last part (--decay, a share of 1) the rate
falls linearly to zero: until then a fit can be extended without loss.

On CPUs the training runs in bfloat16 with float32 master weights, one thread in each of --workers
processes that average their gradients: on a busy machine, threads that wait for one another at every
product take twice as long.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from pathlib import Path

from training.examples import Examples, chatter_lines, is_held_out, read_records
from training.fitter import launch, parser_of
from training.windows import Case


def cases_of(args: argparse.Namespace, rng: random.Random) -> Iterable[Case]:
    """The stream of cases from the data files, without those kept for measuring."""
    records = [r for path in args.data for r in read_records(path) if not is_held_out(r)]
    return Examples(records, chatter_lines(), rng)


def main() -> None:
    """Fit as the command line says."""
    parser = parser_of(__doc__)
    parser.add_argument("data", nargs="+", type=Path)
    launch(parser.parse_args(), cases_of)


if __name__ == "__main__":
    main()
