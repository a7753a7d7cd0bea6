"""What was made by other code is told apart, whichever of the modules that took part has changed."""

from __future__ import annotations

import ast
import compileall
import importlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.library import provenance, snapshots
from bot.library.provenance import code_fingerprint, modules_of

MAKES_NO_ARRAYS = {
    "pydantic",  # checks front matter
    "pydantic_core",
    "annotated_types",
    "rapidfuzz",  # compares words while a question is read
}
"""Packages of others that the code imports and that have no part in what an index holds."""

IMPORT_NAMES = {
    "markdown-it-py": "markdown_it",
    "PyStemmer": "Stemmer",
    "rank-bm25": "rank_bm25",
    "PyYAML": "yaml",
}


def tree_of(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


def imported(statements: list[ast.stmt]) -> Iterator[str]:
    for node in statements:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_all_modules_that_build_an_index_are_found() -> None:
    """Without a list of them."""
    found = set(modules_of("bot.library.library"))
    assert found >= {
        "bot.texts.formats.knowledge_file", "bot.texts.sentences", "bot.texts.corpus", "bot.files.checked_yaml",
        "bot.search.language.analysis", "bot.search.language.stopwords", "bot.search.bm25.index",
        "bot.search.bm25.postings", "bot.search.bm25.okapi", "bot.search.ranking.passage_table",
        "bot.search.query.question_types", "bot.search.query.spelling", "bot.search.language.word_vectors",
        "bot.library.snapshots", "bot.files.array_file",
    }  # fmt: skip
    every = {name for name in sys.modules if name.startswith("bot.")}
    for module in found:
        ours = {name for name in imported(tree_of(module).body) if name in every}
        assert ours <= found, module


def test_third_party_packages_count_by_their_version() -> None:
    """A new import must be listed as one that matters or one that does not."""
    makers = {IMPORT_NAMES.get(name, name) for name in snapshots.INDEX_PACKAGES}
    others = {
        name.split(".")[0]
        for module in modules_of("bot.library.library")
        for name in imported(tree_of(module).body)
    } - {"bot", *sys.stdlib_module_names}
    assert others - MAKES_NO_ARRAYS == makers


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a package that stands in for ours: `maker` imports `part` late."""
    folder = tmp_path / "standin"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "inner" / "__init__.py").write_text("")
    (folder / "inner" / "part.py").write_text("STOP = 'the'\n")
    (folder / "maker.py").write_text(
        "import json\ndef make():\n    from standin.inner import part\n    return part.STOP\n"
    )
    (folder / "bystander.py").write_text("NOTHING = 1\n")
    monkeypatch.setattr(provenance, "ROOT", "standin")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    forget()


def forget() -> None:
    """Let everything be looked up again, as in another process."""
    for name in [name for name in sys.modules if name.split(".")[0] == "standin"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    for cached in (code_fingerprint, modules_of, provenance._spec, provenance._submodules):
        cached.cache_clear()


def fingerprint() -> str:
    forget()
    return code_fingerprint("standin.maker")


def test_changing_any_imported_module_changes_the_hash(package: Path) -> None:
    """Also one imported inside a function; other modules do not count."""
    before = fingerprint()
    assert fingerprint() == before
    (package / "bystander.py").write_text("NOTHING = 2\n")
    assert fingerprint() == before
    (package / "inner" / "part.py").write_text("STOP = 'an'\n")
    assert fingerprint() != before


def test_modules_in_a_zip_archive_are_hashed(package: Path) -> None:
    archive = package.parent / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in package.rglob("*.py"):
            packed.write(file, file.relative_to(package.parent))
    from_folder = fingerprint()
    shutil.rmtree(package)
    sys.path.insert(0, str(archive))
    try:
        assert fingerprint() == from_folder
    finally:
        sys.path.remove(str(archive))


def test_byte_code_is_hashed_if_there_is_no_source(package: Path) -> None:

    def compiled() -> None:
        compileall.compile_dir(package, quiet=1, legacy=True, force=True)

    part = package / "inner" / "part.py"
    compiled()
    kept = {file: file.read_text() for file in package.rglob("*.py")}
    for file in kept:
        file.unlink()
    before = fingerprint()
    assert fingerprint() == before
    for file, text in kept.items():
        file.write_text(text)
    part.write_text("STOP = 'another'\n")
    compiled()
    for file in kept:
        file.unlink()
    assert fingerprint() != before
