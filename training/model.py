"""The reader's network: a BERT encoder with heads for sentences, for "none", and for the answer's ends.

The encoder is that of Devlin et al. (2019), in the shape of all-MiniLM-L6-v2, whose published weights
it starts from. A linear head on each sentence's marker and one on [CLS] form one softmax over "this
sentence answers" and "none does"; two more on the tokens say where the answer begins and ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

MASKED = -1e4
"""The logit of a place that holds nothing: finite, so that bfloat16 and eight bits keep it."""


@dataclass(frozen=True)
class Shape:
    """The encoder's sizes; the defaults are those of all-MiniLM-L6-v2."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    inner: int = 1536
    heads: int = 12
    layers: int = 6


class Attention(nn.Module):
    """Multi-head self-attention with one projection for queries, keys and values."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.inward = nn.Linear(shape.width, 3 * shape.width)
        self.outward = nn.Linear(shape.width, shape.width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, length, width); `mask`, (batch, 1, 1, length), is added to the weights."""
        batch, length, width = x.shape
        parts = self.inward(x).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        if x.is_cuda:
            heads = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        else:  # on processors a third faster than PyTorch's fused attention with its backward pass
            weights = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + mask
            heads = weights.softmax(-1) @ value
        return self.outward(heads.transpose(1, 2).reshape(batch, length, width))


class Layer(nn.Module):
    """One layer of the encoder, normalised after each half."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.attended = nn.LayerNorm(shape.width, 1e-12)
        self.widen = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.transformed = nn.LayerNorm(shape.width, 1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return `x` seen in the light of the whole window."""
        x = self.attended(x + self.dropout(self.attention(x, mask)))
        return self.transformed(x + self.dropout(self.narrow(functional.gelu(self.widen(x)))))


class Reader(nn.Module):
    """Question and sentences in one window → logits of sentences, of "none", and of the answer's ends."""

    def __init__(self, shape: Shape | None = None, dropout: float = 0.0) -> None:
        super().__init__()
        shape = shape or Shape()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.embedded = nn.LayerNorm(shape.width, 1e-12)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.sentence = _head(shape.width)
        self.none = _head(shape.width)
        self.ends = nn.Linear(shape.width, 2)

    def forward(
        self, ids: Tensor, types: Tensor, attended: Tensor, markers: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of (none, sentence…), (batch, 1 + sentences), and of the ends.

        `ids`, `types` and `attended` (1 where there is a token) are (batch, length); `markers`,
        (batch, sentences), the markers' positions, 0 where a window has fewer sentences. The ends,
        (batch, length, 2), are of the answer's first and last token.
        """
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.types(types)
        x = self.embedded(x)
        mask = ((1 - attended[:, None, None, :]) * MASKED).to(x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        at_markers = x.gather(1, markers[..., None].expand(-1, -1, x.shape[-1]))
        sentences = self.sentence(at_markers).squeeze(-1).float().masked_fill(markers == 0, MASKED)
        none = self.none(x[:, 0]).float()
        ends = self.ends(x).float().masked_fill((attended * types == 0)[..., None], MASKED)
        return torch.cat([none, sentences], 1), ends


def _head(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))


_EMBEDDINGS = {
    "words.weight": "embeddings.word_embeddings.weight",
    "positions.weight": "embeddings.position_embeddings.weight",
    "types.weight": "embeddings.token_type_embeddings.weight",
    "embedded.weight": "embeddings.LayerNorm.weight",
    "embedded.bias": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "attention.inward": tuple(f"attention.self.{part}" for part in ("query", "key", "value")),
    "attention.outward": ("attention.output.dense",),
    "attended": ("attention.output.LayerNorm",),
    "widen": ("intermediate.dense",),
    "narrow": ("output.dense",),
    "transformed": ("output.LayerNorm",),
}


def begin_from(path: Path, dropout: float = 0.0) -> Reader:
    """Return a reader with the encoder's weights at `path` (BERT's names, safetensors), new heads."""
    weights = {name.removeprefix("bert."): w for name, w in load_file(str(path)).items()}
    vocabulary, width = weights["embeddings.word_embeddings.weight"].shape
    layers = 1 + max(int(n.split(".")[2]) for n in weights if n.startswith("encoder.layer."))
    shape = Shape(
        vocabulary=vocabulary,
        positions=len(weights["embeddings.position_embeddings.weight"]),
        width=width,
        inner=len(weights["encoder.layer.0.intermediate.dense.bias"]),
        heads=width // 32 if width == 384 else width // 64,
        layers=layers,
    )
    reader = Reader(shape, dropout)
    given = {ours: weights[theirs] for ours, theirs in _EMBEDDINGS.items()}
    for i in range(layers):
        for ours, theirs in _LAYER.items():
            for kind in ("weight", "bias"):
                parts = [weights[f"encoder.layer.{i}.{name}.{kind}"] for name in theirs]
                given[f"layers.{i}.{ours}.{kind}"] = torch.cat(parts)
    missing, unexpected = reader.load_state_dict(given, strict=False)
    if unexpected or any(not n.startswith(("sentence.", "none.", "ends.")) for n in missing):
        raise ValueError(f"{path}: not the weights of a BERT encoder: {missing}, {unexpected}")
    return reader
