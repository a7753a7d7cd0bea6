"""How often the bot answers chatter that nobody addressed to it, and how many real questions it still hears.

    python -m benchmarks.chatter [FILE…] [--meaning] [--lines FILE]

Each text of `knowledge/` and of the question FILEs is a knowledge base of its own. Every line of
`chatter.txt` beside this module is said where the bot only listens, which gives the same result alone
and after an answered question; and in a thread that the bot opened for a question, where the previous
turn counts and uncertain answers are given too. The questions in the FILEs that come out as Answered
when the bot is mentioned are said without the mention, except follow-ups, which mean nothing without
the previous turn.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.answering.answerer import Policy, answer
from bot.answering.asking import Addressing, Request, ask
from bot.answering.conversation import turn_of
from bot.answering.evaluation import Record, read_records
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Outcome, Question, Source
from bot.texts.folder import read_folder

CHATTER = Path(__file__).with_name("chatter.txt")
POLICY = Policy()

Build = Callable[[Source], Snapshot]


def lines_of(path: Path) -> list[str]:
    r"""The lines of chatter in a file; `\n` is a line break within one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("# ")]


def is_answered(snapshot: Snapshot, line: str) -> bool:
    """Whether `line` is answered where nobody addressed the bot."""
    found = ask(snapshot, Request(line, addressing=Addressing.OVERHEARD), POLICY)
    return found is not None and found.worth_saying


def heard(snapshot: Snapshot, record: Record) -> tuple[int, int]:
    """How many questions of `record` are Answered when the bot is mentioned, and how many of these without a mention."""
    mentioned = [
        item.q
        for item in record.questions
        if item.gold
        and item.after is None
        and answer(snapshot, Question(item.q), POLICY).outcome is Outcome.ANSWERED
    ]
    return len(mentioned), sum(is_answered(snapshot, question) for question in mentioned)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="question files")
    parser.add_argument("--meaning", action="store_true", help="with the bundled model")
    parser.add_argument("--lines", type=Path, default=CHATTER)
    parser.add_argument("--vectors", type=Path, default=Path("benchmarks/.vectors"))
    args = parser.parse_args()
    build = (
        _with_model(args.vectors) if args.embeddings else lambda source: build_snapshot([source])
    )
    lines = lines_of(args.lines)
    said: Counter[str] = Counter()
    texts = mentioned = without = in_thread = 0
    for source, record in _texts(args.files):
        texts += 1
        snapshot = build(source)
        answered = [line for line in lines if is_answered(snapshot, line)]
        said.update(answered)
        if record is None:
            continue
        counts = heard(snapshot, record)
        mentioned, without = mentioned + counts[0], without + counts[1]
        before = next((item.q for item in record.questions if item.gold), None)
        if before is not None:
            turn = turn_of(answer(snapshot, Question(before), POLICY))
            spoken = Addressing.IN_BOT_THREAD
            found = (
                ask(snapshot, Request(line, turn, addressing=spoken), POLICY) for line in lines
            )
            in_thread += sum(1 for each in found if each is not None and each.worth_saying)
    print(f"{len(lines)} lines of chatter, each on {texts} texts")
    print(f"answered: {said.total()} of {texts * len(lines)}")
    print(f"answered in a thread of the bot's own, after a question: {in_thread}")
    for line, times in said.most_common():
        print(f"  {times:3} {line}")
    if mentioned:
        share = without / mentioned
        print(f"questions Answered: {mentioned} with a mention, {without} without: {share:.3f}")


def _texts(files: list[Path]) -> Iterator[tuple[Source, Record | None]]:
    known = read_folder(Path("knowledge")).sources
    for source in known:
        yield source, None
    for path in files:
        for record in read_records(path):
            yield record.source() or known[0], record


def _with_model(vectors: Path) -> Build:
    from bot.search.embedding import question_embedder as asking
    from bot.search.embedding.builder import EmbeddingBuilder
    from bot.search.embedding.bundled import BundledModel

    asking.REMEMBERED = 10_000
    maker = EmbeddingBuilder(BundledModel(), vectors, shared=True)

    def build(source: Source) -> Snapshot:
        snapshot = build_snapshot([source])
        embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
        if embeddings is None:
            raise ValueError("no vectors were made")
        return snapshot.with_embeddings(embeddings)

    return build


if __name__ == "__main__":
    main()
