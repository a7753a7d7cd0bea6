"""Formats are tested in this process: many small files, each in a process of its own, would take minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.texts.formats.samples import in_this_process


@pytest.fixture(scope="module", autouse=True)
def read_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Read every format in this process, but where the isolation is what is tested."""
    if request.module.__name__.endswith("test_isolation"):
        yield
        return
    with in_this_process():
        yield
