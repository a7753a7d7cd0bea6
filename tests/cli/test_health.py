"""`verbatim health`, beside a server like the bot's."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.cli.runner import run

PART = {"ready": True, "since": "2026-03-14T15:09:00+00:00"}
DOWN = {**PART, "ready": False, "reason": "not connected yet"}


class _Pages(BaseHTTPRequestHandler):
    body: Any = ""
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Not to standard error."""


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Pages]]:
    """What the server returns; the settings point to it."""

    class Pages(_Pages):
        pass

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("VERBATIM_HEALTH__PORT", str(server.server_port))
        monkeypatch.setenv("VERBATIM_HEALTH__HOST", "0.0.0.0")  # noqa: S104 - not bound
        yield Pages
        server.shutdown()
        thread.join()


def test_it_prints_each_part_and_exits_with_0(pages: type[_Pages]) -> None:
    pages.body = {"ready": True, "parts": {"discord": PART}}
    result = run("health")
    assert (result.exit_code, result.stdout) == (0, f"discord: ready since {PART['since']}\n")


def test_a_part_that_does_not_work_is_named_and_the_status_is_1(pages: type[_Pages]) -> None:
    pages.body, pages.status = {"ready": False, "parts": {"discord": DOWN}}, 503
    result = run("health")
    assert result.exit_code == 1
    assert "discord: NOT READY since" in result.stdout
    assert "not connected yet" in result.stdout
    assert json.loads(run("health", "--json").stdout) == pages.body


def test_it_may_only_ask_whether_the_bot_runs(pages: type[_Pages]) -> None:
    pages.body = {"live": True, "version": "1.2"}
    result = run("health", "--live")
    assert (result.exit_code, result.stdout) == (0, "live: verbatim 1.2\n")


@pytest.mark.parametrize("body", ["<html>", "[]", '{"status": "ok"}', '{"parts": {"db": "up"}}'])
def test_another_program_at_the_port_is_not_taken_for_the_bot(
    pages: type[_Pages], body: str
) -> None:
    pages.body = body
    result = run("health")
    assert result.exit_code == 1
    assert "another program" in result.stderr


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"]
)
def test_a_program_that_does_not_speak_http_is_not_taken_for_the_bot(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one that breaks off: one line, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def respond() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(said)

        thread = Thread(target=respond)
        thread.start()
        monkeypatch.setenv("VERBATIM_HEALTH__PORT", str(server.getsockname()[1]))
        result = run("health")
        thread.join()
    assert result.exit_code == 1
    assert "another program" in result.stderr


def test_a_bot_that_does_not_run_is_one_line(
    pages: type[_Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is told to serve nothing."""
    monkeypatch.setenv("VERBATIM_HEALTH__PORT", "1")
    result = run("health")
    assert result.exit_code == 1
    assert "(Connection refused): is it running?" in result.stderr
    monkeypatch.setenv("VERBATIM_HEALTH__PORT", "0")
    assert "health.port: is 0" in run("health").stderr
