"""How many questions are taken for another language than they are in.

    python -m benchmarks.languages [FOLDER] [--show]

The questions stand in `languages.tsv` beside this module: short English ones with names of many
origins, and questions in other languages. Every second one was used to choose the rules, the others
measure them. The texts are assumed to be in English. If FOLDER with question files is given, the words
of all their texts are known too, and their own English questions are measured as well, as they are and
as people type in chats.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.answering.evaluation import read_records
from bot.library.snapshots import build_snapshot
from bot.models import Post, Source
from bot.search.language.detection import Held, foreign_language, spoken_language

QUESTIONS = Path(__file__).with_name("languages.tsv")
LONG = 5
"""From this many words on, a question should be recognised."""


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A question, its language, and whether it takes part in measuring."""

    text: str
    language: str
    measures: bool


def questions() -> Iterator[QuestionType]:
    """Yield the questions of the file."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(line for line in lines if not line.startswith("#")):
        language, _, text = line.partition("\t")
        yield QuestionType(text, language, measures=number % 2 == 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument(
        "--show", action="store_true", help="print the questions whose language is wrong"
    )
    args = parser.parse_args()
    sources, asked = _read(args.folder)
    held = build_snapshot(sources).searcher.expander.is_known_word
    every = list(questions())
    for title, some in (
        ("measured on", [each for each in every if each.measures]),
        ("chosen on", [each for each in every if not each.measures]),
    ):
        for language in dict.fromkeys(each.language for each in some):
            own = [each for each in some if each.language == language]
            _report(f"{title}: {language}, all", own, held, args.show)
            long = [each for each in own if len(each.text.split()) >= LONG]
            _report(f"{title}: {language}, of {LONG} words or more", long, held, show=False)
    spoken = [each for each in every if each.language == "en"]
    wrong = [each.text for each in spoken if spoken_language(each.text, "en")]
    print(
        f"English ones answered in another language in a direct message: {len(wrong)} of {len(spoken)}"
    )
    for title, texts in (
        ("question files", asked),
        ("in lower case, without a question mark", [text.lower().rstrip("?") for text in asked]),
    ):
        found = [text for text in texts if foreign_language(text, {"en"}, held)]
        if texts:
            print(
                f"{title}: {len(found)} of {len(texts)} taken for another language",
                *found,
                sep="\n  ",
            )


def _report(title: str, some: list[QuestionType], held: Held, show: bool) -> None:
    right = 0
    for each in some:
        expected = None if each.language == "en" else each.language
        found = foreign_language(each.text, {"en"}, held)
        right += found == expected
        if show and found != expected:
            print(f"  {each.language} taken for {found or 'English'}: {each.text}")
    print(f"{title}: {right} of {len(some)} right ({right / len(some):.3f})")


def _read(folder: Path | None) -> tuple[list[Source], list[str]]:
    """The texts and questions of the question files in `folder`."""
    if folder is None:
        return [Source("none", "Nothing", "Nobody", (Post(1, "Nothing."),))], []
    records = [each for path in sorted(folder.glob("*.jsonl")) for each in read_records(path)]
    texts = [source for record in records if (source := record.source())]
    return texts, [item.q for record in records for item in record.questions]


if __name__ == "__main__":
    main()
