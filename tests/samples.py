"""Texts that the tests share, and hypothesis strategies for others."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from types import FunctionType, ModuleType

from hypothesis import strategies as st

from bot.models import Post, Source
from bot.texts.formats.draft import Draft
from bot.texts.importing import ImportedText, Metadata, ParsedText, complete, open_file, parse_file

UNROLL = """\
[Thread] The bridge over the Tamar opened in 1859 – after “eleven” years of work.
It was designed by I. K. Brunel, who was too ill to attend the opening (and died that autumn).
You can follow @BridgeNotes.
Tip: mention @twtextapp on a Twitter thread with the keyword “unroll” to get a link to it.

Latest Threads Unrolled:
Somebody else's thread

By continuing to use the site, you are consenting to the use of cookies as explained in our \
Cookie Policy to improve your experience."""

BRIDGE = Source(
    id="bridge",
    title="The bridge over the Tamar",
    author="@BridgeNotes",
    posts=(
        Post(1, "The bridge over the Tamar opened in 1859 – after “eleven” years of work."),
        Post(
            2,
            "It was designed by I. K. Brunel, who was too ill to attend the opening, because he had"
            " suffered a stroke a few months before and could not leave his bed. Two iron spans carry a"
            " single railway track.",
        ),
        Post(3, "The toll for carts was never raised.\nFerries lost half of their passengers."),
    ),
    url="https://example.org/bridge_(tamar)",
)

BREAD = Source(
    id="baking/bread",
    title="Sourdough for patient people",
    author="Ana *the* Baker",
    posts=(
        Post(1, "Flour, water and salt are enough. Feed the starter twice a day."),
        Post(2, "Bake the loaf at 240 degrees for forty minutes, until its crust is dark."),
    ),
)

MARKED = r"""*_~|`<>[]()#-+.:\@!"""
"""Characters that mean something to Discord."""

any_text = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from(MARKED + " \n\u200b")
    ),
    max_size=400,
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """Return a source with posts of any text that a knowledge file can hold."""
    line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
    shown = line.filter(lambda text: bool(text.strip()) and text == text.strip())
    posts = draw(st.lists(any_text.filter(lambda t: bool(t.strip())), min_size=1, max_size=5))
    return Source(
        id="drawn",
        title=draw(shown),
        author=draw(shown),
        posts=tuple(Post(i, text) for i, text in enumerate(posts, start=1)),
        url=draw(st.sampled_from([None, "https://example.org/a_b_(c)*d*"])),
    )


def parse_text(data: bytes, name: str) -> ParsedText:
    """Parse a file of one text."""
    found = open_file(data, name)
    assert isinstance(found, ParsedText)
    return found


def import_text(data: bytes, name: str, metadata: Metadata) -> ImportedText:
    """Make a source of a file of one text."""
    draft = parse_file(io.BytesIO(data), name)
    assert isinstance(draft, Draft)
    return complete(draft, name, metadata)


def held_by(root: object) -> Iterator[object]:
    """Yield everything that `root` keeps in memory, but for code."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, ModuleType | FunctionType | type):
            continue
        seen.add(id(one))
        yield one
        waiting += gc.get_referents(one)
