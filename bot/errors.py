"""The errors that a person is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in what a person gave us: where it is, and what to do about it."""

    where: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}, line {self.line}"
        return f"{place}: {self.reason}"


class VerbatimError(Exception):
    """One or more problems to show to a person, a line each."""

    exit_status: ClassVar[int] = 1
    """Of the command that fails with it: 1 says that a person must change something."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class TemporaryError(VerbatimError):
    """Something else does not work at the moment: the same may succeed later."""

    exit_status = 75  # EX_TEMPFAIL in sysexits.h


class UnexpectedError(VerbatimError):
    """An error in the program, which the log describes."""

    exit_status = 70  # EX_SOFTWARE
