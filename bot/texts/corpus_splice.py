"""Makes a corpus of parts of two others, without dividing their texts into passages again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.files.spool import MEMORY, Spool
from bot.splices import Splice
from bot.texts.corpus import Corpus, Ints, Offsets

Text = NDArray[np.uint8]


def spliced(old: Corpus, new: Corpus, sources: Splice, spool: Spool | None = None) -> Corpus:
    """The corpus that `Corpus.of` makes of the same sources: those of `old` and `new` that `sources` names.

    The text is kept in `spool`, which must be empty.
    """
    posts = sources.within(old.source_posts, new.source_posts)
    passages = sources.within(old.source_passages, new.source_passages)
    texts = posts.within(old.post_starts, new.post_starts)
    shifts = passages.shifts().astype(np.int32)
    listed = [
        (new if part.new else old).sources[number]
        for part in sources.parts
        for number in part.items
    ]
    keys = passages.join(_keys_in_order(old), _keys_in_order(new))
    order = np.argsort(keys, kind="stable")
    return Corpus(
        sources=tuple(listed),
        text=_joined(texts, old.text, new.text, Spool() if spool is None else spool),
        post_starts=posts.edges(old.post_starts, new.post_starts),
        source_posts=sources.edges(old.source_posts, new.source_posts),
        source_passages=sources.edges(old.source_passages, new.source_passages),
        post_passages=posts.edges(old.post_passages, new.post_passages),
        starts=passages.join(old.starts, new.starts),
        ends=passages.join(old.ends, new.ends),
        roles=passages.join(old.roles, new.roles),
        leads=_shifted(passages.join(old.leads, new.leads), shifts),
        sections=_shifted(passages.join(old.sections, new.sections), shifts),
        items=passages.join(old.items, new.items),
        keys=keys[order],
        keyed=order.astype(np.int32),
    ).with_own_posts(source.digest for source in listed)


def _joined(parts: Splice, old: Text, new: Text, spool: Spool) -> Text:
    """The texts of the parts, which pass through memory bit by bit."""
    for part in parts.parts:
        text = (new if part.new else old)[part.items.start : part.items.stop]
        for at in range(0, len(text), MEMORY):
            spool.append(text[at : at + MEMORY].tobytes())
    return spool.array()


def _keys_in_order(corpus: Corpus) -> Offsets:
    keys = np.empty(len(corpus), np.int64)
    keys[corpus.keyed] = corpus.keys
    return keys


def _shifted(numbers: Ints, shifts: Ints) -> Ints:
    """The numbers of passages, each moved by its own passage's shift; -1 stays."""
    return np.where(numbers < 0, numbers, numbers + shifts).astype(np.int32)
