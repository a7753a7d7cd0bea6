"""/knowledge show: a text's file, and what is known of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT, source_line
from bot.discord.kit.sending import OutgoingFile, OutgoingMessage
from bot.discord.knowledge.previews import cut, facts, fitting
from bot.errors import VerbatimError
from bot.library.snapshots import Snapshot
from bot.models import Source
from bot.texts.editing import FileState, file_state
from bot.texts.text_file import read_bytes
from bot.wording import Wording

_ALIASES = 600  # characters
_PROBLEM = 300


def file_message(
    source: Source, snapshot: Snapshot, folder: Path, most: int, wording: Wording
) -> OutgoingMessage:
    """List the facts of a text, with its file if that has at most `most` bytes."""
    lines = [
        source_line(source, wording),
        f"- {wording.stated('posts', wording.number(len(source.posts)))}",
        f"- {wording.stated('passages', wording.number(len(snapshot.ranges[source.id])))}",
        *facts(source, wording)[2:],
    ]
    if source.aliases:
        names = "; ".join(f"{name}: {', '.join(rest)}" for name, rest in source.aliases.items())
        lines.append(f"- {markdown.escape(wording.stated('aliases', cut(names, _ALIASES)))}")
    file, last = _file(source, folder, most, wording)
    lines += last
    return OutgoingMessage("\n".join(lines[: fitting(lines, LIMIT)]), file=file)


def _file(
    source: Source, folder: Path, most: int, wording: Wording
) -> tuple[OutgoingFile | None, list[str]]:
    """The file, if it can be sent, and lines about it."""
    try:
        there = file_state(source.id, folder)
        data = b"" if there is None else read_bytes(folder / there.name, there.name)
    except VerbatimError as error:
        return None, [
            markdown.escape(cut(line, _PROBLEM)) for line in wording.problems(error.problems)
        ]
    if there is None:
        return None, [wording.NOT_LOADED]
    lines = [f"- {markdown.escape(wording.stated('file', wording.file(there.name, len(data))))}"]
    if not _is_loaded(there, source):
        lines.append(wording.NOT_LOADED)
    if len(data) > most:
        return None, [*lines, wording.TOO_LARGE_TO_SEND]
    return OutgoingFile(PurePosixPath(there.name).name, data), lines


def _is_loaded(there: FileState, source: Source) -> bool:
    return there.source is not None and there.source.digest == source.digest
