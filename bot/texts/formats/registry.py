"""The formats in the order in which they are tried: the one place that lists them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, cast

from bot.errors import Problem, VerbatimError
from bot.texts.formats import other_kinds
from bot.texts.formats.draft import HEAD_BYTES, TextFormat

AUTO = "auto"

MODULES: Mapping[str, str] = MappingProxyType({
    "x-archive": "x_archive",
    "discord": "discord_export",
    "telegram": "telegram",
    "slack": "slack",
    "bluesky": "bluesky",
    "bluesky-car": "bluesky_car",
    "mastodon": "mastodon",
    "threads": "threads_export",
    "reddit": "reddit",
    "json-faq": "json_faq",
    "threadreader-page": "threadreader_page",
    "forum-page": "forum_page",
    "html": "html_page",
    "pdf": "pdf",
    "epub": "epub",
    "docx": "docx",
    "xlsx": "workbook",
    "pptx": "pptx",
    "odt": "odt",
    "rtf": "rtf",
    "opml": "opml",
    "ass": "substation",
    "subtitles": "subtitles",
    "mbox": "mailbox_file",
    "email": "mail",
    "zip": "zip_files",
    "obsidian": "obsidian",
    "mediawiki": "mediawiki",
    "knowledge": "fronted_text",
    "man": "manual_page",
    "whatsapp": "whatsapp",
    "reddit-paste": "reddit_paste",
    "pasted-chat": "pasted_chat",
    "dialogue": "dialogue",
    "transcript": "timed_lines",
    "gutenberg": "gutenberg",
    "twtext": "twtext",
    "threadreader": "threadreader",
    "wikipedia-paste": "wikipedia_paste",
    "numbered": "numbered",
    "copied": "copied_posts",
    "csv": "delimited",
    "org": "org",
    "latex": "latex",
    "rfc": "rfc",
    "rst": "restructured_text",
    "asciidoc": "asciidoc",
    "markdown": "markdown",
    "paragraphs": "paragraphs",
})  # fmt: skip
"""NAME of each format → its module in this package. A format is imported when it is first needed."""

_LAST_RESORT = "paragraphs"


def names() -> tuple[str, ...]:
    """Return what can be given as --format."""
    return (AUTO, *MODULES)


def load(name: str) -> TextFormat:
    """Import the format called `name`."""
    return cast("TextFormat", import_module(f"bot.texts.formats.{MODULES[name]}"))


def choose(file: BinaryIO, where: str, name: str = AUTO) -> TextFormat:
    """Return the format called `name`, or the first that matches `file`.

    Raises:
        VerbatimError: none matches; the reason says what the file is, as far as that is known.

    """
    if name != AUTO:
        return load(name)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES and not head.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise VerbatimError(Problem(where, "contains no posts: is it the right file?"))
    members = _zip_members(file) if head.startswith(b"PK\x03\x04") else ()
    refusal = other_kinds.refusal(head, where)
    for each, module in MODULES.items():
        text_format = load(each)
        matches_zip = getattr(text_format, "matches_zip", None)
        if module == _LAST_RESORT and refusal:
            break
        if text_format.matches(head, where) or (matches_zip and members and matches_zip(members)):
            return text_format
    unknown = "is not a text that can be read: save it as text (.txt), and import that"
    raise VerbatimError(Problem(where, refusal or unknown))


def _zip_members(file: BinaryIO) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(file) as archive:
            return tuple(archive.namelist())
    # zipfile raises NotImplementedError for archives of a later version than it can read
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ()
