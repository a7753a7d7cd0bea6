"""Runs the Dockerfile's steps in a clean root folder, for machines without a container engine.

`python -m tools.image BASE OUT`: BASE is a root with Python, such as `debootstrap --include=python3,python3-venv`
makes; OUT becomes the image's root. Needs root, for chroot. It knows the instructions that our Dockerfile uses, and
refuses others. It leaves out what only an engine can do: health checks, volumes, layers.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
NOTED = {"LABEL", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
"""Instructions that only describe the image."""


@dataclass
class Stage:
    """A root folder, with the settings of the commands that run in it."""

    root: Path
    variables: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    folder: str = "/"
    user: str = "0:0"

    def run(self, command: str) -> None:
        """Run a shell command in the root folder."""
        click.echo(f"+ {command}")
        inside = ["chroot", f"--userspec={self.user}", str(self.root)]
        shell = ["/bin/sh", "-ec", f"cd {shlex.quote(self.folder)} && {command}"]
        subprocess.run([*inside, *shell], env=self.variables, check=True)  # noqa: S603 - our Dockerfile

    def carry_out(self, name: str, arguments: str) -> None:
        """Run an instruction that concerns only this stage."""
        if name == "RUN":
            self.run(arguments)
        elif name == "ARG":
            key, _, default = arguments.partition("=")
            self.variables.setdefault(key, default)
        elif name == "ENV":
            for pair in shlex.split(arguments):
                key, _, value = pair.partition("=")
                self.variables[key] = value.replace("${PATH}", self.variables["PATH"])
        elif name == "WORKDIR":
            self.folder = arguments
            self.path(".").mkdir(parents=True, exist_ok=True)
        elif name == "USER":
            self.user = arguments
        else:
            raise ValueError(f"unknown instruction: {name}")

    def path(self, name: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / os.path.normpath(os.path.join(self.folder, name)).lstrip("/")  # noqa: PTH118 - in the image


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction of a Dockerfile with its arguments, continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", "", lines).splitlines():
        if line.strip():
            name, _, arguments = line.strip().partition(" ")
            yield name.upper(), arguments.strip()


def build(dockerfile: str, base: Path, out: Path, passed: dict[str, str]) -> Stage:
    """Run the steps; the last stage's root is `out`."""
    steps = list(instructions(dockerfile))
    stages = sum(name == "FROM" for name, _ in steps)
    known: dict[str, Stage] = {}
    stage = Stage(base)
    for name, arguments in steps:
        if name == "FROM":
            title = arguments.partition(" AS ")[2] or str(len(known))
            root = out if len(known) + 1 == stages else out.with_name(f"{out.name}.{title}")
            _copy_tree(base, root)
            stage = known[title] = Stage(root, {**passed, **Stage(base).variables})
        elif name == "COPY":
            _copy(stage, known, shlex.split(arguments))
        elif name not in NOTED:
            stage.carry_out(name, arguments)
    return stage


def _copy(stage: Stage, known: dict[str, Stage], words: list[str]) -> None:
    options = dict(word[2:].split("=", 1) for word in words if word.startswith("--"))
    *sources, target = [word for word in words if not word.startswith("--")]
    for source in sources:
        found = known[options["from"]].path(source) if "from" in options else ROOT / source
        to = stage.path(target)
        to = to / Path(source).name if target.endswith("/") else to
        to.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir() and "from" not in options:
            shutil.copytree(found, to, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            _copy_tree(found, to)
        if "chown" in options:
            subprocess.run(["chown", "-R", options["chown"], str(to)], check=True)  # noqa: S603, S607


def _copy_tree(source: Path, target: Path) -> None:
    """Copy with owners, permissions, links and devices."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # noqa: S603, S607


def main() -> None:
    """Build, passing on pip's settings for its index."""
    base, out = map(Path, sys.argv[1:3])
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "SSL_", "EXTRAS"))
    }
    stage = build((ROOT / "Dockerfile").read_text("utf-8"), base, out, passed)
    stage.run("verbatim --version && verbatim config && verbatim check")


if __name__ == "__main__":
    main()
