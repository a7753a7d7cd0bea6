"""Decides what a reload serves: the files that can be read, and the last good version of the others."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from bot.errors import Problem
from bot.library.results import Stale
from bot.texts.folder import FolderContents
from bot.texts.text_file import TextFile

Files = Mapping[str, TextFile]
"""By name, in the order of the folder."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The files to serve. With `refused`, everything stays as it is, because of the `problems`.

    `problems`: of files without a good version. `stale`: the sources of which an earlier version is served.
    """

    files: Files
    problems: tuple[Problem, ...]
    stale: Stale
    refused: bool


def decide(
    found: FolderContents,
    before: Files,
    *,
    keep: bool = True,
    skip_broken: bool = False,
    accepted: Container[str] = (),
) -> Decision:
    """Decide between what was `found` in a folder and what was served `before`.

    `keep`: whether a file that cannot be read now stays as it was. A file that was never read refuses everything,
    unless it is one of the `accepted` ones, or `skip_broken`.
    """
    ids = {file.source.id for file in found.files.values()}
    why = {
        name: problems
        for name, file in before.items()
        if keep and name not in found.files and file.source.id not in ids
        if (problems := tuple(p for p in found.problems if _concerns(p, name)))
    }
    files = {**found.files, **{name: before[name] for name in why}}
    if why:
        files = {name: files[name] for name in sorted(files, key=folder_order)}
    explained = {problem for problems in why.values() for problem in problems}
    problems = tuple(problem for problem in found.problems if problem not in explained)
    blocking = not skip_broken and any(problem.where not in accepted for problem in problems)
    return Decision(
        files,
        problems,
        {before[name].source.id: problems for name, problems in why.items()},
        refused=found.unusable or blocking or not files,
    )


def _concerns(problem: Problem, name: str) -> bool:
    """Whether the problem is about this file, or a folder that it is in."""
    return name == problem.where or name.startswith(f"{problem.where}/")


def folder_order(name: str) -> tuple[tuple[bool, str], ...]:
    """Sort key of a file's name in the order in which a folder is read: its files before the folders in it."""
    *folders, file = name.split("/")
    return (*((True, folder) for folder in folders), (False, file))
