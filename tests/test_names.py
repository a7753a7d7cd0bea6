"""One word, one thing: public classes have names of their own across all packages."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"


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
    assert {name: where for name, where in public_classes().items() if len(where) > 1} == {}
