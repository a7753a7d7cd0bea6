"""Any ONNX model, through fastembed: by its name, fetched once, or from a local folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bot import telemetry
from bot.installation import install_command
from bot.search.embedding.embedder import Floats, ModelError, ModelFamily

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"

_BATCH = 32
_REACHED_WITHIN = 5.0  # seconds
_MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_optimized.onnx")


class OnnxModel:
    """A model that onnxruntime runs. Thread-safe."""

    def __init__(self, model: str | None = None, threads: int | None = None) -> None:
        """Load the model: a folder with `model.onnx` and its tokenizer's files, or a name.

        Raises:
            ModelError: fastembed or the model is not there, or the model cannot be fetched.

        """
        telemetry.switch_off()
        try:
            from fastembed import TextEmbedding  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ModelError(
                f"fastembed is not installed: {install_command('fastembed')}"
            ) from error
        wanted = model or DEFAULT_MODEL
        folder = Path(wanted)
        self._prompts = {"query": "", "passage": ""}
        try:
            if folder.is_dir():
                self._prompts |= _prompts(folder)
                self.name, self._model = _from_folder(TextEmbedding, folder, threads)
                called = described = folder.resolve().name
            else:
                self._model = _by_name(TextEmbedding, wanted, threads)
                self.name = f"{wanted} fastembed-{version('fastembed')}"
                called, described = wanted, wanted + _description(TextEmbedding, wanted)
            dimensions = self.questions(["?"]).shape[1]
        except ModelError:
            raise
        # The hub, the network and onnxruntime may raise anything; the bot works without the model.
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"the model {wanted!r} cannot be loaded ({reason}): let this machine reach the"
                " model's hub once, or set `search.semantic.model` to a folder that holds it"
            ) from error
        self.multilingual = "multilingual" in described.lower()
        self.family = ModelFamily.of(called, dimensions)

    def passages(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of texts to be found."""
        found = self._model.passage_embed(
            [self._prompts["passage"] + text for text in texts], batch_size=_BATCH
        )
        return _unit(found)

    def questions(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of questions."""
        return _unit(self._model.query_embed([self._prompts["query"] + text for text in texts]))


def _unit(vectors: Any) -> Floats:
    rows = np.asarray(list(vectors), np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _from_folder(embedding: Any, folder: Path, threads: int | None) -> tuple[str, Any]:
    """Load the model in `folder`, registered under a name that holds the hash of its weights."""
    from fastembed.common.model_description import (  # noqa: PLC0415 - an extra
        ModelSource,
        PoolingType,
    )

    file = next((name for name in _MODEL_FILES if (folder / name).is_file()), None)
    if file is None:
        raise ModelError(f"{folder} contains no model: {_MODEL_FILES[0]} is missing")
    weights = hashlib.blake2b((folder / file).read_bytes(), digest_size=6).hexdigest()
    name = f"{folder.name}-{weights}"
    pooling = _json(folder / "1_Pooling" / "config.json")
    if name not in {known["model"] for known in embedding.list_supported_models()}:
        embedding.add_custom_model(
            model=name,
            pooling=PoolingType.CLS if pooling.get("pooling_mode_cls_token") else PoolingType.MEAN,
            normalization=True,
            sources=ModelSource(hf=name),
            dim=int(_json(folder / "config.json")["hidden_size"]),
            model_file=file,
        )
    return name, embedding(name, specific_model_path=str(folder), threads=threads)


def _by_name(embedding: Any, name: str, threads: int | None) -> Any:
    """Load the model from fastembed's cache, or download it from its hub."""
    from huggingface_hub import constants, get_session  # noqa: PLC0415 - comes with fastembed
    from loguru import logger  # noqa: PLC0415 - comes with fastembed

    logger.disable("fastembed")  # we report its failures in one line
    if name.lower() not in {known["model"].lower() for known in embedding.list_supported_models()}:
        raise ModelError(f"fastembed has no model named {name!r}, and there is no such folder")
    try:
        return embedding(name, threads=threads, local_files_only=True)
    except (ValueError, OSError):  # it is not in the cache
        # This fails at once if the hub cannot be reached; downloading would wait a minute.
        get_session().head(constants.ENDPOINT, timeout=_REACHED_WITHIN)
        return embedding(name, threads=threads)


def _prompts(folder: Path) -> dict[str, str]:
    """The prompts for questions and passages that the model's folder specifies, if it does."""
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts", {})
    passage = prompts.get("passage", prompts.get("document", ""))
    return {"query": prompts.get("query", ""), "passage": passage}


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _description(embedding: Any, name: str) -> str:
    known = {m["model"].lower(): m["description"] for m in embedding.list_supported_models()}
    return f" {known.get(name.lower(), '')}"
