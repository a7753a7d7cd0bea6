"""The sections `knowledge` and `imports`."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    Field,
)

from bot import paths
from bot.settings.section import Section


class KnowledgeSettings(Section):
    """Where the texts are, and how many there may be."""

    folder: Annotated[str, paths.PATH] = Field(
        "knowledge", min_length=1, description="The folder of the texts."
    )
    skip_broken: bool = Field(
        False,
        description="Whether the bot starts without the files that cannot be read; if false, it does not start.",
    )
    watch: bool = Field(
        True, description="Whether the running bot reads texts again when their files change."
    )
    max_files: int = Field(100_000, ge=1, description="Files of texts that are read, at most.")
    max_bytes: int = Field(2_000_000_000, ge=1_000, description="Bytes of all of them, at most.")
    max_posts: int = Field(10_000_000, ge=1, description="Posts in all texts, at most.")
    max_passages: int = Field(
        5_000_000,
        ge=1,
        description="Passages in all texts, at most; each takes about 350 bytes of the saved index.",
    )
    max_removed: int = Field(
        1_000,
        ge=0,
        description="Removed and replaced files that are kept in the folder's `.removed`, at most; then the"
        " oldest are deleted.",
    )
    max_originals: int = Field(
        1_000,
        ge=0,
        description="Imported files that are kept in the folder's `.originals`, to import them again, at most; then the"
        " oldest are deleted.",
    )


class ImportSettings(Section):
    """What `verbatim import` may fetch."""

    hosts: tuple[str, ...] = Field(
        (),
        strict=False,
        description="Hosts from which `verbatim import https://…` fetches texts: names, `*.example.org` for"
        " all below it, or `*` for any. Never machines of a private network.",
    )
