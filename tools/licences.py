"""Checks the licences of everything that is installed with the bot (`make audit`)."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

EXTRAS = ("semantic", "fastembed", "documents", "postgres", "demo")
"""What operators install; developers' tools are not distributed."""

ALLOWED = {
    "0bsd", "apache", "apache-2.0", "bsd", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "cnri-python", "isc", "mit", "mit-cmu",
    "mpl-2.0", "psf-2.0", "unlicense", "zlib",
}  # fmt: skip
"""Permissive licences, and the MPL, whose conditions cover only its own files."""

REVIEWED = {
    "certifi": "mpl-2.0",
    "docutils": "bsd",  # and public domain; the GPL is that of a file for Emacs
    "py-rust-stemmers": "mit",
    "pypdfium2": "bsd-3-clause",  # with PDFium, which is under the same
    "rank-bm25": "apache-2.0",
}
"""Licences read in the packages themselves, where the metadata is unclear."""

_IN_WORDS = {
    "apache software license": "apache", "bsd license": "bsd", "3-clause bsd license": "bsd-3-clause", "mit license": "mit",
    "isc license": "isc", "python software foundation license": "psf-2.0",
}  # fmt: skip


def packages() -> dict[str, Distribution]:
    """Every installed distribution that the bot needs with its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"]]
    lines += [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]
    waiting, found = [Requirement(line) for line in lines], dict[str, Distribution]()
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another system
            continue
        waiting += _needs(found[name], wanted.extras)
    return found


def _needs(of: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in of.requires or ():
        needed = Requirement(line)
        for extra in {"", *extras}:
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                yield needed
                break


def licence_of(found: Distribution) -> str:
    """What a distribution says about its licence, in the most precise of the places for it."""
    stated = found.metadata
    if expressions := stated.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = [c for c in stated.get_all("Classifier") or () if c.startswith("License ::")]
    names = [c.rpartition(" :: ")[2] for c in classifiers if c != "License :: OSI Approved"]
    return " AND ".join(names) or str((stated.get_all("License") or ["unknown"])[0]).splitlines()[0]


def is_allowed(licence: str) -> bool:
    """Whether every part of an expression such as `MIT AND BSD-2-Clause` is allowed; of alternatives, one is enough."""
    choices = re.split(r"\s+or\s+", licence.lower().strip("() "))
    parts = ([part.strip("() ") for part in re.split(r"\s+and\s+", choice)] for choice in choices)
    return any(all(_IN_WORDS.get(part, part) in ALLOWED for part in choice) for choice in parts)


def main() -> None:
    """Print all licences, and fail if one is not known to be permissive."""
    problems = 0
    for name, found in sorted(packages().items()):
        licence = REVIEWED.get(name) or licence_of(found)
        problems += not is_allowed(licence)
        click.echo(f"{' ' if is_allowed(licence) else '!'} {name} {found.version}: {licence}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
