from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")

import torch

from bot.search.reading.layout import AFTER, CLS, SENTENCE, SEP
from training.batches import NO_SPAN, pad
from training.fitter import loss_of
from training.model import MASKED, Reader, Shape, _asked
from training.windows import Window

SMALL = Shape(vocabulary=200, positions=64, width=32, inner=64, heads=4, layers=2)


def window(question: list[int], *sentences: list[int], gold: tuple[int, ...] = ()) -> Window:
    ids = [CLS, *question, SEP]
    asked = len(ids)
    markers = []
    for sentence in sentences:
        markers.append(len(ids))
        ids += [SENTENCE, *sentence]
    ids.append(SEP)
    types = (0,) * asked + (1,) * (len(ids) - asked)
    return Window(tuple(ids), types, tuple(markers), gold, None, 0)


def reader() -> Reader:
    torch.manual_seed(3)
    made: Reader = Reader(SMALL).eval()
    torch.nn.init.normal_(made.matches.weight)
    for head in (made.sentence, made.none):
        torch.nn.init.normal_(head[-1].weight)
    return made


def test_padding_changes_nothing() -> None:
    made = reader()
    short, long = window([11, 12], [13, 14]), window([21, AFTER, 22], [23, 24, 25], [26] * 9, [27])
    together, ends = made(*pad([short, long]).inputs)
    alone, alone_ends = made(*pad([short]).inputs)
    assert together[0, :2].tolist() == pytest.approx(alone[0].tolist(), abs=1e-4)
    assert together[0, 2:].tolist() == [MASKED, MASKED]
    assert ends[0, : len(short.ids)].flatten().tolist() == pytest.approx(
        alone_ends[0].flatten().tolist(), abs=1e-4
    )


def test_the_previous_turn_is_distinguished_from_the_question_in_the_layout() -> None:
    batch = pad([window([31, 32, AFTER, 33], [31]), window([34, 35], [36])])
    before, question = _asked(batch.ids, batch.types, batch.attended)
    assert batch.ids[before == 1].tolist() == [31, 32]
    assert batch.ids[question == 1].tolist() == [33, 34, 35]


def test_no_answer_is_sought_in_the_question() -> None:
    _, ends = reader()(*pad([window([41, 42, 43], [44, 45])]).inputs)
    assert (ends[0, :5] == MASKED).all()
    assert (ends[0, 5:] != MASKED).all()


def test_an_untrained_reader_prefers_the_sentence_that_is_like_the_question() -> None:
    torch.manual_seed(3)
    logits, _ = Reader(SMALL).eval()(*pad([window([51, 52, 53], [60, 61], [51, 52, 53])]).inputs)
    assert logits[0, 2] > logits[0, 1]


def test_the_loss_falls_when_the_right_sentence_gains() -> None:
    made = reader()
    batch = pad([window([71], [72], [73], gold=(1,)), window([74], [75], [76])])
    assert batch.gold.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert (batch.span == NO_SPAN).all()
    before = loss_of(made, batch)
    optimizer = torch.optim.SGD(made.parameters(), 1e-4)
    before.backward()
    optimizer.step()
    assert loss_of(made, batch) < before
