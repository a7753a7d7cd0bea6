"""A cluster that is reached over HTTPS, with a certificate authority and a password of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from bot.search.opensearch.errors import EngineError, EngineUnavailableError
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from tests.search.opensearch.stand_in import StandIn, encrypted, served

PASSWORD = "correct horse"  # noqa: S105 - of no real cluster


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def url(authority: trustme.CA, stand_in: StandIn) -> Iterator[str]:
    with served(stand_in, encrypted(authority)) as found:
        yield found


def reason(url: str, ca_file: str | None) -> str:
    """Why a node cannot be used."""
    nodes = Nodes(ClusterAddress((url,), 5, ca_file=ca_file), probe_in_background=False)
    try:
        nodes.get("/")
    except EngineUnavailableError as error:
        return error.reason
    finally:
        nodes.close()
    return ""


def test_a_certificate_of_the_configured_authority_is_trusted(
    url: str, ca_file: str, stand_in: StandIn
) -> None:
    """The user and password are sent, over connections that are used again."""
    nodes = Nodes(ClusterAddress((url,), 5, "bot", PASSWORD, ca_file))
    for _ in range(3):
        assert nodes.get("/")["version"]
    nodes.close()
    sent = base64.b64encode(f"bot:{PASSWORD}".encode()).decode()
    assert stand_in.credentials == {f"Basic {sent}"}


def test_a_certificate_of_another_authority_is_refused(url: str, tmp_path: Path) -> None:
    """Before anything is sent; with the setting that helps. So it is without a `ca_file`."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for ca_file in (str(other), None):
        found = reason(url, ca_file)
        assert found.startswith(f"{url}: its certificate is not trusted (")
        assert "`search.opensearch.ca_file`" in found


def test_a_certificate_of_another_host_is_refused(
    authority: trustme.CA, ca_file: str, stand_in: StandIn
) -> None:
    """Though the authority is the right one."""
    with served(stand_in, encrypted(authority, "search-1.example")) as url:
        assert "IP address mismatch" in reason(url, ca_file)
    assert stand_in.requests == []


def test_a_node_that_speaks_only_http_is_distinguished_from_one_that_is_down(
    stand_in: StandIn, ca_file: str
) -> None:
    """Where `url` says https by mistake."""
    with served(stand_in) as url:
        found = reason(url.replace("http:", "https:"), ca_file)
    assert "no secure connection" in found


def test_a_ca_file_without_certificates_is_named(tmp_path: Path) -> None:
    """Before anything is connected."""
    path = tmp_path / "ca.pem"
    path.write_text("none", encoding="utf-8")
    with pytest.raises(EngineError, match=r"the certificates in .*ca\.pem cannot be read"):
        Nodes(ClusterAddress(("https://127.0.0.1:1",), ca_file=str(path)))
