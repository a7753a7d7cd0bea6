"""How this program was installed, and the command that adds an extra to it there."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

DISTRIBUTION = "verbatim-discord"
"""The project's name on a package index; the command is `verbatim`."""

IN_IMAGE = "VERBATIM_IMAGE"
"""The environment variable that the container image sets."""

CODE = Path(__file__).parent.parent
"""The folder that `bot` is in: a checkout's, or site-packages."""


def install_command(extra: str) -> str:
    """The command, in backticks, that installs the extra where this program runs."""
    if os.environ.get(IN_IMAGE):
        return (
            f"`docker compose build --build-arg EXTRAS={extra}`, with further extras after commas"
        )
    if (CODE / "pyproject.toml").exists():
        where = "." if Path.cwd() == CODE else str(CODE)
        return f"`{_pip()} install -e {_quoted(f'{where}[{extra}]')}`"
    wanted = _quoted(_requirement(extra))
    prefix = Path(sys.prefix)
    if (prefix / "uv-receipt.toml").exists():
        return f"`uv tool install --force {wanted}`"
    if (prefix / "pipx_metadata.json").exists():
        return f"`pipx install --force {wanted}`"
    return f"`{_pip()} install {wanted}`"


def _requirement(extra: str) -> str:
    """The distribution with the extra, from the file or folder that it was installed from, if any."""
    name = f"{DISTRIBUTION}[{extra}]"
    try:
        record = distribution(DISTRIBUTION).read_text("direct_url.json")
        url = json.loads(record or "{}").get("url")
    except (PackageNotFoundError, ValueError):
        url = None
    return f"{name} @ {url}" if url else name


def _pip() -> str:
    """The pip of this environment: by its short name, if that is what a shell would find."""
    scripts = Path(sys.executable).parent
    found = shutil.which("pip")
    if found is not None and Path(found).parent == scripts:
        return "pip"
    for name in ("pip", "pip.exe"):
        if (scripts / name).exists():
            return _quoted(_near(scripts / name))
    return f"{_quoted(_near(Path(sys.executable)))} -m pip"


def _near(path: Path) -> str:
    """The path from the working directory, if it is below that."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _quoted(word: str) -> str:
    """Quote for the shell; double quotes also work on Windows."""
    return word if shlex.quote(word) == word else f'"{word}"'
