"""Persons' names as bibliographies have them: the family name first."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HONORIFIC = re.compile(r"(?:dr|prof|mr|mrs|ms|sir|dame|rev)\.? +", re.IGNORECASE)
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+(?:-[^\W\d_]\.)*")
_ONE_INITIAL = re.compile(r"[^\W\d_]\.")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*")
_ENDINGS = frozenset("jr jr. sr sr. ii iii iv phd ph.d. md m.d.".split())
_LONGEST = 6  # words


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name, in two parts."""

    family: str
    given: tuple[str, ...]

    @property
    def inverted(self) -> str:
        """As MLA has it: `Haddad, Karim`."""
        return f"{self.family}, {' '.join(self.given)}"

    @property
    def with_initials(self) -> str:
        """As APA has it: `Haddad, K.`."""
        initials = (word if _INITIAL.fullmatch(word) else f"{word[0]}." for word in self.given)
        return f"{self.family}, {' '.join(initials)}"


def person_name(author: str) -> PersonName | None:
    """Read the name of a person; None unless it is surely one.

    An initial or a form of address says so. Two capitalised words alone may be a newspaper or a committee, and two letters
    together a country.
    """
    plain = _HONORIFIC.sub("", author.strip(), count=1)
    words = plain.split()
    addressed = plain != author.strip()
    if not 1 < len(words) <= _LONGEST or words[-1].lower() in _ENDINGS:
        return None
    *before, last = words
    if not _WORD.fullmatch(last) or not last[0].isupper():
        return None
    if not all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in before):
        return None
    if not (addressed or any(map(_ONE_INITIAL.fullmatch, before))):
        return None
    particle = next((at for at, word in enumerate(before) if word[0].islower()), len(before))
    if not particle or not all(word[0].islower() for word in before[particle:]):
        return None
    return PersonName(" ".join(words[particle:]), tuple(before[:particle]))
