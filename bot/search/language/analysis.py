"""Text → tokens: the terms of a text or a question, with their places in it.

Texts and questions go through the same steps, so that a word becomes the same term in both: split → fold (case, accents,
quotes) → drop stopwords → stem → unify British and American spelling.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from bot.search.language.stemming import SNOWBALL_NAMES, stemmer
from bot.search.language.stopwords import AMBIGUOUS, CONTRACTIONS, ENGLISH, NAMES_IN_CAPITALS
from bot.search.language.word_context import WordInContext, is_content

_MEMO_LIMIT = 200_000
"""Distinct words in the cache, so that a hostile text cannot grow it without end."""


class Token(NamedTuple):
    """A term and the slice `text[start:end]` it was made from.

    `variant` marks an additional term for the same place (`over-hyped` → overhyp, `#FooBar` → foobar): it can
    be found, but a question that lacks it is not worse for it.
    """

    term: str
    start: int
    end: int
    variant: bool = False


def _mark_ranges() -> str:
    # Python's \w leaves out combining marks: Hindi, Thai or vocalised Arabic words would fall apart.
    marks = [c for c in range(0x300, 0x10000) if unicodedata.category(chr(c)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges) + "\u200c\u200d"


_LETTERS = rf"(?:[^\W\d_]++|[{_mark_ranges()}]++)++"
_UNSPACED = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff"
_TOKEN = re.compile(
    rf"""
    (?P<link>https?://|www\.)
  | (?P<unspaced>[{_UNSPACED}]+)
  | (?P<initials>\b(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]\b)?)
  | (?P<number>\d+(?:[.,\u00a0\u202f]\d+)*)
  | (?P<word>(?:{_LETTERS}\d*+(?:['’ʼ`]{_LETTERS})*+)++)
  | (?P<symbol>[%‰$€£¥₹₿])
  | (?P<emoji>[\U0001F1E6-\U0001F1FF]{{2}}|[\U0001F300-\U0001FAFF\u2600-\u27BF])
    """,
    re.VERBOSE,
)
_SYMBOLS = {
    "%": "percent", "‰": "permil", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupe", "₿": "bitcoin",
}  # fmt: skip
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_HYPHENS = "-‐‑‒–−"
_FOLDED_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]"
)
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th"}
)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|all|sull|un)['’ʼ`](?=\w)")
_ELIDING = frozenset({"french", "italian", "catalan"})
_APOSTROPHE = re.compile("['’ʼ`]")
_POSSESSIVE = re.compile(r"['’ʼ`]s$")
_AFTER_NUMBERS = {
    "bn": "billion",
    "mn": "million",
    "k": "thousand",
    "tn": "trillion",
} | dict.fromkeys(("st", "nd", "rd", "th", "s"), "")
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
} | {
    word: str(10 * value)
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_BRITISH_ENDINGS = tuple(
    (re.compile(ending), american)
    for ending, american in (
        (r"(?<=\w{3})our$", "or"),
        (r"(?<=\w{3})is$", "iz"),
        (r"(?<=\w{3})ys$", "yz"),
        (r"(?<=\w{2})([bt])r$", r"\1er"),
        (r"(?<=\w{2})enc$", "ens"),
        (r"mm$", "m"),
    )
)


def fold(word: str) -> str:
    """Fold `word`: lower case, no accents, and plain letters for those that do not decompose (ø)."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    stripped = _FOLDED_MARKS.sub("", unicodedata.normalize("NFKD", lowered))
    return unicodedata.normalize("NFC", stripped).translate(_LETTERS_WITHOUT_DECOMPOSITION)


class Analyzer:
    """Turns the words of one language into terms. Thread-safe."""

    def __init__(self, language: str = "en") -> None:
        """`language`: an ISO 639-1 code or a Snowball name; without a stemmer for it, texts are only split and folded."""
        code = language.lower().replace("_", "-").split("-")[0]
        self.language = code
        """The language without its region or script."""
        name = SNOWBALL_NAMES.get(code, code)
        self._stem = stemmer(name)
        self._english = name == "english"
        self._elides = name in _ELIDING
        self._stopwords = ENGLISH if self._english else frozenset()
        self._memo: dict[str, str] = {}

    def __eq__(self, other: object) -> bool:
        """Analyzers of the same language find the same terms."""
        return isinstance(other, Analyzer) and self.language == other.language

    def __hash__(self) -> int:
        return hash(self.language)

    def tokens(self, text: str) -> list[Token]:
        """Tokenise a text or question, in reading order and without stopwords."""
        shouting = text.isupper()
        found: list[Token] = []
        previous = ""
        end_before = -1
        memo = self._memo
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup
            raw = match.group()
            start, end = match.span()
            if kind == "word":
                term = memo.get(raw)
                if term is None:
                    term = self._remember(raw)
                lowered = raw.lower()
                if start == end_before and previous[-1:].isdigit():
                    term = _AFTER_NUMBERS.get(lowered, term)
                if self._english and lowered in AMBIGUOUS:
                    word = WordInContext(raw, previous, text, start, end, shouting)
                    term = (term or self._stem(lowered)) if is_content(word) else ""
                if term:
                    found.append(Token(term, start, end))
                    # Only capitals after the first letter can be those of #FooBar.
                    if start and (text[start - 1] in _HYPHENS or not raw[1:].islower()):
                        found.extend(self._variants(text, raw, start, end, end_before))
                previous = lowered
            else:
                found.extend(
                    Token(term, a, b) for term, a, b in self._special(kind or "", raw, start, text)
                )
                previous = raw.lower()
            end_before = end
        return found

    def terms(self, text: str) -> list[str]:
        """The terms of a text or question, variants included, in reading order."""
        return [token.term for token in self.tokens(text)]

    def term(self, word: str) -> str:
        """The term of a single word; empty for a stopword."""
        term = self._memo.get(word)
        return self._remember(word) if term is None else term

    def _remember(self, raw: str) -> str:
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        term = self._memo[raw] = sys.intern(self._make(raw))
        return term

    def _make(self, raw: str) -> str:
        word = _ELISION.sub("", raw.lower()) if self._elides else raw
        if self._english and _APOSTROPHE.sub("'", raw.lower()) in CONTRACTIONS:
            return ""
        word = _APOSTROPHE.sub("", _POSSESSIVE.sub("", word))
        folded = fold(word)
        if folded in self._stopwords or _APOSTROPHE.sub("", folded) in self._stopwords:
            return ""
        if not self._english:
            # Snowball's other languages need their accents, so stemming comes before folding.
            return fold(self._stem(word.casefold()))
        if folded in _NUMBER_WORDS:
            return _NUMBER_WORDS[folded]
        stem = self._stem(folded)
        for ending, american in _BRITISH_ENDINGS:
            stem = ending.sub(american, stem)
        return stem

    def _variants(
        self, text: str, raw: str, start: int, end: int, end_before: int
    ) -> Iterator[Token]:
        before = text[start - 1]
        if before in _HYPHENS and end_before == start - 1:
            head = start - 1
            while head and text[head - 1].isalpha():
                head -= 1
            joined = self.term(text[head : start - 1] + raw)
            if head < start - 1 and joined:
                yield Token(joined, head, end, variant=True)
        pieces = _CAMEL.split(raw)
        if len(pieces) > 1:
            place = start
            for piece in pieces:
                term = self.term(piece)
                if term:
                    yield Token(term, place, place + len(piece), variant=True)
                place += len(piece)

    def _special(
        self, kind: str, raw: str, start: int, text: str
    ) -> Iterator[tuple[str, int, int]]:
        end = start + len(raw)
        if kind == "number":
            number = _THOUSANDS.sub("", raw).replace(",", ".")
            whole, point, fraction = number.partition(".")
            yield (whole.lstrip("0") or "0") + point + fraction, start, end
        elif kind == "initials":
            letters = fold(raw.replace(".", ""))
            if letters in NAMES_IN_CAPITALS or letters not in self._stopwords:
                yield letters, start, end
        elif kind == "symbol":
            yield _SYMBOLS[raw], start, end
        elif kind == "unspaced":
            if len(raw) == 1:
                yield raw, start, end
            for offset in range(len(raw) - 1):
                yield raw[offset : offset + 2], start + offset, start + offset + 2
        elif kind == "emoji":
            yield raw, start, end
