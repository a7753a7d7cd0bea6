"""The texts of the walk: long enough for further pages everywhere, and one that most servers do not offer."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

SECRET = "zanthoxylum"  # noqa: S105 - of a text, not a password
"""A word in the text that is not offered to every server, in its name and in its title."""

QUESTION = "Who was the engineer of the harbour light?"
_FRONT = "---\ntitle: {title}\nauthor: {author}\n---\n"
_KEEPERS = [
    "Ana", "Bruno", "Clara", "Duarte", "Elsa", "Fabio", "Gil", "Helena", "Ivo", "Julia", "Kim", "Luis",
]  # fmt: skip


def write(folder: Path) -> None:
    """Write them into a knowledge folder."""
    for name, text in _texts().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _texts() -> dict[str, str]:
    keepers = "\n\n".join(
        f"Keeper {name} kept the harbour light from {1880 + 7 * i} on. Keeper {name} wrote a log of the light."
        f" The log of {name} tells of storms, of ships, of whale oil, and of birds that {name} fed on the gallery in"
        " winter. Later keepers read it aloud to visitors from the mainland, who came by boat every summer."
        for i, name in enumerate(_KEEPERS)
    )
    questions = "\n\n".join(
        f"## How is the {part} cleaned?\n\nThe {part} is cleaned with vinegar on the {day} day of each month."
        for part, day in [("lens", "first"), ("stair", "second"), ("lamp", "third")]
    )
    pages = "\n\n".join(
        f"<!-- page {i} -->\n\nOn page {i} the harbour master notes {i * 3} ships and {i} fishing boats."
        for i in range(1, 9)
    )
    found = {
        "keepers": _front("The Keepers of the Light", "Elsa Roth") + keepers,
        "cleaning": _front("Cleaning the Light", "Ivo Brandt") + questions,
        "notes": _front("Notes of the Harbour Master", "Kim Lund") + pages,
        SECRET: _front(f"On {SECRET}", "Nobody")
        + f"The {SECRET} of the harbour light is a secret plant.\n\nWhoever finds the {SECRET} keeps it.",
    }
    found |= {
        f"spare{i}": _front(
            f"Spare {i}, or how the buoys of the outer harbour were numbered", f"Author {i}"
        )
        + f"Spare text {i} is about buoy {i}."
        for i in range(30)
    }
    return {name: text + "\n" for name, text in found.items()}


def damage(folder: Path) -> None:
    """Make a file that is in use, and a new one, unreadable."""
    for name in ("spare5", "new"):
        (folder / f"{name}.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")


def _front(title: str, author: str) -> str:
    return _FRONT.format(title=title, author=author)


def archive() -> bytes:
    """Make an archive with texts to choose from."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for i in range(30):
            file.writestr(f"letter{i}.md", _front(f"Letter {i}", "Gil") + f"Letter {i} is short.\n")
    return made.getvalue()
