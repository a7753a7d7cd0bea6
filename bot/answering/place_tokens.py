"""Divides a message that may name a place into words, numbers, times and signs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.answering import place_words as words
from bot.search.language.analysis import fold

_LONGEST_NUMBER = 6  # digits
_TOKEN = re.compile(
    r"""(?P<quoted>[“"«„](?P<title>[^“”"«»„]{1,150})[”"»“])
      | (?P<date>\d{4}-\d{2}-\d{2})(?!\d)
      | (?P<time>\d{1,3}(?::[0-5]\d){1,2})(?![\d:])
      | (?P<clock>(?:\d{1,3}\s?h\s?)?\d{1,3}\s?m(?:in)?\s?\d{1,2}\s?s(?:ec)?)(?![^\W_])
      | (?P<seconds>\d{1,5}\s?(?:s|secs?|seconds?|segundos?|ثانية|ثوان))(?![^\W_])
      | (?P<number>\d+(?:\.\d+)*)(?:st|nd|rd|th|[ºª°])?(?![^\W_])
      | (?P<handle>@[\w.-]*\w)
      | (?P<range>\.\.+|…|-+)
      | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
      | (?P<sign>[/,\#§])
      | (?P<other>[^\s])""",
    re.VERBOSE,
)
_DASHES = re.compile(r"[‐‑‒–—―−﹘﹣－~〜]")
_KINDS = {"title": "quoted", "clock": "time", "seconds": "time"}


@dataclass(frozen=True, slots=True)
class PlaceToken:
    """A word, number, time, date or sign of a message; `kind` says which."""

    kind: str
    text: str
    """Folded; of a quoted title, the words between the marks."""
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it can be the number of a post."""
        return self.kind == "number" and self.text.isdecimal() and len(self.text) <= _LONGEST_NUMBER


def plain_digits(text: str) -> str:
    """Write the digits of any script as 0 to 9, and all dashes alike."""
    text = _DASHES.sub("-", text)
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


def tokens_of(text: str) -> list[PlaceToken]:
    """Divide `text`, in which digits are plain already."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = _KINDS.get(match.lastgroup or "", match.lastgroup or "")
        shown = match["title"] or match["number"] or match[0]
        if match["clock"]:  # 1m15s
            shown = ":".join(f"{int(part):02}" for part in re.findall(r"\d+", shown))
        if match["seconds"]:  # 75s
            minutes, seconds = divmod(int(re.findall(r"\d+", shown)[0]), 60)
            shown = f"{minutes:02}:{seconds:02}"
        plain = shown if kind == "quoted" else words.stem(fold(shown).replace("'", ""))
        found.append(PlaceToken(kind, plain, *match.span()))
    return found
