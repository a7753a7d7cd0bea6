"""How many questions about the texts themselves are recognised, and how many ordinary ones are taken for them.

    python -m benchmarks.about [FILE…]

The first figures are for `about.yaml`, `about-everyday.yaml` and `about-members.yaml` in `tests/quality`, each text being a
knowledge base of its own. The others are for the questions in the FILEs and in the quality gate, and for the chatter beside this
module, none of which is about a text: how many are answered from a card or with an overview, and how
many are taken for a place.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks.chatter import CHATTER, lines_of
from benchmarks.corpus import analysed, grow
from bot.answering.answerer import Policy, answer
from bot.answering.evaluation import Item, read_records
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Outcome, Post, Question, SmallTalk, Source, Turn
from bot.search.central import central_passages
from bot.texts.folder import read_folder

ABOUT = Path("tests/quality/about.yaml")
EVERYDAY = ABOUT.with_name("about-everyday.yaml")
"""The same in everyday language."""
MEMBERS = ABOUT.with_name("about-members.yaml")
"""The same as members of a server type them."""
NONE = "none"
_LARGE = 100_000


def texts_with_questions(path: Path = ABOUT) -> Iterator[tuple[Source, list[dict[str, str]]]]:
    """Yield the texts of ABOUT with their questions."""
    data: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for text in data:
        yield source_in((path.parent / text["text"]).resolve()), text["questions"]


def source_in(path: Path) -> Source:
    """Read a knowledge file, or the text of a question file."""
    if path.suffix == ".md":
        return read_folder(path.parent).files[path.name].source
    source = read_records(path)[0].source()
    if source is None:
        raise ValueError(f"{path} has no text")
    return source


def is_about_texts(given: Answer) -> bool:
    """Whether the bot spoke of the texts, or of itself."""
    return (
        given.outcome in {Outcome.ABOUT_TEXTS, Outcome.OVERVIEW, Outcome.WHICH_TEXT}
        or given.talk is SmallTalk.ABOUT
    )


def is_place(given: Answer) -> bool:
    """Whether the question was taken for a place in a text."""
    return given.outcome in {Outcome.PLACE, Outcome.NO_SUCH_PLACE}


def _about_texts(path: Path, *, show: bool) -> None:
    counts: Counter[tuple[bool, bool]] = Counter()
    for source, questions in texts_with_questions(path):
        snapshot = build_snapshot([source])
        for item in questions:
            given = answer(snapshot, Question(item["q"]), Policy())
            about, wanted = is_about_texts(given), item["asks"] != NONE
            counts[wanted, about] += 1
            if show and about is not wanted:
                print(f"  {item['asks']}: {item['q']} → {given.outcome.value}")
    asked = counts[True, True] + counts[True, False]
    print(f"{path.name}: {counts[True, True]} of {asked} questions about the texts recognised")
    print(f"  others about the same texts: {counts[False, True]} taken for them")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="question files")
    parser.add_argument("--show", action="store_true", help="the questions that came out wrong")
    args = parser.parse_args()
    for path in (ABOUT, EVERYDAY, MEMBERS):
        _about_texts(path, show=args.show)
    for path in [*args.files, *sorted(Path("tests/quality/texts").glob("*.yaml"))]:
        _ordinary(path, show=args.show)
    _chatter(show=args.show)
    _time()


def _ordinary(path: Path, *, show: bool) -> None:
    known = read_folder(Path("knowledge")).sources
    total = about = places = 0
    for record in read_records(path):
        snapshot = build_snapshot([record.source() or known[0]])
        for item in record.questions:
            given = answer(snapshot, _question(item), Policy())
            total += 1
            about += is_about_texts(given)
            places += is_place(given)
            if show and (is_about_texts(given) or is_place(given)):
                print(f"  {record.name}: {item.q} → {given.outcome.value}")
    print(
        f"{path.name}: of {total} questions {about} taken for one about the text, {places} for a place"
    )


def _question(item: Item) -> Question:
    return Question(item.q, Turn(item.after) if item.after else None)


def _chatter(*, show: bool) -> None:
    snapshot = build_snapshot(read_folder(Path("knowledge")).sources)
    lines = lines_of(CHATTER)
    taken = [line for line in lines if is_place(answer(snapshot, Question(line), Policy()))]
    print(f"chatter: of {len(lines)} lines {len(taken)} taken for a place")
    for line in taken if show else ():
        print(f"  {line}")


def _time() -> None:
    source, _ = next(texts_with_questions())
    snapshot = _many(source)
    start = time.perf_counter()
    central_passages(snapshot.searcher, range(len(snapshot.passages)), 3)
    seconds = time.perf_counter() - start
    print(f"central passages of {len(snapshot.passages):,}: {1000 * seconds:.0f} ms")


def _many(source: Source) -> Snapshot:
    grown = grow(analysed(source.posts), _LARGE)
    posts = tuple(Post(i, " ".join(terms)) for i, terms in enumerate(grown, 1))
    return build_snapshot([replace(source, posts=posts)])


if __name__ == "__main__":
    main()
