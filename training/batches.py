"""Batches: windows of similar length, padded into tensors."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from training.windows import Window

CHUNK = 16
"""How many batches are sorted by length together."""
NO_SPAN = -100
"""The position of an answer's end that is unknown: PyTorch's cross-entropy ignores it."""


@dataclass(frozen=True)
class Batch:
    """Windows in one batch. `gold` is 1 at (none, sentence…) that are right; `span` is (batch, 2)."""

    ids: Tensor
    types: Tensor
    attended: Tensor
    markers: Tensor
    gold: Tensor
    span: Tensor

    @property
    def inputs(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The network's input."""
        return self.ids, self.types, self.attended, self.markers

    def to(self, device: torch.device) -> Batch:
        """The batch on `device`."""
        return Batch(*(t.to(device) for t in (*self.inputs, self.gold, self.span)))


def pad(windows: Sequence[Window]) -> Batch:
    """The windows as one batch, padded to the longest."""
    length = max(len(w.ids) for w in windows)
    sentences = max(len(w.markers) for w in windows)
    ids, types, attended = (torch.zeros(len(windows), length, dtype=torch.long) for _ in range(3))
    markers = torch.zeros(len(windows), sentences, dtype=torch.long)
    gold = torch.zeros(len(windows), 1 + sentences)
    span = torch.full((len(windows), 2), NO_SPAN)
    for i, window in enumerate(windows):
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        types[i, : len(window.ids)] = torch.tensor(window.types)
        attended[i, : len(window.ids)] = 1
        markers[i, : len(window.markers)] = torch.tensor(window.markers)
        gold[i, [g + 1 for g in window.gold] or [0]] = 1
        if window.span:
            span[i] = torch.tensor(window.span)
    return Batch(ids, types, attended, markers, gold, span)


def in_batches(windows: Iterable[Window], size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Yield lists of `size` windows of similar length, in an order that does not depend on length."""
    stream = iter(windows)
    while chunk := sorted(islice(stream, size * CHUNK), key=lambda w: len(w.ids)):
        batches = [chunk[i : i + size] for i in range(0, len(chunk), size)]
        rng.shuffle(batches)
        yield from batches
