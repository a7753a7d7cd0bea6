"""Coverage-guided fuzzing of the formats, each for some seconds: `python -m tests.fuzz [FORMAT…] [--seconds N]`.

Whatever a file holds, it is read or refused with a VerbatimError, within SECONDS and MEGABYTES; no other file is
opened, nothing is run, and no address is looked up. What breaks that is kept in build/fuzz, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parent.parent / "build" / "fuzz"

SECONDS = 10
"""For one file. A slower one counts as hanging."""

MEGABYTES = 1_500
"""Of the whole process, most of which is the program itself."""

LONGEST = 30_000
"""Bytes of a file that fuzzing makes."""

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.remove",
              "os.rename", "os.mkdir", "os.symlink", "shutil.rmtree", "urllib.Request")  # fmt: skip


def main() -> int:
    """Fuzz the formats that were named, or all of them, one after the other."""
    from bot.texts.formats import registry

    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.fuzz")
    parser.add_argument("formats", nargs="*", choices=[*registry.MODULES, []], metavar="FORMAT")
    parser.add_argument("--seconds", type=int, default=60, help="for each format (default 60)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _fuzz(given.formats[0], given.seconds)
    failed = []
    for name in given.formats or registry.MODULES:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(given.seconds)]
        ended = subprocess.run(  # noqa: S603
            [*command, "--inside"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False,
        )  # fmt: skip
        lines = ended.stdout.splitlines()
        done = [line for line in lines if re.match(r"#\d", line)]
        print(
            f"{name:18} {'FAILED' if ended.returncode else 'ok':6} {done[-1][:80] if done else ''}"
        )
        if ended.returncode:
            failed.append(name)
            print("\n".join([line for line in lines if not re.match(r"#\d", line)][-40:]))
    return 1 if failed else 0


def _fuzz(name: str, seconds: int) -> None:
    """Fuzz one format, and end the process."""
    import atheris

    with atheris.instrument_imports(include=["bot.texts", "markdown_it", "docutils", "mammoth"]):
        from bot.texts import importing, structure
        from bot.texts.formats import registry

        registry.load(name)
        assert importing, structure
    from tests.texts.formats.samples import in_this_process
    from tests.texts.formats.seeds import SEEDS

    seeds, found = OUTPUT / name / "seeds", OUTPUT / name / "found"
    for folder in (seeds, found):
        folder.mkdir(parents=True, exist_ok=True)
    inner = INNER.get(name)
    (seeds / "seed").write_bytes(inner.cut_out(SEEDS[name]) if inner else SEEDS[name])
    check = _checker(name)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}",
               f"-artifact_prefix={found}/", "-detect_leaks=0"]  # fmt: skip
    with in_this_process():
        check(SEEDS[name])
    _forbid_everything_else()
    atheris.Setup(
        [sys.argv[0], *options, str(seeds)],
        lambda data: check(inner.put_in(SEEDS[name], data) if inner else data),
    )
    with in_this_process():
        atheris.Fuzz()


def _checker(name: str) -> Callable[[bytes], None]:
    """Return what reads a file as far as quotes, and raises whatever it should not."""
    from bot.errors import VerbatimError
    from bot.texts.formats.draft import Draft
    from bot.texts.importing import Metadata, complete, parse_file
    from bot.texts.structure import passages_of

    def check(data: bytes) -> None:
        try:
            parsed = parse_file(io.BytesIO(data), "file", name)
            texts = (
                [parsed]
                if isinstance(parsed, Draft)
                else [parsed.parse(one.id) for one in islice(parsed, 5)]
            )
            for draft in texts:
                source = complete(draft, "file", Metadata("Title", "Author")).source
                for passage in passages_of(source):
                    assert passage.text in passage.post.text
        except VerbatimError as error:
            assert all("\n" not in str(problem) for problem in error.problems), error.problems

    return check


class _Part:
    """One part of a zip, which is fuzzed in the place of the whole: no change of the whole survives its checksums."""

    def __init__(self, name: str) -> None:
        self._name = name

    def cut_out(self, whole: bytes) -> bytes:
        """Return the part."""
        return _parts(whole)[self._name]

    def put_in(self, whole: bytes, part: bytes) -> bytes:
        """Return a zip with another part."""
        from tests.texts.formats.hostile import zipped

        return zipped({**_parts(whole), self._name: part}, stored_first=True)


def _parts(whole: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


INNER: Mapping[str, _Part] = {
    "docx": _Part("word/document.xml"),
    "odt": _Part("content.xml"),
    "pptx": _Part("ppt/slides/slide1.xml"),
    "epub": _Part("OPS/one.xhtml"),
    "xlsx": _Part("xl/worksheets/sheet1.xml"),
}


def _forbid_everything_else() -> None:
    """Let every attempt to reach out of the file raise."""
    ours = [sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    root = str(Path(__file__).parent.parent)
    allowed = (*ours, root, sys.prefix, tempfile.gettempdir(), "/dev/", "/proc/self")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode()
            if path.startswith("/") and not path.startswith(allowed):
                raise AssertionError(f"opens {path}")
        elif event.startswith(_FORBIDDEN):
            raise AssertionError(f"{event} {arguments}")

    sys.addaudithook(hook)


if __name__ == "__main__":
    sys.exit(main())
