"""Output about the search engine: its nodes, and the indexes that they hold."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bot.search.opensearch.index_status import IndexStatus
from bot.search.opensearch.nodes import NodeStatus
from bot.terminal.screen import print_line

_MEGABYTE = 1e6


def print_engine(
    console: Console, nodes: Sequence[NodeStatus], indexes: Sequence[IndexStatus], wanted: str
) -> None:
    """Print the nodes, the indexes, and whether the texts as they are now, `wanted`, are among them."""
    for node in nodes:
        print_line(console, f"{node.url}: {'answers' if node.up else node.reason}")
    if indexes:
        table = Table(box=None, pad_edge=False)
        table.add_column(
            "index", no_wrap=True, overflow="ignore"
        )  # `drop` and `swap` need all of it
        table.add_column("state")
        table.add_column("passages", justify="right")
        table.add_column("MB", justify="right")
        table.add_column("copies")
        for one in indexes:
            table.add_row(
                one.name, _state(one), f"{one.passages:,}", f"{one.bytes / _MEGABYTE:,.1f}",
                "all" if one.healthy else "some missing",
            )  # fmt: skip
        console.print(table, markup=False, emoji=False)
    if not any(node.up for node in nodes):
        return
    found = next((one for one in indexes if one.name == wanted), None)
    if found is None:
        print_line(
            console,
            "The texts in the folder are not indexed there: `verbatim index build` does that.",
        )
    elif not found.complete:
        print_line(console, "The texts in the folder are being indexed there.")
    elif not found.current:
        print_line(
            console, "The texts in the folder are indexed there, but another index is current."
        )
    else:
        print_line(console, "The texts in the folder are indexed there.")


def print_vectors(
    console: Console, indexes: Sequence[IndexStatus], wanted: str, lacking: str
) -> None:
    """Print whether the cluster finds the texts by their vectors; `lacking`: why it cannot."""
    found = [one for one in indexes if one.terms == wanted]
    if lacking:
        line = f"k-NN: {lacking}, so vectors only rank what is found by words"
    elif any(one.complete for one in found):
        line = "k-NN: the vectors of the texts are indexed there"
    elif found:
        line = "k-NN: the vectors of the texts are being indexed there; until then they only rank what is found by words"
    else:
        line = (
            "k-NN: the vectors of the texts are not indexed there, so they only rank what is found by words:"
            " the bot does that, or `verbatim index build`"
        )
    print_line(console, line)


def _state(one: IndexStatus) -> str:
    what = "vectors, " if one.terms else ""
    if not one.complete:
        return f"{what}being built, or left by a build that died"
    return f"{what}{'current' if one.current else 'old, or not yet swapped in'}"
