"""Readers for the tests."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from bot.search.reading.layout import AFTER, SENTENCE
from bot.search.reading.reader import TOKENIZER, WEIGHTS, Floats, Reader

Judge = Callable[[Sequence[str]], Sequence[float]]
"""The sentences of a window → how much more likely each answers than that none does."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_FIRST_WORD = 1_000  # ids below are for markers


class _Named:
    """Has what a reader is called by, and reads nothing."""

    name = "reader-3f2a91c0d4e5"
    digest = "3f2a91c0d4e5b6a7"


def some_reader() -> Reader:
    """A reader that can be carried about, but asked nothing."""
    return cast("Reader", _Named())


@dataclass(frozen=True, slots=True)
class _Encoding:
    ids: list[int]
    offsets: list[tuple[int, int]]


class WordTokenizer:
    """A token a word; as the real one, it takes no text that cannot be written as UTF-8."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def encode(self, text: str, add_special_tokens: bool) -> _Encoding:
        assert not add_special_tokens
        text.encode()
        found = list(_TOKEN.finditer(text))
        ids = [self._ids.setdefault(m[0], _FIRST_WORD + len(self._ids)) for m in found]
        return _Encoding(ids, [m.span() for m in found])

    def decoded(self, ids: Sequence[int]) -> str:
        words = {number: word for word, number in self._ids.items()} | {AFTER: "[A]"}
        return " ".join(words[number] for number in ids)

    def no_padding(self) -> None: ...

    def no_truncation(self) -> None: ...


def by_word(margins: Mapping[str, float], otherwise: float = -5.0) -> Judge:
    """What judges a sentence by the best of its words."""
    return lambda sentences: [
        max((margins.get(word, otherwise) for word in sentence.split()), default=otherwise)
        for sentence in sentences
    ]


@dataclass
class Network:
    """Stands in for an onnxruntime session: it judges as it is told, and remembers what it has read."""

    judge: Judge = field(default_factory=lambda: by_word({}))
    answer: tuple[str, str] = ("", "")
    """The words at which an answer likely begins and ends."""
    fails: bool = False
    read: list[tuple[str, list[str]]] = field(default_factory=list)
    """The question and the sentences of every window, tokens with a space between."""
    tokenizer: WordTokenizer = field(default_factory=WordTokenizer)

    def run(self, outputs: Sequence[str], inputs: Mapping[str, Any]) -> list[Floats]:
        if self.fails:
            raise RuntimeError("out of memory")
        assert outputs == ["sentences", "ends"]
        [ids], [markers] = inputs["ids"].tolist(), inputs["markers"].tolist()
        assert all(ids[marker] == SENTENCE for marker in markers)
        assert inputs["attended"].all()
        assert inputs["types"].shape == inputs["ids"].shape
        decoded = self.tokenizer.decoded
        places = [*markers, len(ids) - 1]
        sentences = [decoded(ids[start + 1 : end]) for start, end in pairwise(places)]
        self.read.append((decoded(ids[1 : markers[0] - 1]), sentences))
        none = 0.5  # only differences mean something
        logits = [none, *(none + margin for margin in self.judge(sentences))]
        words = [decoded([n]) if n >= _FIRST_WORD else "" for n in ids]
        ends = [
            [9.0 * (word == end) for end in self.answer] if word else [30, 30] for word in words
        ]
        return [np.array([logits], np.float32), np.array([ends], np.float32)]

    @property
    def sentences(self) -> list[str]:
        """All sentences that it has read."""
        return [sentence for _, sentences in self.read for sentence in sentences]


def install(monkeypatch: pytest.MonkeyPatch, network: Network) -> None:
    """Let whatever reader is loaded be `network`, whether the packages that run one are there or not."""
    options = SimpleNamespace(add_session_config_entry=lambda *_: None)
    runtime = SimpleNamespace(
        SessionOptions=lambda: options, InferenceSession=lambda *_, **__: network
    )
    tokenizer = SimpleNamespace(from_file=lambda _: network.tokenizer)
    monkeypatch.setitem(sys.modules, "onnxruntime", cast("Any", runtime))
    monkeypatch.setitem(
        sys.modules, "tokenizers", cast("Any", SimpleNamespace(Tokenizer=tokenizer))
    )


def reader_of(network: Network, folder: Path) -> Reader:
    """The reader that runs `network`; `folder` is for its files."""
    for name in (WEIGHTS, TOKENIZER):
        (folder / name).write_bytes(b"weights")
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch, network)
        return Reader(folder)
