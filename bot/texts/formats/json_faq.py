"""Questions with their answers in JSON, as help centres, chat bots and schema.org keep them: pairs under common keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats import html_blocks, json_stream, markup, sheet, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import read_all
from bot.texts.formats.json_stream import at, text_at

NAME = "json-faq"
LABEL = "questions and answers (JSON)"
ISOLATED = True

_QUESTIONS = sheet.QUESTIONS | {"prompt", "name", "title", "heading", "questions"}
_ANSWERS = sheet.ANSWERS | {
    "acceptedanswer",
    "accepted answer",
    "text",
    "body",
    "content",
    "description",
}
_SURE_NAMES = sheet.QUESTIONS | sheet.ANSWERS | {"acceptedanswer", "accepted answer"}
"""One of the two keys must be one of these: a title with a description is not a question with an answer."""

_TOPICS = sheet.TOPICS | {"group", "tag"}
_SURE_KEYS = (
    r'"(?:question|questions|q|frage|pregunta|pergunta|domanda|вопрос|سؤال|السؤال|質問|问题)"\s*:'
)
_SURE = re.compile(rf"{_SURE_KEYS}|\"FAQPage\"|\"[^\"\\\n]{{3,300}}[?？؟]\"\s*:", re.IGNORECASE)
_ANSWERED = re.compile(
    r'"(?:answers?|a|response|acceptedAnswer|antwort|respuesta|réponse|resposta|risposta|ответ|إجابة|الإجابة|回答|答案)"\s*:|[?？؟]"\s*:\s*["\[]',
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<(?:p|br|ul|ol|li|a|b|i|em|strong|div|span|h[1-6]|table)\b[^<>]*>", re.IGNORECASE
)
_MOST_BYTES = 32 * 1024 * 1024
_DEEPEST = 12
_QUESTION_MARKS = ("?", "？", "؟")
_STATED = _TOPICS | {"title", "name", "author", "url", "language", "inlanguage"}
"""Keys of what a list says of itself, beside topics."""


class _Pair(NamedTuple):
    question: str
    answers: tuple[str, ...]
    topic: str
    keys: frozenset[str] = frozenset()


def matches(head: bytes, name: str) -> bool:
    """Tell by keys that only such lists have, or by keys that are questions."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()
    return text[:1] in ("[", "{") and bool(_SURE.search(text)) and bool(_ANSWERED.search(text))


def parse(file: BinaryIO, name: str) -> Draft:
    """Set each question as a heading above its answer; what is beside them is reported.

    Raises:
        VerbatimError: the JSON is damaged, or holds no pairs.

    """
    tally = DropTally()
    value = _loaded(file, name)
    blocks: list[str] = []
    count, topic = 0, ""
    try:
        for pair in _pairs(value, "", tally):
            answer = [block for text in pair.answers for block in _blocks(text, name, tally)]
            question = markup.heading(3, _plain(pair.question, name, tally))
            if not question or not answer:
                tally.add(pair.question or str(pair.answers), "a question without an answer")
                continue
            if pair.topic != topic:
                topic = pair.topic
                blocks += [text] if (text := markup.heading(2, topic)) else []
            blocks += [question, *answer]
            count += 1
    except RecursionError as error:
        raise VerbatimError(
            Problem(name, "is nested too deeply to be a list of questions")
        ) from error
    if not count:
        reason = "is JSON, but contains no questions with answers: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(text_at(value, "author") or text_at(value, "author", "name")),
        dropped=tally.lines,
        notes=(f"{count:,} questions with their answers",),
        title=stated_facts.title(text_at(value, "title") or text_at(value, "name")),
        url=stated_facts.link(text_at(value, "url")),
        language=stated_facts.language(text_at(value, "language") or text_at(value, "inLanguage")),
    )


def _loaded(file: BinaryIO, where: str) -> Any:
    """Load JSON, or one JSON object a line."""
    data = read_all(file, where, _MOST_BYTES).removeprefix(b"\xef\xbb\xbf")
    lines = [line for line in data.split(b"\n") if line.strip()]
    if len(lines) > 1 and all(line.lstrip()[:1] == b"{" for line in lines[:50]):
        try:
            return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass  # one object over several lines
    return json_stream.load(file, where)


def _pairs(value: Any, topic: str, tally: DropTally, depth: int = 0) -> Iterator[_Pair]:
    """Find the pairs in the order of the file, wherever they are nested."""
    if depth > _DEEPEST:
        tally.add(json.dumps(value)[:400], "nested too deeply")
    elif isinstance(value, list):
        for one in value:
            yield from _pairs(one, topic, tally, depth + 1)
    elif isinstance(value, dict):
        found = _pair(value, topic)
        if found is not None:
            yield found
            rest = {key: other for key, other in value.items() if key not in found.keys}
            _report_rest(rest, _TOPICS, tally)
            return
        inner = _topic(value) or topic
        _report_rest(value, _STATED, tally)
        for key, below in value.items():
            if key.rstrip().endswith(_QUESTION_MARKS) and (said := _texts(below)):
                yield _Pair(key, said, inner)
            elif isinstance(below, (list, dict)):
                is_topic = isinstance(below, list) and not _WRAPPER.search(key)
                named = key if is_topic else inner
                yield from _pairs(below, named, tally, depth + 1)


_WRAPPER = re.compile(
    r"faq|question|^(?:items|data|results|entries|list|main_?entity|pages|content|children|qa|rows|records|@graph)$",
    re.IGNORECASE,
)
"""Keys that hold a list of pairs and do not say what it is about."""


def _pair(value: dict[str, Any], topic: str) -> _Pair | None:
    question = next(
        (key for key in value if _normal(key) in _QUESTIONS and _texts(value[key])), None
    )
    answer = next(
        (
            key
            for key in value
            if _normal(key) in _ANSWERS and key != question and _texts(value[key])
        ),
        None,
    )
    if question is None or answer is None:
        return None
    if _normal(question) not in _SURE_NAMES and _normal(answer) not in _SURE_NAMES:
        return None
    topic = _topic(value) or topic
    return _Pair(
        _texts(value[question])[0], _texts(value[answer]), topic, frozenset((question, answer))
    )


def _report_rest(value: dict[str, Any], used: frozenset[str], tally: DropTally) -> None:
    """Report the texts of an object that are under none of the keys `used`."""
    for key, other in value.items():
        if not isinstance(other, str) or not other.strip() or key.startswith("@"):
            continue
        if _normal(key) in sheet.QUESTIONS:
            tally.add(other, "a question without an answer")
        elif not key.rstrip().endswith(_QUESTION_MARKS) and _normal(key) not in used:
            tally.add(other, f"the key {key[:40]} beside question and answer")


def _topic(value: dict[str, Any]) -> str:
    found = (value[key] for key in value if _normal(key) in _TOPICS and isinstance(value[key], str))
    return next(found, "")


def _texts(value: Any) -> tuple[str, ...]:
    """Return the text under a key: itself, a list of texts, or an object with a `text` (schema.org)."""
    if isinstance(value, str):
        return (text_at([value], 0),) if value.strip() else ()
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(text_at(value, i) for i in range(len(value)) if value[i].strip())
    if isinstance(value, list) and len(value) == 1:
        return _texts(value[0])
    inner = at(value, "text")
    return _texts(inner) if isinstance(inner, str) else ()


def _normal(key: str) -> str:
    return re.sub(r"[\W_]+", " ", key.casefold()).strip()


def _plain(text: str, where: str, tally: DropTally) -> str:
    return " ".join(" ".join(_blocks(text, where, tally)).split()) if _TAG.search(text) else text


def _blocks(text: str, where: str, tally: DropTally) -> list[str]:
    if _TAG.search(text):
        page = html_blocks.tree(text, where)
        return html_blocks.Renderer(tally.add).blocks(page.body) if page.body is not None else []
    return [block for part in re.split(r"\n[^\S\n]*\n", text) if (block := markup.paragraph(part))]
