"""One word, one thing: public classes have names of their own across all packages."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"

HOMONYMS = {
    "Figures": "shares of right answers, and the figures of /stats",
    "Form": "the form of a question, and the fields of an addition",
    "Place": "a page of a list, and a word's position in a sentence",
    "Hit": "a ranked passage, and one within a ranking stage",
    "Reading": "two stages of understanding a question",
    "Corpus": "the stored passages, and the protocol by which they are searched",
}
"""Public classes that share a name on purpose, and what each of them is."""


def public_classes() -> dict[str, list[str]]:
    """Return the modules of each public class at the top level of a module, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(BOT.parent).as_posix())
    return found


def test_no_two_public_classes_share_a_name() -> None:
    """A reader who searches for a class finds the one that is meant."""
    shared = {name: where for name, where in public_classes().items() if len(where) > 1}
    assert {name: where for name, where in shared.items() if name not in HOMONYMS} == {}
