"""What a line is, and what every language can do with it."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from typing import Literal, TypeVar

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

_RIGHT_TO_LEFT = "rtl"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_ISOLATES = "\u2066\u2067\u2068\u2069"
_NO_ISOLATES = str.maketrans("", "", _ISOLATES)
_TURNING = frozenset(f"{_ISOLATES}\u200f\u202a\u202b\u202c\u202d\u202e")
"""Unicode's marks, embeddings and overrides of direction, and its isolates."""


LinesT = TypeVar("LinesT", bound="Lines")


class Line:
    """A line of a class of lines: its English on the class, a language's words on an instance."""

    def __init__(self, english: str) -> None:
        self._english = english

    def __get__(self, lines: Lines | None, owner: type[Lines]) -> str:
        """Return the line in the language of `lines`."""
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
        self._translations = translations or gettext.NullTranslations()

    def translated(self, english: str, context: str | None = None) -> str:
        """Return the words for `english`, or itself where the catalogue lacks it.

        `context` tells apart what is one word in English, such as a command's name and a verb.
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
        """Return `number` as the language writes it."""
        written: str = format_decimal(number, locale=self._locale)
        return written

    def listed(self, items: Sequence[str]) -> str:
        """Return `items` as an enumeration."""
        # Of the patterns without an "and" Babel has parts only in most languages, and then fails.
        style: Literal["unit", "standard"] = "unit" if self.locale == "en" else "standard"
        return format_list(items, locale=self._locale, style=style)

    def language(self, tag: str) -> str:
        """Return the name of another language, such as `Arabic` for `ar`; the tag if unknown."""
        try:
            name = Locale.parse(tag, sep="-").get_language_name(self._locale)
        except ValueError:  # also what Babel raises of a language it does not know
            name = None
        return name or tag

    def counted_posts(self, count: int) -> str:
        """Return `count` posts, such as `7 posts`."""
        return self._n("{count} post", "{count} posts", count)

    def counted_texts(self, count: int) -> str:
        """Return `count` texts."""
        return self._n("{count} text", "{count} texts", count)

    def isolated(self, words: str) -> str:
        """Return somebody's `words` so that they do not turn the direction of the line around.

        Only where the line or the words are written from right to left: Unicode's isolates. Those
        among the words are left out, for they could end it early.
        """
        if self._locale.text_direction == _RIGHT_TO_LEFT or _turns(words):
            return f"{_ISOLATE}{words.translate(_NO_ISOLATES)}{_END_ISOLATE}"
        return words


def _turns(words: str) -> bool:
    """Return whether `words` hold a letter of Hebrew, Arabic or another script read leftwards.

    Or a character that turns others around.
    """
    return any(
        "\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" or c in _TURNING for c in words
    )
