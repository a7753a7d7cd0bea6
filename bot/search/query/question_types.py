"""Question classification, and the evidence in a sentence that answers each type: a date, an amount, a cause.

Both go by the cue words of `cue_words` and a few patterns. They decide nothing by themselves: how much each kind
of evidence speaks for a sentence, for each type of question, is learned.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from bot.search.query.cue_words import (
    PATTERN_BY_TYPE,
    TIME_UNITS,
    WORDS_BY_EVIDENCE,
    Evidence,
    QuestionType,
)

_PATTERNS = tuple(
    (kind, re.compile(rf"(?:{pattern})" if pattern.startswith("^") else rf"\b(?:{pattern})(?!\w)"))
    for kind, pattern in PATTERN_BY_TYPE
)
_QUESTION_OPENING = re.compile(
    r"^\W*(?:so |and |but |ok |wait |then )*(?:what|who|when|where|why|how|which|whose|whom|is|are|was"
    r"|were|do|does|did|has|have|had|can|could|will|would|should)"
)


def _evidence_by_word() -> MappingProxyType[str, int]:
    table: dict[str, int] = {}
    for kind, words in WORDS_BY_EVIDENCE.items():
        for word in words.split():
            table[word] = table.get(word, 0) | int(kind)
    return MappingProxyType(table)


_EVIDENCE_BY_WORD = _evidence_by_word()
_PLACE_LEADS = frozenset(
    "in at from near to through outside inside around across toward towards into of".split()
)
_NOT_NAMES = _EVIDENCE_BY_WORD.keys() | frozenset(
    "the a an it this that these those there in on at and they".split()
)
_SCAN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%$€£¥₹?:;,()“”\"]")
_NUMBER, _MEASURE, _DURATION = int(Evidence.NUMBER), int(Evidence.MEASURE), int(Evidence.DURATION)
_NAME, _FULL_NAME, _PLACE = int(Evidence.NAME), int(Evidence.FULL_NAME), int(Evidence.PLACE)
_YEAR, _DATE, _LIST, _QUESTION, _DEFINITION = (
    int(kind)
    for kind in (
        Evidence.YEAR,
        Evidence.DATE,
        Evidence.LIST,
        Evidence.QUESTION,
        Evidence.DEFINITION,
    )
)
_BY_SYMBOL = {
    "%": int(Evidence.PERCENT), **dict.fromkeys("$€£¥₹", int(Evidence.MONEY)), **dict.fromkeys(":;", int(Evidence.COLON)),
    **dict.fromkeys("“”\"", int(Evidence.QUOTATION)),
}  # fmt: skip
_BETWEEN_NUMBER_AND_UNIT = frozenset("more to or full square cubic".split())
_DEFINING = re.compile(r" (?:is|are|was) an? | (?:is|was) the ")
_YEAR_LEADS = frozenset("in since by until from before after of".split())


def question_types(question: str) -> tuple[QuestionType, ...]:
    """Classify what `question` asks for; `ANYTHING` is always among the types."""
    lowered = question.lower().replace("’", "'").strip()
    kinds = [QuestionType.ANYTHING]
    kinds.extend(kind for kind, pattern in _PATTERNS if pattern.search(lowered))
    if not lowered.endswith("?") and not _QUESTION_OPENING.match(lowered):
        kinds.append(QuestionType.KEYWORDS)
    return tuple(kinds)


def evidence_in(sentence: str) -> int:
    """Find the bits of `Evidence` in `sentence`; a plain integer, so that those of all passages fit into an array."""
    bits = commas = 0
    previous = ""
    after_number = after_name = False
    opening = True
    for piece in _SCAN.findall(sentence):
        first = piece[0]
        lowered = piece.lower()
        if first.isalpha():
            word = lowered if lowered.isalpha() else lowered.replace("'", "").replace("’", "")
            kinds = _EVIDENCE_BY_WORD.get(word, 0)
            # A unit is a measure only after a number: "5 m", not "I'm".
            bits |= kinds if after_number or not kinds & _MEASURE else kinds & ~_MEASURE
            if after_number and word in TIME_UNITS:
                bits |= _DURATION
            capital = first.isupper()
            if capital and not opening and word not in _NOT_NAMES:
                bits |= (
                    _NAME
                    | (_FULL_NAME if after_name else 0)
                    | (_PLACE if previous in _PLACE_LEADS else 0)
                )
                after_name = True
            else:
                after_name = capital and opening
            after_number = bool(kinds & _NUMBER) or (
                after_number and word in _BETWEEN_NUMBER_AND_UNIT
            )
            opening = False
        elif first.isdigit():
            bits |= _number_bits(piece, previous)
            after_number, after_name, opening = True, False, False
        elif first == ",":
            commas += 1
        else:
            bits |= _BY_SYMBOL.get(first, 0)
        previous = lowered
    if commas >= 2:
        bits |= _LIST
    if sentence.rstrip(" )”\"'’").endswith("?"):
        bits |= _QUESTION
    if _DEFINING.search(sentence):
        bits |= _DEFINITION
    return bits


def _number_bits(piece: str, previous: str) -> int:
    if len(piece) == 4 and piece.isdigit() and "1000" <= piece < "2100":
        return _NUMBER | _YEAR | (_DATE if previous in _YEAR_LEADS else 0)
    return _NUMBER
