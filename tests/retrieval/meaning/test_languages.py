"""Whether a question is in another language than the texts."""

from __future__ import annotations

import pytest

pytest.importorskip("py3langid")

from bot.retrieval.meaning.languages import foreign_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuánto costaba cruzar el puente?", "es"),
        ("cuanto cuesta cruzar", "es"),
        ("Wann wurde die Brücke eröffnet?", "de"),
        ("متى افتتح الجسر؟", "ar"),
        ("когда открыли мост", "ru"),
        ("なぜ橋は閉鎖されたのか", "ja"),
    ],
)
def test_other_languages_are_told(question: str, language: str) -> None:
    """From a few words on."""
    assert foreign_language(question, {"en"}) == language
    assert foreign_language(question, {"en", language}) is None


@pytest.mark.parametrize(
    "question",
    ["When was it opened?", "opening date", "toll?", "2020", "🔥🔥", "Kadhimi", "wich yaer", ""],
)  # fmt: skip
def test_what_may_be_english_is_taken_for_it(question: str) -> None:
    """Keywords, names, slips and nonsense too."""
    assert foreign_language(question, {"en"}) is None


def test_a_language_that_nobody_can_tell_is_never_foreign() -> None:
    """Texts in a language that the detector does not know."""
    assert foreign_language("When was it opened?", {"tlh"}) is None
