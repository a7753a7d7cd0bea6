"""Rows of a spreadsheet → Markdown: a table, or, where it lists questions with their answers, a heading over each answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.texts.formats import markup
from bot.texts.formats.markup import Drop

Row = Sequence[str]

QUESTIONS = frozenset(
    "question questions q frage fragen pregunta preguntas pergunta domanda vraag вопрос سؤال السؤال soru pytanie"
    " 質問 问题".split()
)
ANSWERS = frozenset(
    "answer answers a antwort antworten respuesta respuestas réponse reponse resposta risposta antwoord ответ إجابة الإجابة"
    " جواب الجواب cevap odpowiedź 回答 答案 response reply".split()
)
TOPICS = frozenset(
    "category topic section kategorie thema bereich categoría tema sección catégorie rubrique".split()
)
_NUMBER = re.compile(r"[\s$€£¥+-]*\d[\d\s.,:/%-]*[€%]?")
_QUESTION_MARKS = ("?", "？", "؟")
_QUESTIONS_SHARE = 0.6


class SheetText(NamedTuple):
    """The blocks of a sheet, and what had to be guessed about it."""

    blocks: list[str]
    guessed: tuple[str, ...]


def sheet_text(rows: Sequence[Row], drop: Drop) -> SheetText:
    """Set `rows` as Markdown; empty rows and columns are left out."""
    filled = [[*map(str.strip, row)] for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return SheetText([], ())
    width = max(map(len, filled))
    filled = [[*row, *[""] * (width - len(row))] for row in filled]
    used = [i for i in range(width) if any(row[i] for row in filled)]
    filled = [[row[i] for i in used] for row in filled]
    if len(used) == 1:
        return SheetText([text for row in filled for text in _paragraphs(row[0])], ())
    asked = _question_columns(filled)
    if asked is not None:
        return _pairs(filled, asked, drop)
    if _is_header(filled):
        guess = f"the first row names the columns: {', '.join(filled[0])[:200]}"
        return SheetText(markup.table(filled[0], filled[1:]), (guess,))
    guess = "no row names the columns: put such a row before the others where that is wrong"
    return SheetText(markup.table([""] * len(used), filled), (guess,))


class _Columns(NamedTuple):
    question: int
    answer: int
    topic: int | None
    has_header: bool


def _question_columns(rows: Sequence[Row]) -> _Columns | None:
    names = [re.sub(r"[\W_]+", " ", cell.casefold()).strip() for cell in rows[0]]
    question = next((i for i, name in enumerate(names) if name in QUESTIONS), None)
    answer = next((i for i, name in enumerate(names) if name in ANSWERS), None)
    if question is not None and answer is not None and len(rows) > 1:
        topic = next((i for i, name in enumerate(names) if name in TOPICS), None)
        return _Columns(question, answer, topic, has_header=True)
    if len(rows[0]) != 2 or len(rows) < 2:
        return None
    asking = sum(row[0].endswith(_QUESTION_MARKS) for row in rows)
    answering = sum(not row[1].endswith(_QUESTION_MARKS) and bool(row[1]) for row in rows)
    if asking >= _QUESTIONS_SHARE * len(rows) and answering >= _QUESTIONS_SHARE * len(rows):
        has_header = not rows[0][0].endswith(_QUESTION_MARKS) and len(rows[0][0].split()) < 4
        return _Columns(0, 1, None, has_header)
    return None


def _pairs(rows: Sequence[Row], columns: _Columns, drop: Drop) -> SheetText:
    blocks: list[str] = []
    topic = ""
    header = rows[0] if columns.has_header else None
    if header is not None:
        drop(" | ".join(header), "the names of the columns")
    for row in rows[1:] if header is not None else rows:
        if columns.topic is not None and row[columns.topic] != topic:
            topic = row[columns.topic]
            blocks += [text] if (text := markup.heading(2, topic)) else []
        answer = _paragraphs(row[columns.answer])
        if not answer:
            drop(row[columns.question], "a question without an answer")
        else:
            question = markup.heading(3, row[columns.question])
            blocks += [question, *answer] if question else answer
        for i, cell in enumerate(row):
            if cell and i not in (columns.question, columns.answer, columns.topic):
                name = header[i] if header is not None else ""
                drop(cell, f"the column {name or i + 1} beside question and answer")
    return SheetText(blocks, ("the sheet is a list of questions with their answers",))


def _paragraphs(cell: str) -> list[str]:
    return [text for part in re.split(r"\n[^\S\n]*\n", cell) if (text := markup.paragraph(part))]


def _is_header(rows: Sequence[Row]) -> bool:
    top = rows[0]
    return (
        len(rows) > 1
        and all(top)
        and len({cell.casefold() for cell in top}) == len(top)
        and not any(_NUMBER.fullmatch(cell) or len(cell) > 80 or "\n" in cell for cell in top)
    )
