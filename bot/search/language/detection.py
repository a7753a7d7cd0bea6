"""Language detection for short questions, by their closed-class words and their script.

Letter statistics see little but the names in a short question, and names say nothing about its language. So only
closed-class words count (question words, pronouns, auxiliaries, prepositions), and scripts that the texts' languages
are not written in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.search.language.lexicon import LATIN, SCRIPTS, Lexicon, load_lexicon

ENOUGH = 2.0
"""The evidence that a language needs: one word of that language alone, or two ambiguous ones."""

LEAD = 2.0
"""By how much its evidence must exceed that for the texts' languages, if there is any of the latter."""

DISTINCT = 1.0
"""By how much it must exceed the next language, for the bot to answer in it."""

_CERTAIN, _CLEAR, _UNCLEAR, _CONTENT = 2.5, 2.0, 1.0, 0.5
_LONGEST = 500  # characters that are looked at
_LONGEST_SLIP = 4  # letters of a word that may be a typo of an English one
_MOST_PARTICLES = 3  # lower-case words inside one name

_NAME_PARTS = frozenset(
    "la le las los les el il lo al y e i de del della da do dos das di du des van von vom der den ter ten bin ben ibn"
    " abu san santa kim ali dan ada sen man lei lui lam yang mia tua jan jak tam eta kas".split()
)
"""Closed-class words that are as often parts of names: several in a row count as one."""

_LIKELY_SLIPS = tuple("what when where who why how which was were that the this with".split())
_TELLING_LETTERS: Mapping[str, tuple[str, ...]] = {
    "پچژگیک": ("fa", "ur"), "ٹڈڑںےھہ": ("ur",), "ةأإ": ("ar",), "іїєґ": ("uk",), "ыэё": ("ru",),
    "ђћ": ("sr",), "јљњџ": ("sr", "mk"), "ѓќѕ": ("mk",), "ळ": ("mr",),
    "はがをにのでとたすしいるかなれ": ("ja",),
}  # fmt: skip
"""Letters that only some of the languages of a script use."""

_ARABIC_ARTICLE = "ال"
_PUNCTUATION = {"¿": "es", "¡": "es"}
_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0610-\u065f\u0900-\u0fff\u1000-\u109f\u200c])*"
)
_MARKUP = re.compile(r"https?://\S+|<[@#:a/][^>\s]*>|[@#]\w+")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`](?=\w)")
_ENDINGS = re.compile(r"(?<=[^\W\d_]{3})['’ʼ`][^\W\d_]{1,4}\b")
_ENGLISH_ENDINGS = re.compile(r"(?<=\w)['’ʼ`](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)

Held = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    script: str
    named: bool
    """Whether it is part of a name, as far as capitals show."""
    titled: bool
    """Whether every word of the text is capitalised, so that not all of them are names."""


def never_held(_word: str) -> bool:
    """For callers who do not know which words the texts hold."""
    return False


def foreign_language(text: str, languages: Collection[str], held: Held = never_held) -> str | None:
    """Detect the language of `text` if it is certainly none of `languages` (ISO 639-1 codes); None otherwise.

    `held` tells whether a lower-case word is one of the texts' or of their language.
    """
    found = _leads(text, languages, held)
    return found[0][0] if found else None


def spoken_language(text: str, usual: str) -> str | None:
    """Detect the language of `text` if it is beyond doubt and not the `usual` one; None otherwise.

    None too if another language fits nearly as well: an answer in the wrong language is worse than
    one in the usual one.
    """
    found = _leads(text, (usual,), never_held)
    if not found or (len(found) > 1 and found[0][1] - found[1][1] < DISTINCT):
        return None
    return found[0][0]


def _leads(text: str, languages: Collection[str], held: Held) -> list[tuple[str, float]]:
    """Rank the languages that `text` may be in, with their leads over `languages`, best first."""
    lexicon = load_lexicon()
    own = [language for language in languages if language in lexicon.scripts]
    if not own:
        return []
    text = _MARKUP.sub(" ", text[:_LONGEST])
    evidence = _Evidence(frozenset(own), "en" in own)
    particles: list[tuple[int, frozenset[str]]] = []
    marks: frozenset[str] = frozenset()
    for at, word in enumerate(_words(text, lexicon)):
        evidence.read_script(word, lexicon)
        speaking = lexicon.speaking.get(word.text, frozenset())
        if word.named and (not word.titled or speaking.isdisjoint(own)):
            continue
        if not speaking.isdisjoint(own):
            evidence.own.append(speaking)
        elif word.text in _NAME_PARTS:
            particles.append((at, speaking))
        elif speaking:
            evidence.count(speaking, evidence.weight(word.text))
        elif held(word.text):
            evidence.content += 1
        else:
            marks |= _marked(word, own, lexicon)
    for mark, language in _PUNCTUATION.items():
        if mark in text:
            evidence.count((language,), _CLEAR)
    evidence.count_particles(particles)
    evidence.count(marks, _UNCLEAR)
    leads = ((of, evidence.lead(of)) for of in lexicon.languages if of not in own)
    return sorted(((of, lead) for of, lead in leads if lead), key=lambda each: -each[1])


class _Evidence:
    """The evidence for other languages than the texts', and for the texts'."""

    def __init__(self, languages: frozenset[str], english: bool) -> None:
        lexicon = load_lexicon()
        self._own = languages
        self._english = english
        self._scripts = frozenset[str]().union(*(lexicon.scripts[each] for each in languages))
        self._found: dict[str, float] = defaultdict(float)
        self.own: list[frozenset[str]] = []
        """For each closed-class word of the texts' languages: all languages that it belongs to."""
        self.content = 0
        """The number of other words that the texts hold."""

    def count(self, languages: Iterable[str], weight: float) -> None:
        for language in languages:
            self._found[language] += weight

    def read_script(self, word: _Word, lexicon: Lexicon) -> None:
        if word.script == LATIN:
            return
        if word.script not in self._scripts:
            self.count(SCRIPTS.get(word.script, ()), _CLEAR)
        for letters, languages in _TELLING_LETTERS.items():
            if self._own.isdisjoint(languages) and any(letter in letters for letter in word.text):
                self.count(languages, _CLEAR)
        if word.text.startswith(_ARABIC_ARTICLE):
            self.count({"ar"} - self._own, _UNCLEAR)

    def count_particles(self, particles: Sequence[tuple[int, frozenset[str]]]) -> None:
        """Count the words that may be parts of names: neighbours as one, and two at most."""
        apart = [
            languages
            for before, (at, languages) in zip(
                [-2, *(at for at, _ in particles)], particles, strict=False
            )
            if at != before + 1
        ]
        for language in frozenset[str]().union(*(languages for _, languages in particles)):
            groups = sum(language in languages for languages in apart)
            self.count((language,), min(max(groups, 1), 2) * _UNCLEAR)

    def weight(self, word: str) -> float:
        """The evidence of a closed-class word of another language."""
        doubtful = self._english and (_is_slip(word) or word in load_lexicon().english)
        if word.isascii() and (len(word) <= 2 or doubtful):
            return _UNCLEAR
        return _CERTAIN if len(word) > _LONGEST_SLIP else _CLEAR

    def lead(self, language: str) -> float:
        """By how much a language is ahead of the texts'; 0 if that is in doubt."""
        theirs = sum(language not in languages for languages in self.own)
        against = _CONTENT * self.content + _CLEAR * theirs
        if theirs < len(self.own):
            against += _CONTENT  # a word of both languages: it may well be the texts'
        ahead = self._found[language] - against
        return ahead if self._found[language] >= ENOUGH and (not against or ahead >= LEAD) else 0.0


def _words(text: str, lexicon: Lexicon) -> Iterator[_Word]:
    """Yield the words of `text` in lower case, and whether each is part of a name by its capitals.

    In a text all in capitals these say nothing; where every word is capitalised, any but the first may
    be a name. A lower-case word between two of a name belongs to it (`Fernando de la Rúa`).
    """
    # An English contraction is one word, an elided article and its noun are two (l'Iraq), and a suffix
    # after an apostrophe is dropped (Irak'a).
    plain = _ENDINGS.sub("", _ENGLISH_ENDINGS.sub(lambda found: found[0][1:], text))
    plain = _APOSTROPHES.sub(" ", plain)
    found = _WORD.findall(plain)
    cased = [word for word in found if word[0].isupper() or word[0].islower()]
    titled = not any(word[0].islower() for word in cased)
    capital = [word[0].isupper() and not text.isupper() for word in found]
    if capital and capital[0] and found[0].lower() in lexicon.speaking:
        capital[0] = False  # a sentence begins with a capital
    last = None
    inside: set[int] = set()
    for at, upper in enumerate(capital):
        if upper:
            if last is not None and at - last <= _MOST_PARTICLES + 1:
                between = range(last + 1, at)
                if all(found[i] in _NAME_PARTS or len(found[i]) <= 3 for i in between):
                    inside.update(between)
            last = at
    for at, word in enumerate(found):
        yield _Word(word.lower(), _script(word[0]), capital[at] or at in inside, titled)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _is_slip(word: str) -> bool:
    """Whether `word` may be an English question word with a typo: `wat`, `wen`."""
    if len(word) > _LONGEST_SLIP:
        return False
    return any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in _LIKELY_SLIPS)


def _marked(word: _Word, own: Collection[str], lexicon: Lexicon) -> frozenset[str]:
    """The languages that use the accents of `word`, unless those of the texts do."""
    marks = {letter for letter in word.text if not letter.isascii()}
    if word.script != LATIN or not marks:
        return frozenset()
    if any(marks <= lexicon.letters.get(language, frozenset()) for language in own):
        return frozenset()
    return frozenset(of for of, letters in lexicon.letters.items() if marks <= letters)
