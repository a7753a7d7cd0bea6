"""The reader's network: a BERT encoder with heads for sentences, for "none", and for the answer's ends.

The encoder is that of Devlin et al. (2019), in the shape of all-MiniLM-L6-v2, whose published weights
it starts from. A head on each sentence's marker and one on [CLS] form one softmax over "this sentence
answers" and "none does"; two more on the tokens say where the answer begins and ends.

Two shortcuts let it learn from fewer questions. Each token of the passage carries its similarity to
the words of the question, and of the previous turn (Chen et al., 2017, "Reading Wikipedia to answer
open-domain questions": exact match and alignment). And a sentence's logit starts from the cosine
between its mean and the question's, for which the base was trained: the rest is learnt as a correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from bot.search.reading.layout import AFTER, CLS, SENTENCE, SEP

if TYPE_CHECKING:
    from torch import Tensor

MASKED = -1e4
"""The logit of an empty position: finite, so that bfloat16 and eight bits can hold it."""


HEADS = ("sentence.", "none.", "ends.", "likeness.")
"""The parts that a base model lacks, besides `matches`, which comes before the encoder."""
LIKENESS = 12.0
"""The initial weight of the cosine in a sentence's logit."""


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
        """(batch, length, width); `mask`, (batch, 1, 1, length), is added to the weights."""
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
        """Apply the layer to `x`, (batch, length, width)."""
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
        self.matches = nn.Linear(4, shape.width, bias=False)
        nn.init.zeros_(self.matches.weight)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.sentence = _head(2 * shape.width)
        self.none = _head(shape.width)
        self.ends = nn.Linear(shape.width, 2)
        self.likeness = nn.Linear(1, 1)
        nn.init.constant_(self.likeness.weight, LIKENESS)
        nn.init.constant_(self.likeness.bias, -LIKENESS / 2)

    def forward(
        self, ids: Tensor, types: Tensor, attended: Tensor, markers: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The logits of (none, sentence…), (batch, 1 + sentences), and of the ends.

        `ids`, `types` and `attended` (1 where there is a token) are (batch, length); `markers`,
        (batch, sentences), the markers' positions, 0 where a window has fewer sentences. The ends,
        (batch, length, 2), are of the answer's first and last token.
        """
        words = self.words(ids)
        before, question = _asked(ids, types, attended)
        matches = torch.cat([_matches(ids, words, part) for part in (question, before)], -1)
        x = words + self.positions.weight[: ids.shape[1]] + self.types(types)
        x = self.embedded(x) + self.matches(matches.to(x.dtype) * types[..., None])
        mask = ((1 - attended[:, None, None, :]) * MASKED).to(x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        at_markers = x.gather(1, markers[..., None].expand(-1, -1, x.shape[-1]))
        means = _means(x, _held(ids, types, attended, markers))
        asked = _means(x, (question + before)[:, None].to(x.dtype))
        cosines = functional.cosine_similarity(means.float(), asked.float(), dim=-1)
        sentences = self.sentence(torch.cat([at_markers, means], -1)).squeeze(-1).float()
        sentences = sentences + self.likeness(cosines[..., None].to(x.dtype)).squeeze(-1).float()
        sentences = sentences.masked_fill(markers == 0, MASKED)
        none = self.none(x[:, 0]).float()
        ends = self.ends(x).float().masked_fill((attended * types == 0)[..., None], MASKED)
        return torch.cat([none, sentences], 1), ends


def _asked(ids: Tensor, types: Tensor, attended: Tensor) -> tuple[Tensor, Tensor]:
    """Which tokens belong to the previous turn, and which to the question: 0 or 1, shaped like `ids`."""
    plain = (types == 0) & (attended == 1) & (ids != CLS) & (ids != SEP) & (ids != AFTER)
    ends = ((ids == AFTER) & (types == 0)).long()
    earlier = plain & (ends.sum(1, keepdim=True) - ends.cumsum(1) > 0)
    return earlier.long(), (plain & ~earlier).long()


def _matches(ids: Tensor, words: Tensor, part: Tensor) -> Tensor:
    """(batch, length, 2): whether a token occurs in `part`, and its highest similarity to one there."""
    same = (ids[:, :, None] == ids[:, None, :]) & (part[:, None, :] == 1)
    unit = functional.normalize(words.float(), dim=-1)
    likeness = (unit @ unit.transpose(1, 2)) * part[:, None, :]
    return torch.stack([same.any(-1).float(), likeness.max(-1).values], -1)


def _held(ids: Tensor, types: Tensor, attended: Tensor, markers: Tensor) -> Tensor:
    """(batch, sentences, length): 1 at the tokens of each sentence, its marker among them."""
    number = ((ids == SENTENCE) & (types == 1)).long().cumsum(1) * types * attended
    numbers = torch.ones_like(markers).cumsum(1)
    return (number[:, None, :] == numbers[:, :, None]).to(torch.float32)


def _means(x: Tensor, held: Tensor) -> Tensor:
    """The means of `x` over the tokens marked in `held`, (batch, groups, length)."""
    held = held.to(x.dtype)
    return (held @ x) / held.sum(-1, keepdim=True).clamp(min=1)


def _head(width: int) -> nn.Sequential:
    last = nn.Linear(width // 2, 1)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(width, width // 2), nn.Tanh(), last)


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
    """A reader with the encoder's weights at `path` (BERT's names, safetensors), new heads."""
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
    if unexpected or any(not n.startswith((*HEADS, "matches.")) for n in missing):
        raise ValueError(f"{path}: not the weights of a BERT encoder: {missing}, {unexpected}")
    return reader
