"""Output of the commands other than ask and chat: tables and lists."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.answering.evaluation import Figures, JudgedAnswer, by_kind, figures
from bot.errors import Problem
from bot.installation import install_command
from bot.library.library import Library
from bot.library.listing import Listing, natural_key
from bot.models import Outcome
from bot.search.embedding.calibration import Cosines, probes
from bot.search.embedding.embedder import Embedder, ModelError, ModelFamily
from bot.search.embedding.similarity import EXACT_UP_TO
from bot.search.reading.reader import Reader, installed
from bot.storage.database import StorageStatus
from bot.storage.schema import Schema
from bot.terminal.screen import print_line
from bot.texts.folder import FolderContents
from bot.wording import ENGLISH as wording

_TIMED = 32  # passages that the model is timed with

_SCHEMAS = {
    Schema.MISSING: "made at the first start",
    Schema.OLD: "of an older version, brought up to date at the next start",
    Schema.READY: "ready",
}

_COLUMNS = {
    "questions": "n",
    "p_at_1": "P@1",
    "in_shown": "in 3",
    "mrr": "MRR",
    "answered": "answered",
    "quoted": "quoted",
    "wrongly_answered": "wrongly answered",
    "wrongly_declined": "wrongly declined",
    "precision": "right when answered",
}


def evaluation_table(name: str, judged: Sequence[JudgedAnswer]) -> Table:
    """Make the table of the figures of each kind of question, and of all."""
    table = Table("kind", title=name, title_justify="left")
    for heading in _COLUMNS.values():
        table.add_column(heading, justify="right")
    for kind, some in _groups(judged):
        values = dataclasses.asdict(figures(some))
        table.add_row(kind, *(_cell(values[column]) for column in _COLUMNS))
    return table


def evaluation_json(results: dict[str, Sequence[JudgedAnswer]]) -> str:
    """The figures of every file as JSON: file → kind → figure."""
    values: dict[str, dict[str, Figures]] = {
        name: {kind: figures(some) for kind, some in _groups(judged)}
        for name, judged in results.items()
    }
    return json.dumps(values, default=dataclasses.asdict, indent=2)


def failures(judged: Sequence[JudgedAnswer]) -> Iterator[str]:
    """Yield a few lines about each question with a wrong result."""
    for judged_answer in judged:
        item, given = judged_answer.item, judged_answer.answer
        if judged_answer.answerable:
            wrong = judged_answer.rank != 1 or not judged_answer.quoted
        else:
            wrong = given.outcome is Outcome.ANSWERED
        if wrong:
            first = given.hits[0].passage.text if given.hits else "–"
            after = f"  (after: {item.after})" if item.after else ""
            yield (
                f"{judged_answer.record} [{item.kind}] {item.q}{after}\n"
                f"  {given.outcome.value}, {given.probability:.2f}; right one at rank"
                f" {judged_answer.rank or '–'}\n"
                f"  given: {first}\n"
                f"  gold:  {' | '.join(item.gold) or 'the text does not say'}\n"
            )


def print_texts(console: Console, reading: FolderContents) -> None:
    """Print the texts that can be read, and the files that cannot."""
    for source in Listing.of(reading.sources).in_order:
        print_line(console, f"good: {wording.about(source)}")
    for name in sorted(reading.ignored, key=natural_key):
        print_line(console, f"ignored: {name} (neither .md nor .txt)")


def print_verdict(console: Console, problems: Sequence[Problem], exit_status: int) -> None:
    """Print all problems, and how many there are."""
    for problem in problems:
        print_line(console, f"wrong: {problem}")
    if not problems:
        print_line(console, "No problem found.")
        return
    found = f"{len(problems):,} problem{'s'[: len(problems) > 1]} found"
    print_line(console, f"{found}: the exit status is {exit_status}.")


def print_stale(console: Console, stale: Sequence[str]) -> None:
    """Print the ids of the texts of which an earlier version is in use."""
    for name in sorted(stale, key=natural_key):
        print_line(
            console, f"stale: {name}: its file can't be read, so an earlier version is in use"
        )


def print_storage(console: Console, found: StorageStatus) -> None:
    """Print where settings, questions and votes are kept, and what the next start does there."""
    print_line(console, f"storage: {found.where}, {_SCHEMAS[found.schema]}")


def print_meaning(
    console: Console,
    library: Library,
    model: Embedder | None,
    *,
    wanted: bool,
    has_engine: bool = False,
) -> None:
    """Print which embedding model there is, how fast it is here, and what is left to embed.

    `wanted`: the settings do not rule it out. `has_engine`: a search engine may find passages by vectors, which
    `print_vectors` tells.
    """
    if model is None and not wanted:
        print_line(console, "meaning: none, as `search.semantic.provider` says")
        return
    if model is None:
        print_line(
            console, f"meaning: none, by words alone ({install_command('semantic')} adds a model)"
        )
        return
    texts_ = [p.text for p in islice(library.snapshot.passages, _TIMED)]
    model.passages(texts_[:1])  # the first call may still be loading something
    per_question = min(_seconds(lambda: model.questions(texts_[:1])) for _ in range(3))
    rate = len(texts_) / _seconds(lambda: model.passages(texts_))
    print_line(console, f"meaning: {model.name}, {1000 * per_question:.0f} ms a question and"
           f" {rate:.0f} passages a second here")  # fmt: skip
    print_line(console, f"calibration: {_calibration(model)}")
    if len(library.snapshot.passages) > EXACT_UP_TO and not has_engine:
        print_line(
            console,
            f"         beyond {EXACT_UP_TO:,} passages, vectors only rank what is found by words",
        )
    missing = library.missing_vectors()
    if missing:
        print_line(console, f"         {wording.counted_texts(missing)} without a vector yet, about"
               f" {missing / rate:,.0f} s of work: `verbatim vectors`, or while the bot runs")  # fmt: skip


def print_reader(console: Console, reader: Reader | None, *, wanted: bool) -> None:
    """Print which reader there is, and its weights; `wanted`: the settings do not rule it out."""
    if reader is not None:
        print_line(console, f"reader: {reader.name}, weights {reader.digest}")
    elif wanted and installed():
        print_line(console, "reader: none (a line on standard error says why)")
    elif wanted:
        print_line(console, f"reader: none ({install_command('semantic')} adds it)")
    else:
        print_line(console, "reader: none, as `search.reader` says")


def _calibration(model: Embedder) -> str:
    """Which calibration goes with the model, or why the model is not used."""
    if model.family is not ModelFamily.OTHER:
        return f"its own, fitted on {model.family.value}"
    questions, answers = zip(*probes(), strict=True)
    try:
        Cosines.of(model.questions(questions), model.passages(answers))
    except ModelError as error:
        return f"none, so answers go by words alone: the model {error}"
    return "a default for models that nothing was fitted on (docs/retrieval.md, Other models)"


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _groups(judged: Sequence[JudgedAnswer]) -> Iterator[tuple[str, Sequence[JudgedAnswer]]]:
    kinds = by_kind(judged)
    yield from kinds.items()
    if len(kinds) > 1:
        yield "all", judged


def _cell(value: float | int | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
