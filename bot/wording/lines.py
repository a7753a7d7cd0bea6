"""Lines in one language, and what every language needs to write them."""

from __future__ import annotations

import datetime
import gettext
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeVar

from babel import Locale
from babel.core import get_global
from babel.lists import format_list
from babel.numbers import format_decimal

_RIGHT_TO_LEFT = "rtl"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_ISOLATES = "\u2066\u2067\u2068\u2069"
_NO_ISOLATES = str.maketrans("", "", _ISOLATES)
_TURNING = re.compile(f"[\u0590-\u08ff\ufb1d-\ufefc\u200f\u202a-\u202e{_ISOLATES}]")
"""A letter of a script written from right to left, or one of Unicode's marks, embeddings, overrides and isolates."""


LinesT = TypeVar("LinesT", bound="Lines")


class Line:
    """A line: in English on the class, translated on an instance."""

    def __init__(self, english: str) -> None:
        self._english = english

    def __get__(self, lines: Lines | None, owner: type[Lines]) -> str:
        """Translate the line into the language of `lines`."""
        return self._english if lines is None else lines.translated(self._english)


class Lines:
    """Lines in one language.

    `locale` is the language's tag, such as `es`; `translations` its catalogue (English: none).
    A word of somebody else's, such as a title, stays as it is.
    """

    def __init__(
        self, locale: str = "en", translations: gettext.NullTranslations | None = None
    ) -> None:
        self.locale = locale
        self._locale = Locale.parse(locale, sep="-")
        self._is_right_to_left = self._locale.text_direction == _RIGHT_TO_LEFT
        self._translations = translations or gettext.NullTranslations()

    def translated(self, english: str, context: str | None = None) -> str:
        """Translate `english`; untranslated where the catalogue lacks it.

        `context` tells apart what is one word in English, such as the name of a command and a verb.
        """
        said: str
        if context is None:
            said = self._translations.gettext(english)
        else:
            said = self._translations.pgettext(context, english)
        return said

    def lines_of(self, kind: type[LinesT]) -> LinesT:
        """Other lines in the same language, such as those that a feature has in its own folder."""
        return kind(self.locale, self._translations)

    def _(self, english: str, /, **values: object) -> str:
        return self.translated(english).format(**values)

    def _n(self, one: str, several: str, /, count: int, **values: object) -> str:
        line = self._translations.ngettext(one, several, count)
        return line.format(count=self.number(count), **values)

    def number(self, number: int) -> str:
        """Write a number as the language does."""
        return _decimal(number, self.locale)

    def day(self, day: datetime.date) -> str:
        """Write a day as ISO 8601 does; isolated, as 2026-05-01 after Arabic letters would turn into 01-05-2026."""
        return self.isolated(day.isoformat())

    def listed(self, items: Sequence[str]) -> str:
        """Join items as the language does."""
        # Of the patterns without an "and" Babel has parts only in most languages, and then fails.
        style: Literal["unit", "standard"] = "unit" if self.locale == "en" else "standard"
        return format_list(items, locale=self._locale, style=style)

    def language(self, tag: str) -> str:
        """The name of another language, such as `Arabic` for `ar-EG`; the tag if it is unknown.

        Babel can name more languages, such as Ancient Greek, than it can write numbers and lists in.
        """
        language = tag.partition("-")[0]
        alias: str | None = get_global("language_aliases").get(language)
        names = self._locale.languages
        return names.get(language) or names.get(alias or "") or tag

    def counted_posts(self, count: int) -> str:
        """A number of posts, such as `7 posts`."""
        return self._n("{count} post", "{count} posts", count)

    def counted_headings(self, count: int) -> str:
        """A number of headings."""
        return self._n("{count} heading", "{count} headings", count)

    def counted_texts(self, count: int) -> str:
        """A number of texts."""
        return self._n("{count} text", "{count} texts", count)

    def isolated(self, words: str) -> str:
        """Isolate somebody's words, so that they cannot reverse the direction of the line.

        Needed only if the line or the words are written from right to left. Isolates among the
        words are removed, as they could end ours early.
        """
        if self._is_right_to_left or _TURNING.search(words):
            return f"{_ISOLATE}{words.translate(_NO_ISOLATES)}{_END_ISOLATE}"
        return words


@lru_cache(maxsize=1_024)
def _decimal(number: int, locale: str) -> str:
    written: str = format_decimal(number, locale=Locale.parse(locale, sep="-"))
    return written
