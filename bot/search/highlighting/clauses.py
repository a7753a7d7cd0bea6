"""The part of a long sentence that answers best: a run of its phrases, to be set in bold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bot.models import Span
from bot.search.highlighting.locating import LONG as TOO_LONG
from bot.search.highlighting.locating import WIDEST
from bot.search.language.analysis import Analyzer, Token
from bot.search.query.associations import UNLIKE, Associations
from bot.search.query.concepts import Concept
from bot.search.query.cues import Asked, Evidence
from bot.search.query.questions import evidence
from bot.search.ranking.fitted import KEY, feature_list_hash, require_fitted_for
from bot.search.reading.ends import AnswerEnds

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

LONG = 25  # words; a shorter sentence is read at a glance
SHARE = 0.45  # of the sentence's characters that may be bold, and never more than WIDEST
SIGNS = (
    "share", "opening", "opens", "closes", "relative", "parenthesis", "half_parenthesis", "follows",
    "held", "held_if_why", "cause_if_why",
    "near", "fitting", "headed", "numbers", "near_if_open", "numbers_if_open", "names_if_who",
)  # fmt: skip
"""What the worth of a run is read from. How long it is, where it stands, how it begins and ends;
how much of the question it holds; how much it holds of what is near the question's words in the
sentence, of the kind asked for, like the noun after "what", or a number. "Open": nothing in the
sentence is of the kind asked for."""

READ_SIGNS = ("read_first", "read_last", "read_both", "read_both_log", "read_share")
"""And where the reader has read the sentence: how likely the answer begins in the run, and ends in it, and
both, and the logarithm of that; and what part it holds of the words that are taken for the answer."""

_READ = 1_500  # characters of a sentence too long to be shown whole: where the question's words are
_PIECE = 60  # characters of what a phrase without a seam is cut into, if it is too long for bold
_BETWEEN = " \n，、；。،؛"
_MOST_PHRASES = 32  # of a run: a list of a thousand things must not make it slow
_PULL = 4.0  # words over which the pull of a word of the question falls to a third
_FAR = 0.05  # what a word of the kind asked for is worth however far from the question's words
_FOLLOWS = 3.0  # words over which a run after a word of the question follows it less and less
_UNLIKELY = 0.02  # a probability that lower ones are taken to be, before the logarithm
_NOWHERE = 12  # words: as good as nowhere near
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_PAUSES = r"(?<=[;:)”\"])\s+|(?<=,)\s+(?!\d)|(?<=\D,)\s+|\s+(?=[(“\"])|\s*[–—]\s*|\s-\s"
_BEGINS = (
    "and|but|or|nor|because|which|who|whose|whom|that|when|where|while|whereas|if|so|after|before|since"
    "|until|unless|although|though|due to|in order to"
)
_GOES_ON = (
    "as|than|with|without|by|from|in|on|at|for|to|into|under|over|through|during|between|among|is|are"
    "|was|were|has|have|had|did|does|will|would|can|could"
)
_SEAM = r"(?=[\s–—])"  # most characters are neither, and need no closer look
_CLAUSES = re.compile(rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_BEGINS})\b))")
_PHRASES = re.compile(rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_BEGINS}|{_GOES_ON})\b))")
_LEADS_ON = frozenset(f"{_BEGINS}|{_GOES_ON}|of|a|an|the|not|be|been".split("|"))
_RELATIVE = re.compile(
    r"(?:which|who|that|whose|where|when|while|although|though|if|including|also)\b", re.IGNORECASE
)
_CAUSE = re.compile(r"\W*(?:because|so|to|since|due|as|for)\b", re.IGNORECASE)
_HEAD = re.compile(r"\b(?:what|which|whose|how many|how much)\s+(\w+)", re.IGNORECASE)
_FRONTED = re.compile(
    r"(?:[,;:–—(\"“]\s*|\b(?:that|and|but|or|so|which|because|whether)\s+)"
    r"((?:if|unless|when|whenever|once|while|although|though|because|since|as|after|before|until|where|given"
    r"|despite)\b[^,;:–—]*),",
    re.IGNORECASE,
)
"""A clause that comes before its main clause, with the comma between the two."""

_AMOUNT = Evidence.NUMBER | Evidence.MONEY | Evidence.PERCENT
_WANTED = MappingProxyType({
    Asked.WHEN: Evidence.DATE | Evidence.YEAR | Evidence.CLOCK | Evidence.NUMBER,
    Asked.HOW_LONG: _AMOUNT | Evidence.DURATION,
    Asked.HOW_OFTEN: Evidence.FREQUENCY | Evidence.NUMBER,
    Asked.HOW_MANY: _AMOUNT,
    Asked.MONEY: _AMOUNT,
    Asked.SHARE: _AMOUNT,
    Asked.MEASURE: _AMOUNT | Evidence.MEASURE,
    Asked.WHO: Evidence.NAME,
    Asked.WHERE: Evidence.NAME | Evidence.PLACE,
    Asked.WHY: Evidence.CAUSE,
})  # fmt: skip
"""The words that answer a question of each kind, by what evidence a single word gives."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """R runs of the phrases of one sentence, each at most SHARE of it, and what tells them apart."""

    sentence: str
    starts: Rows
    ends: Rows
    """(R,) offsets in the sentence."""
    signs: Floats
    """(R, len(SIGNS)), and with an answer's ends as many columns more as READ_SIGNS has."""

    def best(self, worth: Floats) -> int:
        """Return the run that is worth most."""
        return int((self.signs @ worth).argmax())

    def span(self, number: int) -> Span:
        """Return where a run stands, without punctuation that only leads on."""
        start, end = int(self.starts[number]), int(self.ends[number])
        clause = self.sentence[start:end].rstrip(",;: ")
        return Span(start, start + len(clause)) if clause else Span(start, end)


def best_clause(
    sentence: str,
    question: str,
    concepts: Sequence[Concept],
    asked: Sequence[Asked],
    analyzer: Analyzer,
    associations: Associations,
    worth: Floats,
    ends: AnswerEnds | None = None,
) -> Span | None:
    """Return the run of phrases that answers best, at most WIDEST characters.

    None for a sentence of LONG words or fewer, and where it would be the whole sentence: then no
    part stands out. `worth`, (len(SIGNS),), is what benchmarks/clauses.py learned from answers
    marked in sentences; with `ends`, where the reader sees the answer, that of READ_SIGNS stands behind it.
    """
    part = Span(0, len(sentence))
    if len(sentence) > TOO_LONG:
        found = (
            _fullest(sentence, concepts, analyzer) if ends is None else _around(sentence, ends.span)
        )
        if found is None:
            return None
        part = found
    elif len(sentence) < 2 * LONG or len(_WORD.findall(sentence)) <= LONG:
        return None
    inside = sentence[part.start : part.end]
    if not inside.strip():
        return None
    inner = None if ends is None else ends.inside(part)
    runs = runs_of(inside, question, concepts, asked, analyzer, associations, inner)
    start, end = runs.span(runs.best(worth))
    clause = Span(part.start + start, part.start + end)
    whole = clause.start == 0 and clause.end >= len(sentence.rstrip(".!?,;: "))
    return None if whole else clause


def _fullest(sentence: str, concepts: Sequence[Concept], analyzer: Analyzer) -> Span | None:
    """Return the part of a very long sentence that holds most of the question; None: nothing of it.

    It has _READ characters, or begins or ends with the sentence.
    """
    tokens = [token for token in analyzer.tokens(sentence) if not token.variant]
    held = _held(tokens, concepts)
    places = held.nonzero()[0]
    if not len(places):
        return None
    starts = np.array([tokens[place].start for place in places])
    ends = np.array([tokens[place].end for place in places])
    sums = np.concatenate([[0], np.cumsum(held[places])])
    last = ends.searchsorted(starts + _READ // 2, side="right")
    first = int((sums[last] - sums[:-1]).argmax())
    middle = (int(starts[first]) + int(ends[max(first, int(last[first]) - 1)])) // 2
    return _part(sentence, middle)


def _around(sentence: str, answer: Span) -> Span:
    """Return the part of a very long sentence that stands around `answer`, as `_fullest` does."""
    return _part(sentence, (answer.start + answer.end) // 2)


def _part(sentence: str, middle: int) -> Span:
    """Return _READ characters around `middle`, cut between words; fewer at the sentence's ends."""
    start = max(0, min(middle - _READ // 2, len(sentence) - _READ))
    end = min(len(sentence), start + _READ)
    space = sentence.find(" ", start, start + _PIECE) + 1 if start else 0
    return Span(space or start, end if end == len(sentence) else _cut_at(sentence, start, end))


def _cut_at(text: str, start: int, end: int) -> int:
    """Return where to cut `text[start:end]`: at its last space or pause, if it has one."""
    found = max(text.rfind(mark, start + 1, end) for mark in _BETWEEN)
    return found + (text[found] != " ") if found > start else end


def load_worth(path: Path, names: tuple[str, ...] = SIGNS) -> Floats:
    """Return what each sign of `names` is worth, from the file that benchmarks/clauses.py wrote.

    Raises:
        VerbatimError: it was fitted for other signs.

    """
    values = json.loads(path.read_text(encoding="utf-8"))
    require_fitted_for(feature_list_hash(names), values, path)
    return np.array([values[name] for name in names], np.float32)


def dump_worth(worth: Floats, path: Path, names: tuple[str, ...] = SIGNS) -> None:
    """Write what each sign of `names` is worth, three decimals, by name."""
    values = dict(zip(names, np.round(worth.astype(float), 3).tolist(), strict=True))
    data = {KEY: feature_list_hash(names), **values}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def phrases(sentence: str) -> list[Span]:
    """Return `sentence` cut at punctuation, conjunctions, prepositions and auxiliaries.

    What has none of these for more than WIDEST characters is cut between words, or in writing
    without spaces anywhere.
    """
    found: list[Span] = []
    at = 0
    for seam in _PHRASES.finditer(sentence):
        if sentence[at : seam.start()].strip():
            found += _pieces(sentence, Span(at, seam.start()))
            at = seam.end()
    if sentence[at:].strip():
        found += _pieces(sentence, Span(at, len(sentence)))
    return found


def _pieces(sentence: str, phrase: Span) -> Iterator[Span]:
    start, end = phrase
    while end - start > WIDEST:
        cut = _cut_at(sentence, start, start + _PIECE)
        if sentence[start:cut].strip():
            yield Span(start, cut)
        start = cut
        while start < end and sentence[start].isspace():
            start += 1
    if sentence[start:end].strip():
        yield Span(start, end)


def runs_of(
    sentence: str,
    question: str,
    concepts: Sequence[Concept],
    asked: Sequence[Asked],
    analyzer: Analyzer,
    associations: Associations,
    ends: AnswerEnds | None = None,
) -> Runs:
    """Return the runs of phrases that may be set in bold: none ends with a word that leads on.

    `ends`: where the reader sees the answer in `sentence`.
    """
    parts = phrases(sentence)
    first, last = _within(sentence, parts)
    tokens = [token for token in analyzer.tokens(sentence) if not token.variant]
    held = _held(tokens, concepts)
    words = _words(sentence, question, tokens, held, asked, analyzer, associations)
    starts = np.array([part.start for part in parts])[first]
    stops = np.array([part.end for part in parts])[last]
    token_starts = np.array([token.start for token in tokens], np.int64)
    begin, end = token_starts.searchsorted(starts), token_starts.searchsorted(stops)
    sums = np.zeros((len(words), len(tokens) + 1), np.float32)
    np.cumsum(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-6), axis=1, out=sums[:, 1:])
    asked_, near, fitting, headed, numbers, names = sums[:, end] - sums[:, begin]
    why, open_ = Asked.WHY in asked, not words[2].any()
    signs = np.zeros((len(SIGNS), len(first)), np.float32)
    signs[0] = (stops - starts) / len(sentence)
    signs[1:7] = _edges(sentence, parts, first, last)
    signs[7] = _follows(held, begin)
    signs[8:] = (
        asked_, asked_ * why, _matching(_CAUSE, sentence, parts)[first] * why,
        near, fitting, headed, numbers, near * open_, numbers * open_, names * (Asked.WHO in asked),
    )  # fmt: skip
    read = signs if ends is None else np.vstack([signs, _read_signs(starts, stops, ends)])
    return Runs(sentence, starts, stops, read.T)


def _read_signs(starts: Rows, stops: Rows, ends: AnswerEnds) -> Floats:
    """(len(READ_SIGNS), R) of the runs from `starts` to `stops`."""
    likely = ends.spans
    mass = np.zeros((len(likely) + 1, len(likely) + 1))
    mass[1:, 1:] = likely.cumsum(axis=0).cumsum(axis=1)
    low = ends.offsets[:, 0].searchsorted(starts)
    high = ends.offsets[:, 0].searchsorted(stops)
    first, last = mass[high, -1] - mass[low, -1], mass[-1, high] - mass[-1, low]
    both = mass[high, high] - mass[low, high] - mass[high, low] + mass[low, low]
    start, end = ends.span
    held = np.minimum(stops, end) - np.maximum(starts, start)
    share = np.maximum(held, 0) / max(end - start, 1)
    return np.array([first, last, both, np.log(np.maximum(both, 0) + _UNLIKELY), share], np.float32)


def _within(sentence: str, parts: list[Span]) -> tuple[Rows, Rows]:
    """Return the first and the last phrase of every run that is short enough and can end there.

    It cannot end with a word that leads on, nor between a condition and what follows from it (“they said that if
    it rained,”); a condition alone is a run.
    """
    most = min(SHARE * len(sentence), WIDEST)
    runs = [
        (first, last)
        for first, part in enumerate(parts)
        for last in range(first, min(first + _MOST_PHRASES, len(parts)))
        if parts[last].end - part.start <= most
    ] or [(first, first) for first in range(len(parts))]
    leads_on = [_last_word(sentence[part.start : part.end]) in _LEADS_ON for part in parts]
    fronted = {clause.end(1): clause.start(1) for clause in _FRONTED.finditer(sentence)}
    bare_ends = [len(sentence[: part.end].rstrip(",;: ")) for part in parts]
    ending_well = [
        (first, last)
        for first, last in runs
        if not leads_on[last] and parts[first].start >= fronted.get(bare_ends[last], 0)
    ]
    first, last = np.array(ending_well or runs, np.int64).T
    return first, last


def _last_word(text: str) -> str:
    return text.rstrip(',;:()“”"–—-.!? ').rpartition(" ")[2].lower()


def _held(tokens: Sequence[Token], concepts: Sequence[Concept]) -> Floats:
    """(N,) the share of the question's weight that each word of the sentence holds."""
    weight: dict[str, float] = {}
    for concept in concepts:
        for reading in concept.readings:
            value = concept.idf * reading.strength
            weight[reading.term] = max(weight.get(reading.term, 0.0), value)
    held = np.array([weight.get(token.term, 0.0) for token in tokens], np.float32)
    return np.asarray(held / max(float(held.sum()), 1e-6), np.float32)


def _words(
    sentence: str,
    question: str,
    tokens: Sequence[Token],
    held: Floats,
    asked: Sequence[Asked],
    analyzer: Analyzer,
    associations: Associations,
) -> Floats:
    """(6, N): of each word, how much it holds of the question; and if nothing, how near it stands.

    Then how near if it is of the kind asked for, how like the noun asked for it is, and whether it
    is a number, or a name.
    """
    new = held == 0
    at = np.arange(len(tokens))
    pull = np.exp((1 - np.abs(at[:, None] - at[~new])) / _PULL) @ held[~new] * new
    given = np.array([_word_evidence(sentence[t.start : t.end]) for t in tokens], np.int64)
    wanted = 0
    for kind in asked:
        wanted |= int(_WANTED.get(kind, 0))
    headed = np.zeros(len(tokens), np.float32)
    head = _HEAD.search(question)
    row = associations.row(analyzer.term(head[1])) if head else 0
    if row:
        likeness = associations.vectors[[associations.row(t.term) for t in tokens]]
        headed = np.maximum(likeness @ associations.vectors[row] - UNLIKE, 0) * new
    number, name = int(Evidence.NUMBER | Evidence.YEAR), int(Evidence.NAME)
    return np.array(
        [
            held,
            pull,
            (pull + _FAR) * ((given & wanted) > 0) * new,
            headed,
            ((given & number) > 0) * new,
            ((given & name) > 0) * new,
        ],
        np.float32,
    )


@lru_cache(maxsize=1 << 14)
def _word_evidence(word: str) -> int:
    return evidence("x " + word)  # not at the opening, where every word has a capital


def _edges(sentence: str, parts: list[Span], first: Rows, last: Rows) -> Floats:
    """(6, R): whether each run begins and ends where a sentence or a clause does, or a parenthesis."""
    seams = list(_CLAUSES.finditer(sentence))
    starts = {0, *(seam.end() for seam in seams)}
    ends = {len(sentence), *(seam.start() for seam in seams)}
    texts = [sentence[part.start : part.end] for part in parts]
    opened = np.cumsum([0, *(text.count("(") - text.count(")") for text in texts)])
    return np.array(
        [
            first == 0,
            np.array([part.start in starts for part in parts])[first],
            np.array([part.end in ends for part in parts])[last],
            _matching(_RELATIVE, sentence, parts)[first],
            np.array([text.startswith("(") for text in texts])[first],
            opened[last + 1] != opened[first],
        ],
        np.float32,
    )


def _matching(pattern: re.Pattern[str], sentence: str, parts: list[Span]) -> NDArray[np.bool_]:
    """(len(parts),) whether each phrase begins with `pattern`."""
    return np.array([bool(pattern.match(sentence, part.start)) for part in parts])


def _follows(held: Floats, begin: Rows) -> Floats:
    """(R,) 1 where a word of the question stands right before a run, less where it is further off."""
    places = held.nonzero()[0]
    before = places.searchsorted(begin)
    nearest = np.r_[-_NOWHERE, places][before]
    gap = np.minimum(begin - 1 - nearest, _NOWHERE)
    return np.asarray(np.exp(-gap / _FOLLOWS), np.float32)
