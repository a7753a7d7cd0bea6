"""JSON read element by element."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import json_stream

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=9,
)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every value cross the border of what is read at once."""
    monkeypatch.setattr(json_stream, "_CHUNK", 3)


@given(st.lists(values, max_size=5), st.sampled_from([None, 0, 2]), st.booleans())
def test_elements_come_with_their_places(
    items: list[Any], indent: int | None, ascii_: bool
) -> None:
    """Each can be read again by its offsets, in bytes."""
    data = (
        b"x = "
        + json.dumps(items, indent=indent, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
        + b" ;"
    )
    file = io.BytesIO(data)
    found = list(json_stream.elements(file, "f", start=4))
    assert [element.value for element in found] == items
    assert [json.loads(json_stream.read_slice(file, a, b)) for _, a, b in found] == items


@given(
    st.lists(values, max_size=4), st.dictionaries(st.text("abc", max_size=3), values, max_size=3)
)
def test_an_array_inside_an_object_is_streamed_with_the_facts_around_it(
    items: list[Any], facts: dict[str, Any]
) -> None:
    """Wherever it stands among them."""
    found: dict[str, Any] = {}
    data = json.dumps({**facts, "items": items, "last": 1}).encode()
    got = [e.value for e in json_stream.elements(io.BytesIO(data), "f", key="items", facts=found)]
    assert (got, found) == (items, {**facts, "last": 1})


@given(st.lists(values, min_size=1, max_size=4), st.data())
def test_json_that_ends_early_is_refused(items: list[Any], data: st.DataObject) -> None:
    """Wherever it is cut."""
    whole = json.dumps(items).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(VerbatimError, match="at byte"):
        list(json_stream.elements(io.BytesIO(whole[:cut]), "f"))


def test_an_element_that_has_no_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it fills the memory."""
    monkeypatch.setattr(json_stream, "MAX_ELEMENT", 1_000)
    with pytest.raises(VerbatimError, match="more than 1,000 characters in one piece"):
        list(json_stream.elements(io.BytesIO(b'["' + b"a" * 100_000), "f"))
