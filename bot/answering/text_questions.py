"""Recognises questions about the texts themselves: who wrote this, how long is it, what is it about.

Rules recognise those whose every word is known (`text_question_reading`). What else resembles such questions is recognised by
a model that was fitted with several thousand phrasings (`text_question_guessing`).
"""

from __future__ import annotations

from bot.answering.small_talk import small_talk
from bot.answering.text_question_guessing import guess_text_question
from bot.answering.text_question_reading import read_by_rules
from bot.answering.text_question_values import LONGEST, TextQuestion
from bot.answering.text_question_words import words_of
from bot.library.snapshots import Snapshot
from bot.models import Source


def text_question(
    snapshot: Snapshot, question: str, within: Source | None = None
) -> TextQuestion | None:
    """Recognise a question about the texts of `snapshot`, or about the text `within`; None if it is another one."""
    corrected = snapshot.searcher.expander.correct_question_words(question)  # as if it were English
    for words in map(words_of, dict.fromkeys((question, corrected))):
        if not 0 < len(words) <= LONGEST:
            return None
        if found := read_by_rules(snapshot, words, within):
            return found
    return None if small_talk(question) else guess_text_question(snapshot, question, within)
