"""What asks something, by its form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.interrogatives import Form, form_of, only_asks, said_in

QUESTIONS = [
    "Who designed the bridge?",
    "who designed the bridge",
    "whats an agger",
    "when and where was it recorded",
    "how many carts crossed it",
    "until when was the toll due",
    "did the two ships ever meet",
    "was the bridge closed in winter",
    "is climate change to blame",
    "are passkeys safe",
    "so, what was the toll",
    "hey guys when does the ferry leave",
    "tell me about the toll",
    "does anyone know who designed the bridge",
    "I wonder who designed the bridge",
    "It rained for weeks. Who paid for the damage?",
    "it was slow, what was the reason",
    "any exceptions for carts",
    "did raising the toll help",
    "what mass is the bump at",
    "the cart broke down what should I do",
    "it never came, who do I call",
    "¿Quién diseñó el puente?",
    "quién diseñó el puente",
    "por qué se canceló el diálogo",
    "هل كان المهندس مريضا",
    "من هو المهندس",
    "ما سبب الإلغاء؟",
]
SOCIAL = [
    "are you coming?",
    "did anyone else read that?",
    "why is my phone so slow?",
    "anyone online?",
    "is this thing on?",
    "it was nice, right?",
    "where are you from?",
    "why did nobody tell me?",
    "кто онлайн?",
    "元気ですか？",
]
STATEMENTS = [
    "My cat is asleep",
    "see you tomorrow",
    "when I get home I'll look at it",
    "when pigs fly",
    "where there's a will there's a way",
    "what a day that was",
    "what you said is true",
    "how nice of you",
    "how it started and how it's going",
    "why I left the city",
    "whenever you like",
    "have a nice day",
    "do it later then",
    "was fun last night",
    "could be worse",
    "should be fine",
    "would love to but I have work",
    "can't wait for friday",
    "lol iraq again",
    "I read about the Strategic Dialogue yesterday",
    "the prices are going up again",
    "que te vaya bien",
    "donde hay humo hay fuego",
    "cuando llegue a casa te escribo",
    "كم هو جميل هذا المكان",
    "It was Brunel, who was too ill to come",
    "a hundred carts came, of which ten were empty",
    "what surprised me most was the toll",
    "I asked him, what came back was a shrug",
    "Who designed it is known.",
    "should the ferry fail, the bridge will do",
    "anyone who pays the toll is a fool",
    "we're all here",
    "you know what",
    "what do you guys think of the toll?",
    "y'all seen the bridge?",
    "any of you at the bridge at six?",
    "which of you has crossed the bridge?",
    "nice price lol",
    "It opens at nine; on Sundays it stays closed.",
    "???",
    "🎉",
    "",
]
PHRASES = [
    "sla credits how much",
    "bargaining chip for what",
    "toll price in 1864",
    "name of the engineer",
    "date of the opening",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_known_by_its_form(text: str) -> None:
    """With a mark and without."""
    assert form_of(text) is Form.QUESTION


@pytest.mark.parametrize("text", SOCIAL)
def test_a_question_to_those_who_are_there_is_another_form(text: str) -> None:
    """As is one for assent, or of which the mark alone is understood."""
    assert form_of(text) is Form.SOCIAL


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_asks_nothing(text: str) -> None:
    """Though it begins with a word that questions begin with too."""
    assert form_of(text) is Form.STATEMENT


@pytest.mark.parametrize("text", PHRASES)
def test_a_phrase_that_names_a_kind_of_fact_may_ask(text: str) -> None:
    """As people type for a search."""
    assert form_of(text) is Form.PHRASE


@pytest.mark.parametrize("text", ["the toll price", "US troops in Iraq", "nice bridge", "price"])
def test_other_phrases_are_remarks(text: str) -> None:
    """Nothing in them asks."""
    assert form_of(text) in {Form.STATEMENT, Form.PHRASE}
    assert form_of(f"{text}, lol") is Form.STATEMENT


@pytest.mark.parametrize(
    "wrapped",
    [
        "`{}`",
        "```\n{}\n```",
        "```{}",
        "> {}",
        ">>> {}",
        "!ask {}",
        "/ask {}",
        "t!ask {}",
        "https://example.com/?q={}",
    ],
)
def test_what_the_author_does_not_say_asks_nothing(wrapped: str) -> None:
    """Code, others' words, what other bots are told, addresses."""
    assert form_of(wrapped.format("who-was-ill?")) is Form.STATEMENT


def test_what_is_left_is_what_the_author_says() -> None:
    """With words for channels, so that the sentence stays one."""
    assert said_in("who was ill? <:sad:123456789> :joy: https://example.com") == "who was ill?"
    assert form_of("<#123456789> is the place for that") is Form.STATEMENT
    assert form_of("> he was ill\nwho was ill?") is Form.QUESTION


def test_only_a_message_of_questions_answers_nobody() -> None:
    """A guess with a mark is an answer."""
    assert only_asks("Who was ill? And why?")
    assert not only_asks("Brunel. Why?")
    assert not only_asks("I think it was Brunel, no?")
    assert not only_asks("")


@given(st.text(alphabet=st.sampled_from("a what?.!`>:<@/ \n-,"), max_size=3_000))
def test_any_text_has_a_form(text: str) -> None:
    """In time that grows with its length alone."""
    assert form_of(text) in Form
