"""OpenSearch and its k-NN plugin, downloaded from Maven Central through `mvn`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

VERSION = "2.19.6"
OPENSEARCH = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
KNN = f"org.opensearch.plugin:opensearch-knn:{VERSION}.0:zip"
GET = "org.apache.maven.plugins:maven-dependency-plugin:2.8:get"

_DESCRIPTOR = "plugin-descriptor.properties"


def fetch(folder: Path, seconds: float) -> Path:
    """Unpack OpenSearch into `folder` unless it is there; return its home.

    Raises:
        RuntimeError: it cannot be downloaded within `seconds`.

    """
    home = folder / f"opensearch-{VERSION}"
    if (home / "bin" / "opensearch").exists():
        return home
    with zipfile.ZipFile(_download(OPENSEARCH, folder, seconds)) as content:
        content.extractall(folder)
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    return home


def fetch_with_knn(folder: Path, seconds: float) -> Path:
    """Like `fetch`, with the k-NN plugin; if that cannot be downloaded, a line on standard error says so.

    The plugin lends functions to scripts in Painless, a plugin that the minimal distribution lacks: it loads without
    once its descriptor no longer asks for it.
    """
    home = folder / "with-knn" / f"opensearch-{VERSION}"
    if home.exists():
        return home
    plain = fetch(folder, seconds)
    try:
        packed = _download(KNN, folder, seconds)
    except RuntimeError as error:
        print(f"k-NN: NOT AVAILABLE, so what needs it is SKIPPED: {error}", file=sys.stderr)
        return plain
    unfinished = folder / "with-knn" / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(plain, unfinished)
    plugin = unfinished / "plugins" / "opensearch-knn"
    with zipfile.ZipFile(packed) as content:
        content.extractall(plugin)
    lines = (plugin / _DESCRIPTOR).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("extended.plugins=")]
    (plugin / _DESCRIPTOR).write_text("\n".join([*kept, ""]), encoding="utf-8")
    return unfinished.rename(home)


def _download(coordinate: str, folder: Path, seconds: float) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise RuntimeError("Maven (mvn) is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    repository = folder / "maven"
    command = [maven, "-q", "-B", f"-Dmaven.repo.local={repository}", GET, "-Dtransitive=false"]
    try:
        subprocess.run(  # noqa: S603 - our own command
            [*command, f"-Dartifact={coordinate}"], check=True, timeout=seconds, capture_output=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"it cannot be downloaded from Maven Central: {error}") from error
    _, name, version, _ = coordinate.split(":")
    return next(repository.rglob(f"{name}-{version}.zip"))
