"""Splits text into sentences, each an exact slice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import sentencex

from bot.models import Span
from bot.texts import boundaries

_OPENING = ("(", "[")


def sentence_spans(text: str, language: str) -> list[Span]:
    """Find the spans of the sentences of `text`, without surrounding white space.

    A piece without a letter, such as a list's `1.` or a closing emoji, joins the next sentence, or
    the last one at the end of the post. A sentence of more than MOST_WORDS words is cut at its pauses.
    """
    spans: list[Span] = []
    held: int | None = None
    for start, end in _pieces(text, language.split("-", maxsplit=1)[0]):
        begin = start if held is None else held
        if any(map(str.isalpha, text[start:end])):
            spans.append(Span(begin, end))
            held = None
        else:
            held = begin
    if held is not None:
        end = len(text.rstrip())
        spans = [*spans[:-1], Span(spans[-1].start, end)] if spans else [Span(held, end)]
    return [part for span in spans for part in boundaries.parts(text, span)]


def _pieces(text: str, language: str) -> Iterator[Span]:
    """Find the sentences, trimmed: nothing but white space lies between two of them."""
    for begin, words, end in boundaries.stretches(text):
        inside = text[words:end]
        cuts = boundaries.corrected(inside, list(_segment_ends(inside, language)), language)
        for start, stop in pairwise([begin, *(words + cut for cut in cuts), end]):
            piece = text[start:stop]
            if piece.strip():
                yield Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _segment_ends(text: str, language: str) -> Iterator[int]:
    """Segment `text`, and again inside a bracketed piece, which the segmenter never splits."""
    position = 0
    for piece in sentencex.segment(language, text):
        if piece[:1] in _OPENING and len(piece) > 1:
            at = position + 1
            for part in sentencex.segment(language, piece[1:]):
                at += len(part)
                yield at
        position += len(piece)
        yield position
