"""Corrections of sentence boundaries: what the segmenter does not know of marks, abbreviations and lines.

sentencex finds the boundaries; its rules cannot be configured. Each correction here moves, removes or adds
boundaries of one kind. A boundary is the offset at which the next sentence begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from bot.models import Span
from bot.texts import ordinals

MOST_WORDS = 90
"""Words of a passage; a longer sentence is cut at a clause boundary."""

_NARROWEST = 40
"""If the longest line has at least this many characters, lines may have been broken to fit a width."""

_NEARLY_FULL = 0.8
"""Of the width: so long is a line with the next one's first word, where lines were broken by hand or to be even."""

_MARKER = re.compile(
    r"[^\S\n]*(?:(?P<sure>[•●▪◦‣⁃])|[·–—*+-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|(?:§ ?)?\d{1,3}(?:\.\d{1,3})+\.?|§ ?\d{1,3})"
    r"[^\S\n]+(?=\S)"
)
"""What a list item or a numbered clause begins with. A `sure` one is nothing else."""

_CLOSING_MARKS = re.compile(
    r"(?:\[\^?[^\s\[\]]{1,20}\]|\[citation needed\]|</[a-zA-Z][^<>]{0,20}>|[¹²³⁰⁴-⁹†‡§]+|[*_~`]+|[”’»)\]\"'])+"
)
"""Marks that belong to the sentence before: of a footnote, closing a tag, emphasis, a quotation or a bracket."""

_CANNOT_BEGIN = re.compile(r"[&+=/%,;:)\]}»”…]")
"""Characters that no sentence begins with."""

_WORD = re.compile(r"\S+")
_PAUSES = (
    re.compile(r"[;:؛；]\s+|\s[–—]\s+|\n"),
    re.compile(r",\s+|[،，、]\s*"),
    re.compile(r"\s+(?=(?:and|but|or|which|who|because|that|when|where|while|if)\s)"),
)
"""Where a long sentence is cut, the best places first."""

_OPENING_MARKS = " \t`*_[(\"'“‘«<"
_TERMINAL = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "।")
_LEADS_ON = (",", "-", "–", "—", "(", "[", "&", "/")
"""What ends a line in the middle of a sentence."""

_CITATION = re.compile(r"\s*(?:\[[^\[\]]{1,60}\]|\([^()]{1,60}\))\s*$")
_LAST_WORD = re.compile(r"(?:^|[\s(\[“\"'’/-])([^\s(\[“\"]{1,12}\.)\s*$")
_SPACED_DOTS = re.compile(r"(?<=\S)(?:\s?\.){4}[^\S\n]+(?=[^\W\d_])")
_MISSED = re.compile(
    r"(?<=\d May\.)\s+(?=[A-Z])|(?<=\w\w\.\w\w\.)\s+(?=[A-Z])|(?<=\w\w\.\w\w\w\.)\s+(?=[A-Z])"
)
"""Behind a day of May, and a file's name: the segmenter takes `May.` and `md.` for abbreviations."""

_IN_CODE = re.compile(
    r"[_(){}/\\=`]|[a-z][A-Z]|(?<![^\W_])[^\W_]\.|\.[^\W_](?![^\W_])|[^\W\d_]\d+\.(?![A-Z][a-z])|\.[^\W\d_]+\d"
)
"""What a word with a full stop in it has where it is a name of programs, a version or a file.

Digits alone are none of it: a blank is often missing behind a year (`in 2019.The next`).
"""

_UNSPACED = re.compile(r"\S*\Z")
_DECIMAL = re.compile(r"\d[.,٫]$")
_QUOTATION_GOES_ON = MappingProxyType({"ja": re.compile(r"[とっ](?!も)|という|なんて")})
"""Words after a closed quotation that make it a part of the sentence around it."""

_ABBREVIATIONS: MappingProxyType[str, str] = MappingProxyType({
    "en": "mr. mrs. ms. dr. prof. rev. gen. col. lt. sgt. capt. st. vs. al. incl. excl. cf. viz. approx. est. esp.",
    "de": "hr. fr. dr. prof. bzw. ca. vgl. usw. inkl. evtl. ggf. z.b. d.h. u.a. sog. geb. gest. str. fa.",
    "fr": "m. mm. mme. mmes. mlle. mlles. dr. pr. me. mgr. env. cf. éd. av. apr. né. ex.",
    "es": "sr. sra. srta. sres. dr. dra. prof. ud. uds. aprox. ed. gral. lic. ing. av. pág. págs. núm.",
    "it": "sig. sigg. sig.ra dott. dott.ssa prof. avv. ing. ca. cfr. ecc. pag.",
    "pt": "sr. sra. srs. dr. dra. prof. profa. aprox. ex. av. pág. núm.",
    "nl": "dhr. mevr. mr. drs. ir. prof. bijv. ca. incl. excl. resp. jl. m.b.t.",
    "ru": "г. гг. род. ум. см. ср. тыс. млн. млрд. руб. ул. им. проф. акад. др. пр. стр. рис. т.е. т.д. т.п.",
    "ar": "د. أ. م. ص. ج. ت. هـ. ق.م. س. ط.",
    "tr": "bay. bayan. dr. prof. doç. av. sn. bkz. vb. vs. örn. yy.",
    "pl": "dr. prof. mgr. inż. np. tzn. tzw. ur. zm. im. ul. św. ok. r. por.",
})  # fmt: skip
"""Abbreviations after which a sentence hardly ever ends, in lower case, by language."""

_BEFORE_NUMBERS: MappingProxyType[str, str] = MappingProxyType({
    "en": "no. nos. vol. vols. p. pp. ch. chap. sec. fig. figs. art. par. ca. c. tel. ext. ed. eds. fl. b. d.",
    "de": "nr. bd. s. abs. art. abb. tel. kap. jh.",
    "fr": "n. no. vol. p. pp. art. fig. tél. chap.",
    "es": "n. no. vol. p. pp. art. fig. tel. cap. pág. núm.",
    "it": "n. vol. p. pp. art. fig. tel. cap.",
    "pt": "n. vol. p. pp. art. fig. tel. cap.",
    "nl": "nr. blz. p. art. fig. tel. hfst.",
    "ru": "№. с. стр. рис. гл. ст. т. п. тел.",
})  # fmt: skip
"""Abbreviations after which a sentence does not end where a number follows."""

_BEFORE_LOWER: MappingProxyType[str, str] = MappingProxyType({
    "en": "mon. tue. tues. wed. thu. thur. thurs. fri. sat. sun. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec.",
    "fr": "s. lun. mar. mer. jeu. ven. sam. dim. janv. févr. avr. juil. sept. oct. nov. déc.",
    "es": "s. lun. mié. jue. vie. sáb. dom. ene. abr. ago. sept. oct. nov. dic.",
})  # fmt: skip
"""Abbreviations, many of them words too, after which a sentence does not end where a small letter follows."""

_NO_WORDS: frozenset[str] = frozenset()
_ALWAYS = {language: frozenset(words.split()) for language, words in _ABBREVIATIONS.items()}
_LOWER = {language: frozenset(words.split()) for language, words in _BEFORE_LOWER.items()}
_NUMBERED = {language: frozenset(words.split()) for language, words in _BEFORE_NUMBERS.items()}


class Stretch(NamedTuple):
    """Lines that are segmented together, `text[begin:end]`; their words begin behind a list item's marker."""

    begin: int
    words: int
    end: int


def stretches(text: str) -> Iterator[Stretch]:
    """Yield the stretches of `text` between the line breaks that end a sentence.

    A break ends one before a list item, and in a text whose lines were not broken to fit a width, unless the line
    ends in a comma or the next one begins in lower case.
    """
    lines = list(_lines(text))
    wrapped = _wrapped([text[begin:end] for begin, end in lines])
    begin, item = 0, None
    for (at, end), following in zip_longest(lines, lines[1:]):
        if at == begin:
            item = _MARKER.match(text, begin, end)
        if following is None or _ends_line(
            text, at, *following, wrapped=next(wrapped), in_list=item is not None
        ):
            yield Stretch(begin, item.end() if item else begin, end)
            begin = following[0] if following else end


def _lines(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for line in text.split("\n"):
        yield begin, begin + len(line)
        begin += len(line) + 1


def _wrapped(lines: Sequence[str]) -> Iterator[bool]:
    """Tell of each of `lines` but the last whether it was broken to fit a width.

    All were, if none had room for the next one's first word. If the lines go on in lower case, or all of it is in
    capitals, those were that are nearly full.
    """
    width = max(map(len, lines))
    breaks = [
        (len(line) + 1 + len(following.split(maxsplit=1)[0]), following.lstrip(_OPENING_MARKS)[:1])
        for line, following in pairwise(lines)
        if following.strip()
        and not line.rstrip().endswith(_TERMINAL)
        and not _MARKER.match(following)
    ]
    is_wide = width >= _NARROWEST
    filled = is_wide and all(length > width for length, _ in breaks)
    going_on = sum(first.islower() for _, first in breaks)
    mostly = is_wide and (
        2 * going_on > len(breaks) or (len(lines) > 2 and "".join(lines).isupper())
    )
    for line, following in pairwise(lines):
        room = len(line) + 1 + len((following.split(maxsplit=1) or [""])[0])
        yield filled or (mostly and room > _NEARLY_FULL * width)


def _ends_line(
    text: str, begin: int, next_begin: int, next_end: int, *, wrapped: bool, in_list: bool
) -> bool:
    """Whether a sentence ends with the line that begins at `begin`, before the next line."""
    line, following = text[begin : next_begin - 1].rstrip(), text[next_begin:next_end].lstrip()
    if marker := _MARKER.match(text, next_begin, next_end):
        return bool(marker["sure"]) or in_list or line.endswith(_TERMINAL)
    if not line or not following or wrapped or line.endswith(_LEADS_ON):
        return False
    if line.endswith((":", "：")):
        return True
    return not following[0].islower() and not _CANNOT_BEGIN.match(following)


def corrected(text: str, boundaries: list[int], language: str) -> list[int]:
    """Return `boundaries` of `text`, which rise, with those of every kind corrected.

    `language` is an ISO 639-1 code.
    """
    added = [match.end() for shape in (_SPACED_DOTS, _MISSED) for match in shape.finditer(text)]
    found: list[int] = []
    begin = 0
    for boundary in sorted({*boundaries, *added}):
        at = _after_closing_marks(text, boundary)
        if at <= begin or at >= len(text):
            continue
        if _DECIMAL.search(text, begin, at) and text[at].isdigit():
            continue
        if _is_in_code(text, begin, boundary):
            continue
        if not _goes_on(text[begin:at], text[at:].lstrip(), language):
            found.append(at)
            begin = at
    return found


def _is_in_code(text: str, begin: int, at: int) -> bool:
    """Whether the boundary `at` stands within a word such as `sys.__stdout__`, `lock.Acquire()` or `python3.Y`."""
    if text[at - 1] != "." or not (
        text[at].isascii() and (text[at].isalnum() or text[at] in "_{(")
    ):
        return False
    before, behind = _UNSPACED.search(text, begin, at), text[at:].split(maxsplit=1)[0]
    word = f"{before[0] if before else ''}{behind.rstrip('.,;:!?)]')}"
    return any(map(str.isalnum, behind)) and _IN_CODE.search(word) is not None


def _after_closing_marks(text: str, boundary: int) -> int:
    """Move `boundary` behind closing marks that follow it without white space."""
    if not boundary or text[boundary - 1].isspace():
        return boundary
    marks = _CLOSING_MARKS.match(text, boundary)
    return marks.end() if marks else boundary


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether the sentence `before` does not end where it was cut, by how `after` begins."""
    if not after or _CANNOT_BEGIN.match(after):
        return bool(after)
    quotation = _QUOTATION_GOES_ON.get(language)
    if quotation and before.rstrip().endswith(("」", "』", "”")):
        return bool(quotation.match(after))
    cited = _CITATION.sub("", before)
    if cited != before and after[0].islower() and cited.rstrip().endswith("."):
        return True
    return _is_abbreviated(before.rstrip(), after, language)


def _is_abbreviated(before: str, after: str, language: str) -> bool:
    """Whether the full stop of `before` is that of an abbreviation, or of an ordinal number."""
    if ordinals.goes_on(before, after, language):
        return True
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word[1].lower()
    return (
        last in _ALWAYS.get(language, _NO_WORDS)
        or (after[0].isdigit() and last in _NUMBERED.get(language, _NO_WORDS))
        or (after[0].islower() and last in _LOWER.get(language, _NO_WORDS))
    )


def parts(text: str, sentence: Span) -> Iterator[Span]:
    """Yield `sentence`, or of one with more than MOST_WORDS words its parts, cut at the best pause before that."""
    words = [match.span() for match in _WORD.finditer(text, sentence.start, sentence.end)]
    begin, first = sentence.start, 0
    while len(words) - first > MOST_WORDS:
        least, most = words[first + MOST_WORDS // 3][0], words[first + MOST_WORDS - 1][1]
        window = text[least:most]
        pauses = (max((m.end() for m in pause.finditer(window)), default=0) for pause in _PAUSES)
        cut = least + next((at for at in pauses if at), len(window))
        yield Span(begin, begin + len(text[begin:cut].rstrip()))
        # A comma without a space behind it stands within what is counted as a word: the rest comes next.
        first = bisect_right(words, cut, first, key=itemgetter(1))
        begin = max(cut, words[first][0])
    yield Span(begin, sentence.end)
