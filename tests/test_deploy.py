"""What runs the bot elsewhere: image, compose file, unit, alerts and dashboard match the program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml

from bot import config
from bot.cli.main import main
from bot.config import Config
from bot.environment import settings_of, variable_of
from bot.operations.lifecycle import STOP_LIMIT
from bot.operations.metrics import Metrics
from tools.image import NOTED, instructions

ROOT = Path(__file__).parent.parent
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "verbatim.json"
ALERTS = ROOT / "deploy" / "alerts.yml"
FOR_OTHERS = {"VERBATIM_TOKEN", "VERBATIM_IMAGE"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text_of("compose.yaml"))
    return found


@pytest.mark.parametrize(
    "name", [".env.example", "compose.yaml", "Dockerfile", "deploy/verbatim.service"]
)
def test_every_variable_is_one_that_the_bot_reads(name: str) -> None:
    """A misspelt one would be ignored, or keep the bot from starting."""
    known = {variable_of(path) for path, _ in settings_of(Config)}
    used = set(re.findall(r"\bVERBATIM_[A-Z_]+", text_of(name)))
    assert used <= known | set(config.SHORT_NAMES) | FOR_OTHERS


def test_the_services_limits_fit_the_bot() -> None:
    """A container or unit is not killed before the bot ends by itself."""
    grace = compose()["services"]["verbatim"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > STOP_LIMIT
    stop = re.search(r"TimeoutStopSec=(\d+)s", text_of("deploy/verbatim.service"))
    assert stop is not None
    assert int(stop[1]) > STOP_LIMIT


def test_the_container_can_write_only_where_it_must() -> None:
    """As a user without rights, on a root that is read-only; its data are in one volume."""
    bot = compose()["services"]["verbatim"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["volumes"] == ["data:/data"]
    assert "ports" not in bot
    steps = dict(instructions(text_of("Dockerfile")))
    assert steps["USER"] == "10001:10001"
    assert steps["VOLUME"] == steps["WORKDIR"] == "/data"


def test_the_image_runs_commands_that_there_are() -> None:
    """Also what looks after its health."""
    steps = dict(instructions(text_of("Dockerfile")))
    assert json.loads(steps["ENTRYPOINT"]) == ["verbatim"]
    assert json.loads(steps["CMD"])[0] in main.commands
    check = json.loads(steps["HEALTHCHECK"].partition("CMD ")[2])
    assert check[1] in main.commands


def test_the_image_gets_only_what_is_named() -> None:
    """Neither secrets nor somebody's database are sent to the engine."""
    ignored = [line for line in text_of(".dockerignore").splitlines() if not line.startswith("#")]
    assert ignored[0] == "*"
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for name, arguments in instructions(text_of("Dockerfile"))
        if name == "COPY" and "--from" not in arguments
        for source in [word for word in arguments.split() if not word.startswith("--")][:-1]
    }
    assert copied == allowed


def test_the_dockerfile_has_no_step_that_the_dry_run_does_not_know() -> None:
    """`python -m tools.image` carries it out where there is no engine."""
    known = {"FROM", "ARG", "ENV", "RUN", "COPY", "WORKDIR", "USER"} | NOTED
    assert {name for name, _ in instructions(text_of("Dockerfile"))} <= known


def known_metrics() -> set[str]:
    """The names of all samples, those without any yet too."""
    names = set()
    for family in Metrics().registry.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        names |= {family.name + ending for ending in endings.get(family.type, [""])}
    return names


def expressions() -> list[str]:
    """What alerts and dashboard ask Prometheus."""
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    alerts = [rule["expr"] for group in groups for rule in group["rules"]]
    return [*alerts, *(target["expr"] for panel in panels for target in panel["targets"])]


def test_alerts_and_dashboard_use_metrics_that_there_are() -> None:
    """And every metric of ours is on the dashboard or in an alert."""
    used = {
        name for one in expressions() for name in re.findall(r"\b(?:verbatim|process)_\w+", one)
    }
    assert used <= known_metrics()
    ours = {name for name in known_metrics() if name.startswith("verbatim_")}
    ours -= {name for name in ours if name.endswith(("_sum", "_count"))}
    assert ours - used == {"verbatim_build", "verbatim_texts"}


def test_labels_are_those_of_the_metrics() -> None:
    """A query by a label that is not there is one empty line."""
    known = {"le", "job"}
    for collector in vars(Metrics()).values():
        known |= set(getattr(collector, "_labelnames", ()))
    for one in expressions():
        for group in re.findall(r"by \(([^)]*)\)", one):
            assert {name.strip() for name in group.split(",")} <= known
        assert set(re.findall(r"[{,]\s*(\w+)=", one)) <= known


def test_the_dashboard_has_the_form_that_grafana_loads() -> None:
    """Panels with numbers of their own, beside each other and not over each other."""
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    assert {"uid", "title", "schemaVersion", "panels", "time"} <= dashboard.keys()
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for where in [panel["gridPos"]]
        for x in range(where["x"], where["x"] + where["w"])
        for y in range(where["y"], where["y"] + where["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == 23
    provisioned = yaml.safe_load(
        text_of("deploy/grafana/provisioning/datasources/prometheus.yaml")
    )["datasources"][0]
    assert {panel["datasource"]["uid"] for panel in panels} == {provisioned["uid"]}


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "Dockerfile"],
        ["promtool", "check", "rules", "deploy/alerts.yml"],
    ],
    ids=["hadolint", "promtool"],
)
def test_the_linters_have_no_complaint(command: list[str]) -> None:
    """Where they are installed."""
    program = which(command[0]) or which(command[0], path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    result = subprocess.run(  # noqa: S603 - ours
        [program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "name", [".env", "config.yaml", "verbatim.db", "verbatim.key", ".verbatim.starts"]
)
def test_what_an_installation_keeps_in_the_checkout_is_not_committed(name: str) -> None:
    """Above all not the token."""
    result = subprocess.run(  # noqa: S603
        ["git", "check-ignore", "--quiet", "--no-index", name],  # noqa: S607
        cwd=ROOT,
        check=False,
    )
    if result.returncode == 128:
        pytest.skip("not a git checkout")
    assert result.returncode == 0
