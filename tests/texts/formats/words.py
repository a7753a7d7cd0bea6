"""Words to put into files of every format, and the words that come out of the blocks that are read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from hypothesis import strategies as st

from bot.texts.formats import knowledge_file
from bot.texts.formats.draft import Draft, TextFormat

_LETTERS = "abcxyzABCéßñжйשאم漢" + "0123456789"
_INNER = _LETTERS + "&<>*_#|'’.-/()"

words = st.builds(
    lambda first, rest: "w" + first + rest,
    st.sampled_from(_LETTERS),
    st.text(_INNER, max_size=8),
).filter(lambda word: not word.endswith("-"))
"""A word that is no mark of Markdown by its beginning, with signs in it that are."""

sentences = st.lists(words, min_size=1, max_size=8).map(" ".join)
texts = st.lists(sentences, min_size=1, max_size=6)
"""Paragraphs of a document."""

_COMMENT = re.compile(r"<!-- .* -->")
_MARK = re.compile(r"^(?:\s|> ?|#{1,6} |- |\d+\. |\\)*")


def words_of(blocks: Iterable[str]) -> list[str]:
    """Take the marks of Markdown off `blocks`, and divide what stays into words."""
    found: list[str] = []
    for block in blocks:
        if _COMMENT.fullmatch(block):
            continue
        for line in block.split("\n"):
            line = _MARK.sub("", line)  # noqa: PLW2901
            if line.startswith("|"):
                cells = re.split(r"(?<!\\)\|", line)
                if set(line) <= set("|- "):
                    continue
                found += [word for cell in cells for word in cell.replace("\\|", "|").split()]
            elif not line.startswith("```"):
                found += line.split()
    return found


def parse(text_format: TextFormat, data: bytes, name: str = "file") -> Draft:
    """Parse bytes whose format knows them."""
    found = text_format.parse(io.BytesIO(data), name)
    assert isinstance(found, Draft)
    for post in found.posts:
        assert post.strip()
        divided = [part.text for part in knowledge_file.split_posts(post, name)]
        assert divided == [post], "a blank line stands inside a block"
    return found


def dropped(draft: Draft) -> dict[str, str]:
    """What was dropped: reason → the first text."""
    return {line.reason: line.text for line in draft.dropped}
