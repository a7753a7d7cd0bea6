"""How well questions in other languages find their English quotes, compared with the English questions.

    python -m benchmarks.translated FOLDER

FOLDER holds the question files; `translations.jsonl` beside this module has some of their questions
in Spanish and Arabic, each named by its file, record and position there, without the English text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.figures import interval
from bot.answering.answerer import Policy, answer
from bot.answering.evaluation import is_right, read_records
from bot.library.snapshots import build_snapshot
from bot.models import Outcome, Question
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.bundled import BundledModel

TRANSLATIONS = Path(__file__).with_name("translations.jsonl")


def main() -> None:
    """Measure and print, each text alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path, default=Path("benchmarks/.vectors"))
    args = parser.parse_args()
    maker = EmbeddingBuilder(BundledModel(), args.vectors, shared=True)
    lines = [json.loads(line) for line in TRANSLATIONS.read_text(encoding="utf-8").splitlines()]
    found: dict[tuple[str, str], list[tuple[bool, bool, bool, bool]]] = {}
    for name in sorted({line["file"] for line in lines}):
        records = {record.name: record for record in read_records(args.folder / f"{name}.jsonl")}
        for line in lines:
            if line["file"] != name:
                continue
            record = records[line["record"]]
            item, source = record.questions[line["index"]], record.source()
            if source is None:
                raise ValueError(f"{record.name} has no text")
            snapshot = build_snapshot([source])
            embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
            if embeddings is None:
                raise ValueError("no vectors were made")
            snapshot = snapshot.with_embeddings(embeddings)
            for language, text in (("en", item.q), ("es", line["es"]), ("ar", line["ar"])):
                hits = (told := answer(snapshot, Question(text), Policy())).hits
                right = [is_right(hit, item, source) for hit in hits]
                row = (
                    any(right[:1]),
                    any(right[:3]),
                    told.shown > 0,
                    told.outcome is Outcome.ANSWERED,
                )
                for group in (name, "all"):
                    found.setdefault((group, language), []).append(row)
                if hits and language not in {"en", told.language}:
                    print(f"taken for {told.language or 'English'}: {text}")
    for (name, language), rows in sorted(found.items()):
        first, three, quoted, answered = (
            sum(column) / len(rows) for column in zip(*rows, strict=True)
        )
        low, high = interval([row[0] for row in rows])
        print(f"{name:16} {language} n={len(rows):3} P@1 {first:.2f} [{low:.2f} {high:.2f}]"
              f" in 3 {three:.2f} quoted {quoted:.2f} Answered {answered:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
