"""The bot's languages: English, and one file `locale/LANGUAGE.po` for each other one."""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.wording import ENGLISH, Wording

_FOLDER = files("bot.wording") / "locale"
_ENDING = ".po"


@cache
def languages() -> tuple[str, ...]:
    """The tags of all languages, English first."""
    found = (entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(_ENDING))
    return ENGLISH.locale, *sorted(name.removesuffix(_ENDING) for name in found)


def wording_in(tag: str | None) -> Wording:
    """The wording for a tag such as `es-419`: in that language, without its country, or in English."""
    language = known(tag)
    return ENGLISH if language is None else _load_wording(language)


def known(tag: str | None) -> str | None:
    """The language that there is for `tag`, if need be without its country; None if there is none."""
    if tag is None:
        return None
    candidates = (tag, tag.split("-", maxsplit=1)[0])
    return next((language for language in candidates if language in languages()), None)


def load_all() -> None:
    """Load every catalogue, and what Babel needs for numbers and names in its language.

    That takes tens of milliseconds a language, which the first line in it would otherwise take.
    """
    for language in languages():
        wording = _load_wording(language)
        wording.listed([wording.number(1), wording.language(ENGLISH.locale)])
        wording.counted_posts(1)


@cache
def _load_wording(language: str) -> Wording:
    if language == ENGLISH.locale:
        return ENGLISH
    with (_FOLDER / f"{language}{_ENDING}").open("rb") as file:
        catalog = read_po(file, locale=language.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Wording(language, gettext.GNUTranslations(compiled))
