"""Whether a question is in another language than the texts."""

from __future__ import annotations

import pytest

from benchmarks.languages import LONG, questions
from bot.search.language.detection import foreign_language, spoken_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuánto costaba cruzar el puente?", "es"),
        ("cuanto cuesta cruzar", "es"),
        ("¿Kadhimi?", "es"),
        ("Wann wurde die Brücke eröffnet?", "de"),
        ("Qu'a dit l'ingénieur?", "fr"),
        ("Quem?", "pt"),
        ("Hangi ülkeler Irak'a silah sattı?", "tr"),
        ("Köprü ne zaman açıldı?", "tr"),
        ("متى افتتح الجسر؟", "ar"),
        ("چه کسی پل را طراحی کرد؟", "fa"),
        ("پل کس نے بنایا؟", "ur"),
        ("когда открыли мост", "ru"),
        ("коли відкрили міст", "uk"),
        ("なぜ橋は閉鎖されたのか", "ja"),
        ("首相は誰でしたか", "ja"),
        ("桥什么时候开放", "zh"),
        ("पुल कब खुला", "hi"),
    ],
)
def test_other_languages_are_told(question: str, language: str) -> None:
    """From a few words on."""
    assert foreign_language(question, {"en"}) == language
    assert foreign_language(question, {"en", language}) is None


@pytest.mark.parametrize(
    "question",
    [
        "When was it opened?", "opening date", "toll?", "2020", "🔥🔥", "Kadhimi", "wich yaer", "", "wat is the toll",
        "what does سلام mean", "WHO IS NURI AL SAID", "When Was El Fasher Taken", "<@123456789> <:hola:42>",
        "Is Wanneer Iraqi?", "Was Wurde In Iran?",
        "Who sang Porque Te Vas?", "Who wrote Como Agua para Chocolate?", "Is Wir Sind Der Osten a film?",
        "Was Otto von und zu Habsburg Austrian?", "fernando de la rua", "Is Fernando de la Rúa dead?", "https://example.org/que/es/como",
    ],
)  # fmt: skip
def test_what_may_be_english_is_taken_for_it(question: str) -> None:
    """Keywords, names, typos and nonsense too."""
    assert foreign_language(question, {"en"}) is None


def test_no_english_question_is_taken_for_another_language() -> None:
    """Short ones, with names of many origins, as they are and as they are typed in a chat."""
    asked = [each.text for each in questions() if each.language == "en"]
    assert len(asked) >= 300
    for text in asked:
        assert foreign_language(text, {"en"}) is None
        assert foreign_language(text.lower().rstrip("?"), {"en"}) is None
        assert spoken_language(text, "en") is None


@pytest.mark.parametrize(
    ("language", "least"),
    [("es", 0.95), ("ar", 0.95), *((each, 0.85) for each in "de fr tr fa pt it ru nl".split())],
)
def test_questions_of_a_few_words_are_recognised(language: str, least: float) -> None:
    """Of five or more, nearly all."""
    asked = [each.text for each in questions() if each.language == language]
    long = [text for text in asked if len(text.split()) >= LONG]
    found = [foreign_language(text, {"en"}) == language for text in long]
    assert sum(found) >= least * len(found)


def test_texts_in_another_language_have_their_own_questions() -> None:
    """A question is foreign or not by the texts alone, whatever the bot speaks."""
    assert foreign_language("¿Quién diseñó el puente?", {"es"}) is None
    assert foreign_language("When was Soleimani a general?", {"es"}) == "en"
    assert foreign_language("Quem projetou a ponte e quando foi?", {"es"}) == "pt"
    assert foreign_language("Soleimani", {"ar"}) is None
    assert foreign_language("Who was Soleimani?", {"ar"}) == "en"
    assert foreign_language("سليماني", {"fa"}) is None


def test_words_of_the_texts_speak_for_their_language() -> None:
    """So that a single word of another one decides nothing beside them."""
    asked = "como lake depth"
    assert foreign_language(asked, {"en"}) == "es"
    assert foreign_language(asked, {"en"}, held={"lake", "depth"}.__contains__) is None


def test_a_language_that_nobody_can_tell_is_never_foreign() -> None:
    """Texts in a language that nothing is known of."""
    assert foreign_language("When was it opened?", {"tlh"}) is None


def test_the_bot_speaks_a_language_only_if_it_is_no_other() -> None:
    """Portuguese and Spanish share so much that a question may be in either."""
    assert spoken_language("¿Quién diseñó el puente?", "en") == "es"
    assert spoken_language("من صمم الجسر؟", "en") == "ar"
    assert foreign_language("como se chama", {"en"}) is not None
    assert spoken_language("como se chama", "en") is None
