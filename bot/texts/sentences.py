"""A source's passages: the sentences of its posts, each an exact slice."""

from __future__ import annotations

from collections.abc import Iterator

import sentencex

from bot.models import Passage, Post, Source, Span

_OPENING = ("(", "[")
_CLOSING = ")]"


def passages_of(source: Source) -> list[Passage]:
    """Return the sentences of `source`, in reading order, none of them blank."""
    return [
        Passage(source, post, number, span)
        for post in source.posts
        for number, span in enumerate(sentences(post, source.language), start=1)
    ]


def sentences(post: Post, language: str) -> list[Span]:
    """Return where the sentences of `post` stand in its text, without the white space around.

    A piece without a letter, such as a list's `1.` or a closing emoji, goes with the next
    sentence, or with the last one at the end of the post.
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
    """Yield the segmenter's pieces, trimmed: its pieces are consecutive slices of `text`."""
    position = 0
    for piece in _segments(text, language.split("-", maxsplit=1)[0]):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            yield Span(start, end)


def _segments(text: str, language: str) -> Iterator[str]:
    """Yield the segmenter's pieces; a bracket that it keeps whole is divided inside too."""
    for piece in sentencex.segment(language, text):
        if piece[:1] not in _OPENING or len(piece) == 1:
            yield piece
            continue
        held, *rest = sentencex.segment(language, piece[1:])
        held = piece[0] + held
        for inner in rest:
            after = inner.lstrip(_CLOSING)  # a bracket is closed where its last sentence ends
            yield held + inner[: len(inner) - len(after)]
            held = after
        yield held
