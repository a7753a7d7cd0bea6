"""Splits the posts of a source into sentences, each an exact slice: the passages."""

from __future__ import annotations

from collections.abc import Iterator

import sentencex

from bot.models import Passage, Post, Source, Span

_OPENING = ("(", "[")
_CLOSING = ")]"


def passages_of(source: Source) -> list[Passage]:
    """Split `source` into passages, in reading order."""
    return [
        Passage(source, post, number, span)
        for post in source.posts
        for number, span in enumerate(sentences(post, source.language), start=1)
    ]


def sentences(post: Post, language: str) -> list[Span]:
    """Find the spans of the sentences of `post`, without surrounding white space.

    A piece without a letter, such as a list's `1.` or a closing emoji, joins the next sentence, or
    the last one at the end of the post.
    """
    spans: list[Span] = []
    held: int | None = None
    for start, end in _pieces(post.text, language):
        begin = start if held is None else held
        if any(map(str.isalpha, post.text[start:end])):
            spans.append(Span(begin, end))
            held = None
        else:
            held = begin
    if held is not None:
        end = len(post.text.rstrip())
        spans = [*spans[:-1], Span(spans[-1].start, end)] if spans else [Span(held, end)]
    return spans


def _pieces(text: str, language: str) -> Iterator[Span]:
    """Trim the segmenter's pieces, which are consecutive slices of `text`, to spans."""
    position = 0
    for piece in _segments(text, language.split("-", maxsplit=1)[0]):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            yield Span(start, end)


def _segments(text: str, language: str) -> Iterator[str]:
    """Segment `text`, and again inside a bracketed piece, which the segmenter never splits."""
    for piece in sentencex.segment(language, text):
        if piece[:1] not in _OPENING or len(piece) == 1:
            yield piece
            continue
        held, *rest = sentencex.segment(language, piece[1:])
        held = piece[0] + held
        for inner in rest:
            after = inner.lstrip(_CLOSING)  # a closing bracket stays with the sentence before it
            yield held + inner[: len(inner) - len(after)]
            held = after
        yield held
