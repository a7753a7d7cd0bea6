"""Whether a question is in another language than the texts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

SURE = 8.0
"""By how much the logarithm of a language's likelihood must pass those of the texts' languages.

Of 5,707 English questions, keywords and nonsense among them, 10 pass it; of everyday questions
in Spanish, German, French, Portuguese, Arabic, Russian, Japanese … all but single words do. A
single word, which may be anybody's name, has to pass twice as much.
"""

_LANGUAGES = (
    "ar bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy id it ja ka ko lt lv ms nl nn no pa pl pt ro ru sk sl sq sr"
    " sv sw ta te th tr uk ur vi zh"
).split()  # fmt: skip
"""Those that members may ask in; of rarer ones the likelihoods only mislead with a few words."""

Detector = Callable[[str, Collection[str]], str | None]


def foreign_language(text: str, languages: Collection[str]) -> str | None:
    """Return the language of `text` if it is surely none of `languages` (ISO 639-1); else None."""
    ranked = _identifier()
    if ranked is None:
        return None
    likelihoods = dict(ranked(text))
    own = [likelihoods[language] for language in languages if language in likelihoods]
    best = max(likelihoods, key=lambda language: likelihoods[language])
    if not own or best in languages:
        return None
    lead = likelihoods[best] - max(own)
    return best if lead >= (SURE if len(text.split()) > 1 else 2 * SURE) else None


@cache
def _identifier() -> Callable[[str], Any] | None:
    """Return py3langid's ranking of languages; None where it is not installed."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([each for each in _LANGUAGES if each in identifier.labels])
    ranked: Callable[[str], Any] = identifier.rank
    return ranked
