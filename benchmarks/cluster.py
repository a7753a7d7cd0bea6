"""OpenSearch on this machine, for tests and benchmarks: `python -m benchmarks.cluster start --nodes 3`.

The minimal distribution comes from Maven Central through `mvn`; it needs Java 17 and about 400 MB of memory a node.
Nodes listen on loopback alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep

from benchmarks.opensearch_files import fetch, fetch_with_knn

FOLDER = Path(os.environ.get("VERBATIM_CLUSTER", "/tmp/verbatim-cluster"))  # noqa: S108 - of tests
PORT = 9400
"""Node n listens on this port plus n for requests, and 100 above that for other nodes."""

_JVM = """\
-Xms{heap}
-Xmx{heap}
-XX:+UseSerialGC
-Djava.io.tmpdir={folder}/tmp
18-:-Djava.security.manager=allow
"""

_SETTINGS = """\
cluster.name: verbatim-test
node.name: n{number}
path.data: {folder}/data
path.logs: {folder}/logs
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
discovery.seed_hosts: [{seeds}]
cluster.initial_cluster_manager_nodes: [{names}]
cluster.fault_detection.follower_check.interval: 1s
cluster.fault_detection.follower_check.timeout: 2s
cluster.fault_detection.follower_check.retry_count: 2
cluster.fault_detection.leader_check.interval: 1s
cluster.fault_detection.leader_check.timeout: 2s
cluster.fault_detection.leader_check.retry_count: 2
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


@dataclass(frozen=True, slots=True)
class TestCluster:
    """Some nodes in a folder of their own."""

    __test__ = False  # for pytest: it is no test

    nodes: int
    folder: Path = FOLDER
    heap: str = "256m"
    port: int = PORT
    disk: str | None = None
    """The size of each node's disk, such as `64m`: a disk in memory, which only root can make."""
    knn: bool = False
    """Whether nodes have the k-NN plugin, if that can be downloaded."""
    lean: bool = True
    """Whether nodes start faster than they run."""

    @property
    def urls(self) -> list[str]:
        """Of all nodes."""
        return [f"http://127.0.0.1:{self.port + n}" for n in self._numbers]

    @property
    def _numbers(self) -> range:
        return range(1, self.nodes + 1)

    def start(self, *numbers: int, wait: float = 90) -> None:
        """Start all nodes, or those given, and wait for the cluster.

        Raises:
            RuntimeError: it cannot be downloaded, or is not ready, within `wait` seconds each.

        """
        home = (fetch_with_knn if self.knn else fetch)(self.folder, wait)
        for number in numbers or self._numbers:
            self._start(home, number)
        self.wait(wait)

    def wait(self, seconds: float, nodes: int | None = None) -> None:
        """Wait until the cluster has `nodes` nodes (None: all)."""
        end = monotonic() + seconds
        while monotonic() < end:
            for url in self.urls:
                if _nodes_at(url) == (nodes or self.nodes):
                    return
            sleep(0.25)
        raise RuntimeError(
            f"OpenSearch is not ready after {seconds:.0f} s: see {self.folder}/n*/logs"
        )

    def pid(self, number: int) -> int:
        """The process of a node."""
        return int((self.folder / f"n{number}" / "pid").read_text())

    def data(self, number: int) -> Path:
        """The folder of a node's data."""
        return self.folder / f"n{number}" / "data"

    def signal(self, number: int, what: signal.Signals) -> None:
        """Send a signal to a node."""
        os.kill(self.pid(number), what)

    def manager(self) -> int:
        """The number of the node that manages the cluster."""
        for url in self.urls:
            try:
                found = _get(f"{url}/_cat/cluster_manager?format=json")
            except OSError:
                continue
            return int(found[0]["node"][1:])
        raise RuntimeError("no node answers")

    def stop(self) -> None:
        """Kill all nodes, and delete their data."""
        for number in self._numbers:
            folder = self.folder / f"n{number}"
            if (folder / "pid").exists():
                with suppress(ProcessLookupError):
                    os.kill(self.pid(number), signal.SIGKILL)
            if self.disk and os.path.ismount(self.data(number)):
                subprocess.run(["umount", "--lazy", str(self.data(number))], check=True)  # noqa: S603, S607
            shutil.rmtree(folder, ignore_errors=True)

    def _start(self, home: Path, number: int) -> None:
        folder = self.folder / f"n{number}"
        for name in ("config", "data", "logs", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if self.disk and not os.path.ismount(self.data(number)):
            mount = [
                "mount",
                "-t",
                "tmpfs",
                "-o",
                f"size={self.disk}",
                "tmpfs",
                str(self.data(number)),
            ]
            subprocess.run(mount, check=True)  # noqa: S603 - our own command
        config = folder / "config"
        shutil.copy(home / "config" / "log4j2.properties", config)
        options = _JVM.format(heap=self.heap, folder=folder)
        if self.lean:
            options += "-XX:TieredStopAtLevel=1\n"
        (config / "jvm.options").write_text(options)
        settings = _SETTINGS.format(
            number=number,
            folder=folder,
            http=self.port + number,
            transport=self.port + 100 + number,
            seeds=", ".join(f"127.0.0.1:{self.port + 100 + n}" for n in self._numbers),
            names=", ".join(f"n{n}" for n in self._numbers),
        )
        (config / "opensearch.yml").write_text(settings)
        environment = {
            **os.environ,
            "OPENSEARCH_PATH_CONF": str(config),
            "OPENSEARCH_TMPDIR": str(folder / "tmp"),
            "OPENSEARCH_JAVA_HOME": str(_java_home()),
            "HOME": str(folder),
        }
        command = ["nice", "-n", "5", str(home / "bin" / "opensearch")]
        if os.getuid() == 0:  # which OpenSearch refuses to run as
            nobody = 65534
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody, nobody)
            command = [
                "setpriv",
                f"--reuid={nobody}",
                f"--regid={nobody}",
                "--clear-groups",
                *command,
            ]
        with (folder / "logs" / "stdout").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command, cwd=home, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        (folder / "pid").write_text(str(process.pid))


def _java_home() -> Path:
    java = shutil.which("java")
    if java is None:
        raise RuntimeError("Java is not installed")
    return Path(java).resolve().parent.parent


def _get(url: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
        found: list[dict[str, str]] = json.load(answer)
    return found


def _nodes_at(url: str) -> int:
    try:
        return len(_get(f"{url}/_cat/nodes?format=json"))
    except (OSError, HTTPException):  # the latter where something else listens there
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Start or stop a cluster; `start` prints the addresses of its nodes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("what", choices=["start", "stop"])
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="256m")
    parser.add_argument("--knn", action="store_true", help="with the k-NN plugin, if possible")
    parser.add_argument(
        "--wait", type=float, default=90, help="seconds within which the cluster must be ready"
    )
    given = parser.parse_args(arguments)
    cluster = TestCluster(given.nodes, heap=given.heap, knn=given.knn)
    if given.what == "stop":
        cluster.stop()
        return 0
    try:
        cluster.start(wait=given.wait)
    except RuntimeError as error:
        print(f"OpenSearch: {error}", file=sys.stderr)
        cluster.stop()
        return 1
    print(" ".join(cluster.urls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
