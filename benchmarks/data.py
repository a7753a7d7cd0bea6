"""The question files that everything is fitted on: which are needed, and where they come from.

    python -m benchmarks.data FOLDER

lists what FOLDER lacks, with exit status 2 if it lacks anything.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.answering.evaluation import read_records
from bot.errors import VerbatimError

FILES = {
    "threads-natural": "sixty threads on all sorts of subjects, with questions as people type them",
    "threads": "ten threads with questions that avoid the text's words on purpose",
    "selqa-sections": "sections of Wikipedia with questions of SelQA's development set (Jurczyk et al. 2016, Apache 2.0)",
    "squad-articles": "pieces of Wikipedia with questions of SQuAD 2.0's development set (Rajpurkar et al. 2018, CC BY-SA 4.0)",
}  # fmt: skip
"""The files, each `.jsonl`, and what is in them."""

HELP = """\
make fit DATA=FOLDER: the folder with the question files on which ranking is fitted. They are not in
this repository. FOLDER holds
{files}
Each is JSON Lines, a text a line: {{"name", "title", "author", "posts": ["…"], "questions":
[{{"q", "gold": ["openings of the right sentences"], "kind", "after"?}}]}}; `gold` is [] where the text does not say.
Files of your own under the same names do as well: what is fitted on them suits texts like them. The clause
in bold is fitted on marks of these very files (benchmarks/answers.jsonl).
The fit prints its figures, and writes bot/search/data/ranking*.json and clauses.json; then `make golden`."""


def help_text() -> str:
    """What to do without a folder."""
    return HELP.format(files="\n".join(f"  {name}.jsonl: {said}" for name, said in FILES.items()))


def problems(folder: Path) -> list[str]:
    """A line for each file that `folder` lacks, or that is not a question file."""
    found = []
    for name in FILES:
        try:
            read_records(folder / f"{name}.jsonl")
        except VerbatimError as error:
            found.append(str(error))
    return found


def main() -> None:
    """Say what is missing, and where it comes from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    args = parser.parse_args()
    found = [] if args.folder is None else problems(args.folder)
    if args.folder is None or found:
        print("\n".join([*found, help_text()]), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
