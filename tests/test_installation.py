"""The command that adds an extra fits how the program was installed."""

from __future__ import annotations

import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from bot import installation
from bot.installation import DISTRIBUTION, install_command


@pytest.fixture(autouse=True)
def not_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERBATIM_IMAGE", raising=False)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment somewhere else, in which no `pip` is found by its short name."""
    prefix = tmp_path / "environment"
    (prefix / "bin").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setattr(sys, "executable", str(prefix / "bin" / "python"))
    monkeypatch.setenv("PATH", "")
    return prefix


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, environment: Path) -> Path:
    """Installed into that environment, not run from a checkout."""
    monkeypatch.setattr(installation, "CODE", environment / "lib")

    class Distribution:
        def read_text(self, _: str) -> str | None:
            return None

    monkeypatch.setattr(installation, "distribution", lambda _: Distribution())
    return environment


def words(command: str) -> list[str]:
    """What a shell makes of the command."""
    return shlex.split(command.strip("`"))


def test_the_name_is_the_projects() -> None:
    """And the extras that it names itself by are under that name."""
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    assert project["name"] == DISTRIBUTION
    own = [line for line in project["optional-dependencies"]["dev"] if "verbatim" in line]
    assert [line.partition("[")[0] for line in own] == [DISTRIBUTION]


def test_a_checkout_is_installed_again_by_its_own_pip(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From anywhere; with short names in its folder, if that pip is the one of the shell."""
    code = installation.CODE
    (environment / "bin" / "pip").touch(mode=0o755)
    monkeypatch.chdir(environment.parent)
    relative = str(Path("environment", "bin", "pip"))
    assert words(install_command("demo")) == [relative, "install", "-e", f"{code}[demo]"]
    monkeypatch.chdir(code)
    monkeypatch.setenv("PATH", str(environment / "bin"))
    assert install_command("demo") == '`pip install -e ".[demo]"`'


def test_an_environment_without_pip_has_its_python(environment: Path) -> None:
    assert words(install_command("demo"))[:3] == [str(environment / "bin" / "python"), "-m", "pip"]


def test_a_package_is_installed_again_by_name(installed: Path) -> None:
    assert words(install_command("postgres"))[-1] == f"{DISTRIBUTION}[postgres]"


def test_a_tool_of_uv_or_pipx_is_installed_again_by_that(installed: Path) -> None:
    (installed / "pipx_metadata.json").touch()
    pipx = ["pipx", "install", "--force", f"{DISTRIBUTION}[demo]"]
    assert words(install_command("demo")) == pipx
    (installed / "uv-receipt.toml").touch()
    assert words(install_command("demo")) == ["uv", "tool", *pipx[1:]]


def test_what_was_installed_from_a_file_is_installed_from_there(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index may not have it."""

    class Distribution:
        def read_text(self, _: str) -> str | None:
            return '{"url": "file:///home/me/verbatim", "dir_info": {}}'

    monkeypatch.setattr(installation, "distribution", lambda _: Distribution())
    wanted = f"{DISTRIBUTION}[demo] @ file:///home/me/verbatim"
    assert words(install_command("demo"))[-1] == wanted


def test_an_image_is_built_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be installed in a running container for good."""
    monkeypatch.setenv("VERBATIM_IMAGE", "1")
    assert "docker compose build --build-arg EXTRAS=postgres" in install_command("postgres")
