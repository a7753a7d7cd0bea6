"""Fine-tuning of the reader on texts like the bot's, after the general training.

    python -m training.finetune QUESTIONS --weights GENERAL.pt --tokenizer FILE --out FOLDER
        [--dialogue KNOWLEDGE.md] [--folds 3 --fold 0] [--data MORE.jsonl.xz]
        [--answers benchmarks/answers.jsonl]

QUESTIONS is the folder of question files. The project's own texts and documents (training/texts,
training/documents) are added, and a share of the general training data, if given, so that what was learnt is
not forgotten. With --fold the texts of that fold are left out, to be measured by `training.evaluate` with the
same numbers. The question files name the sentences that answer; --answers names, for some questions, the
words in them that answer.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.models import Source
from bot.search.reading.planning import BUDGET_WITH_VECTORS
from bot.texts.formats import knowledge_file, text_lines
from training.asked import fold_of, read_answers, read_asked
from training.examples import Examples, Record, chatter_lines, is_held_out, read_records
from training.excerpts import around_topic, planned, size
from training.fitter import launch, parser_of
from training.texts import read_documents, read_texts
from training.windows import Case

SHARES = {
    "threads-natural": 2200.0,
    "threads": 550.0,
    "ours": 5000.0,
    "documents": 3500.0,
    "selqa-sections": 800.0,
    "squad-articles": 950.0,
    "strategic-dialogue": 80.0,
}
LARGE = frozenset({"selqa-sections", "squad-articles"})
KEPT = {"far": 0.25, "near": 0.6, "adversarial": 0.7}
"""The share of the unanswerable questions that is used: the files have more than enough."""
GENERAL = "general"
REPLAYED = 600.0
"""The share of general training data, if it is given."""
EMPTIED = 0.1
"""The share of cases that lose their answer: small, as the files have unanswerable questions of their own."""
LONG = 30
"""A text with more sentences is read around what the question seems to be about."""
PLANNED = 0.65
"""The share of the long cases that are cut as the bot reads them: stretches of a few sentences around the candidates."""


def cases_of(args: argparse.Namespace, rng: random.Random) -> Iterable[Case]:
    """The stream of cases from the question files, our texts and the general data."""
    marked = {
        a.key: " ".join(a.words.split())
        for a in (read_answers(args.answers, args.questions) if args.answers else ())
    }
    records = [
        Record(
            a.file,
            f"{a.file}:{a.record}",
            replace(a.case, answer=marked.get((a.file, a.record, a.index))),
        )
        for a in read_asked(args.questions, read_dialogue(args.dialogue))
        if bool(a.case.gold) == a.answerable
        and (args.fold is None or fold_of(a.group, args.folds) != args.fold)
        and (a.file not in LARGE or rng.random() < KEPT.get(a.kind, 1.0))
    ]
    records += [
        Record(collection, f"ours:{text.title}", case)
        for collection, texts in (("ours", read_texts()), ("documents", read_documents()))
        for text in texts
        for case in text.cases
    ]
    general = [r for path in args.data for r in read_records(path) if not is_held_out(r)]
    records += [replace(r, collection=GENERAL) for r in general]
    shares = SHARES | {GENERAL: REPLAYED}
    return _as_read(Examples(records, chatter_lines(), rng, shares, EMPTIED), rng)


def read_dialogue(path: Path | None) -> Source | None:
    """The text for a question file that has none."""
    if path is None:
        return None
    text = text_lines.decode(path.read_bytes(), str(path))
    return knowledge_file.parse(text, str(path), path.stem)


def _as_read(cases: Iterable[Case], rng: random.Random) -> Iterator[Case]:
    """Yield the cases; long ones often as the bot would read them, or cut to where the question's words are dense."""
    for case in cases:
        if size(case) > BUDGET_WITH_VECTORS and rng.random() < PLANNED:
            yield planned(case, rng)
        elif case.gold or len(case.sentences) <= LONG or rng.random() < 0.3:
            yield case
        else:
            yield around_topic(case)


def main() -> None:
    """Fit as the command line says."""
    parser = parser_of(
        __doc__, examples=6000, rate=5e-5, head_rate=1e-4, limit=272, batch=16, warm_up=30
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", nargs="*", type=Path, default=[])
    parser.add_argument("--dialogue", type=Path)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--fold", type=int)
    launch(parser.parse_args(), cases_of)


if __name__ == "__main__":
    main()
