"""How well questions about texts of our own are answered, on which nothing is fitted.

    python -m benchmarks.own_texts [--documents] [--ranker lexical|e5] [--readers FOLDER…]
        [--one-in N] [--show]

`texts/` and `documents/` beside this module hold texts in the formats of `training/texts` and
`training/documents`, each a knowledge base of its own here. The questions about texts are harder than
people's: most of them share no content word with the sentence that answers, or share more words with another
one, and a quarter ask for a fact close to what the text says. So the figures compare rankers and readers;
they do not show what members will see. Without --readers the project's reader is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.figures import auroc, interval
from benchmarks.fit import with_vectors
from bot.answering.answerer import Policy
from bot.answering.evaluation import Item, JudgedAnswer, Record, evaluate
from bot.library.snapshots import Snapshot
from bot.models import Outcome, Source
from bot.search.ranking.rankers import LEXICAL
from bot.search.reading.reader import Reader
from training.texts import Text, read_documents, read_texts

TEXTS = Path(__file__).parent / "texts"
DOCUMENTS = Path(__file__).parent / "documents"
FOLLOW_UP, STANDING_ALONE, NEAR = "follow-up", "standing alone", "near"


def record_of(text: Text) -> Record:
    """`text` as a record of a question file."""
    items = [
        Item(
            q=case.question,
            gold=[text.sentences[n] for n in case.gold],
            kind=NEAR if not case.gold else FOLLOW_UP if case.before else STANDING_ALONE,
            after=case.before,
        )
        for case in text.cases
    ]
    return Record(name=text.title, title=text.title, posts=list(text.posts), questions=items)


def report(name: str, judged: Sequence[JudgedAnswer]) -> None:
    """Print the figures of one way to answer."""
    able = [o for o in judged if o.answerable]
    near = [o for o in judged if not o.answerable]
    told = [o for o in judged if o.answer.outcome is Outcome.ANSWERED]
    print(f"== {name}")
    for kind in (STANDING_ALONE, FOLLOW_UP):
        some = [o for o in able if o.item.kind == kind]
        first = [o.rank == 1 for o in some]
        low, high = interval(first)
        three = np.mean([o.rank is not None and o.rank <= 3 for o in some])
        print(
            f"  {kind:15} n={len(some):5} right first {np.mean(first):.3f} [{low:.3f} {high:.3f}],"
            f" in three {three:.3f}"
        )
    print(f"  near n={len(near)}: AUROC {auroc(_sureness(able), _sureness(near)):.3f}")
    for outcome, some in (("answerable", able), ("near", near)):
        answered = np.mean([o.answer.outcome is Outcome.ANSWERED for o in some])
        print(
            f"  {outcome}: Answered {answered:.3f}, quoted {np.mean([o.quoted for o in some]):.3f}"
        )
    print(
        f"  of {len(told)} Answered, first quote right {np.mean([o.rank == 1 for o in told]):.3f}"
    )


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ranker", choices=(LEXICAL, "e5"), default="e5")
    parser.add_argument("--documents", action="store_true", help="the documents")
    parser.add_argument("--readers", type=Path, nargs="*", default=[])
    parser.add_argument("--vectors", type=Path, default=Path("benchmarks/.vectors-of-texts"))
    parser.add_argument("--one-in", type=int, default=1, help="of the texts")
    parser.add_argument("--show", action="store_true", help="print wrong first quotes")
    args = parser.parse_args()
    texts = read_documents(DOCUMENTS) if args.documents else read_texts(TEXTS)
    records = [record_of(text) for text in texts][:: args.one_in]
    build = with_vectors(args.ranker, None, args.vectors)
    report(f"{args.ranker} alone", list(evaluate(records, _nothing, Policy(), build=build)))
    for reader in [Reader(folder) for folder in args.readers] or [Reader()]:

        def read(sources: Sequence[Source], reader: Reader = reader) -> Snapshot:
            return build(sources).with_reader(reader)

        judged = list(evaluate(records, _nothing, Policy(), build=read))
        report(f"{args.ranker} and the reader {reader.digest}", judged)
        if args.show:
            _show(judged)


def _sureness(some: Sequence[JudgedAnswer]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([o.answer.hits[0].probability if o.answer.hits else 0.0 for o in some])


def _show(judged: Sequence[JudgedAnswer]) -> None:
    for o in judged:
        wrong = o.rank != 1 if o.answerable else o.answer.outcome is Outcome.ANSWERED
        if wrong:
            hit = o.answer.hits[0] if o.answer.hits else None
            said = f"{hit.probability:.2f} {hit.passage.text}" if hit else "nothing"
            before = f" [after: {o.item.after}]" if o.item.after else ""
            print(f"{o.item.kind}, {o.record}: {o.item.q}{before}\n  said: {said}\n  right: {o.item.gold}")  # fmt: skip


def _nothing() -> Snapshot:
    raise AssertionError("every record has a text of its own")


if __name__ == "__main__":
    main()
