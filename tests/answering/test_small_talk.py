"""Small talk is told from questions, and is never answered with a quote."""

from __future__ import annotations

import pytest

from bot.answering.small_talk import asks_for_context, small_talk
from bot.models import SmallTalk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi there", SmallTalk.GREETING),
        ("Good morning, everyone!", SmallTalk.GREETING),
        ("hola", SmallTalk.GREETING),
        ("السلام عليكم", SmallTalk.GREETING),
        ("Thanks a lot!!", SmallTalk.THANKS),
        ("thank you so much", SmallTalk.THANKS),
        ("lol", SmallTalk.REACTION),
        ("ok cool", SmallTalk.REACTION),
        ("who are you?", SmallTalk.ABOUT),
        ("What can you do", SmallTalk.ABOUT),
        ("help", SmallTalk.ABOUT),
        ("hellooo bot", SmallTalk.GREETING),
        ("buenos días", SmallTalk.GREETING),
        ("صباح الخير", SmallTalk.GREETING),
        ("ok thanks", SmallTalk.THANKS),
        ("thanks for the help, bye!", SmallTalk.THANKS),
        ("¡Muchas gracias!", SmallTalk.THANKS),
        ("شكراً جزيلاً", SmallTalk.THANKS),
        ("lol ok", SmallTalk.REACTION),
        ("coool", SmallTalk.REACTION),
        ("good bot", SmallTalk.REACTION),
        ("what did I ask before?", SmallTalk.ABOUT),
        ("What was my last question", SmallTalk.ABOUT),
        ("are you a bot?", SmallTalk.ABOUT),
        ("¿Quién eres?", SmallTalk.ABOUT),
        ("من أنت؟", SmallTalk.ABOUT),
        ("وعليكم السلام ورحمة الله وبركاته", SmallTalk.GREETING),
        ("تصبحون على خير", SmallTalk.GREETING),
        ("see ya", SmallTalk.GREETING),
        ("Guten Tag!", SmallTalk.GREETING),
        ("Thanks, that helps", SmallTalk.THANKS),
        ("obrigada", SmallTalk.THANKS),
        ("pls help", SmallTalk.ABOUT),
        ("What's this bot?", SmallTalk.ABOUT),
        ("¿Eres un bot?", SmallTalk.ABOUT),
        ("هل أنت روبوت؟", SmallTalk.ABOUT),
        ("what have I asked so far", SmallTalk.ABOUT),
        ("Remind me what I asked", SmallTalk.ABOUT),
        ("¿De qué te he preguntado?", SmallTalk.ABOUT),
        ("عن ماذا سألتك؟", SmallTalk.ABOUT),
        ("<@123456789012345678>", SmallTalk.EMPTY),
        ("<@!1> <:wave:2> <t:3:R>", SmallTalk.EMPTY),
        ("", SmallTalk.EMPTY),
        ("???  👍", SmallTalk.EMPTY),
    ],
)
def test_what_is_no_question(text: str, kind: SmallTalk) -> None:
    """Greetings, thanks, reactions, questions about the bot, and nothing at all."""
    assert small_talk(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "who opened the bridge",
        "why?",
        "Hi, when did the bridge open?",
        "great western railway",
        "what is the great exhibition",
        "thanks to whom was it built",
        "no toll",
        "what did the engineer ask before the opening?",
        "who asked before",
        "summary of the toll",
        "summarize the thread of the argument about tolls",
        "resumen de la guerra",
        "eres un bot que sabe de puentes y cuándo abrió este",
        "this helps whom",
        "right whales",
        "Nice treaty",
        "the",
    ],
)
def test_what_may_be_a_question(text: str) -> None:
    """A polite word before it does not hide a question."""
    assert small_talk(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "source?",
        "Source",
        "context?",
        "where is that from",
        "Where's this from?",
        "source pls",
        "¿Fuente?",
        "¿de dónde es eso?",
        "المصدر؟",
    ],
)
def test_a_word_under_a_quote_may_ask_for_its_context(text: str) -> None:
    """However it is put."""
    assert asks_for_context(text)


@pytest.mark.parametrize("text", ["", "what is the source of the Nile?", "why?", "open source"])
def test_a_question_is_no_such_word(text: str) -> None:
    """It is to be answered."""
    assert not asks_for_context(text)
