"""`verbatim ask`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.terminal.ask import read_requests
from tests.cli.runner import QUESTION, run


def test_ask_answers_a_question(folder: Path) -> None:
    """As plain text when the output is not a terminal."""
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 0
    assert " @BridgeNotes, “The bridge over the Tamar”, post 2 of 3" in result.output
    assert "\x1b" not in result.output


def test_ask_answers_each_line_of_standard_input_in_order(folder: Path) -> None:
    """Lines may be plain text or JSON objects; each answer is one JSON object."""
    given = f'{QUESTION}\n\n{{"q": "why was he absent?", "after": "{QUESTION}"}}\nhello\n'
    result = run("ask", "-", "--json", "--knowledge", folder, given=given)
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [one["question"] for one in found] == [QUESTION, "why was he absent?", "hello"]
    assert "Brunel" in found[1]["quotes"][0]["text"]
    assert found[2]["outcome"] == "small_talk"


def test_a_byte_order_mark_before_the_first_line_is_left_out() -> None:
    """PowerShell puts one there."""
    (request,) = read_requests(['\ufeff{"q": "Why?"}\n'])
    assert request.text == "Why?"


@pytest.mark.parametrize("line", ["{", '{"q": 1}', '{"after": "x"}', '{"q": "x", "after": 2}'])
def test_a_bad_line_is_reported_with_its_number(folder: Path, line: str) -> None:
    """After the answers to the lines before it."""
    result = run("ask", "-", "--json", "--knowledge", folder, given=f"{QUESTION}\n{line}\n")
    assert result.exit_code == 1
    assert "standard input, line 2" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_input_that_is_not_utf8_is_still_answered(folder: Path) -> None:
    """Undecodable bytes become replacement characters; lone surrogates are written as escapes."""
    given = f"caf\xe9?\n{QUESTION}\n".encode("latin-1")
    result = CliRunner().invoke(main, ["ask", "-", "--json", "--knowledge", str(folder)], given)
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line)["question"] for line in result.output.splitlines())
    assert (first, second) == ("caf\ufffd?", QUESTION)
    odd = run("ask", "--json", "--knowledge", folder, "caf\udce9?")
    assert json.loads(odd.output)["question"] == "caf\udce9?"


def test_broken_knowledge_is_reported_before_any_answer(folder: Path) -> None:
    """Every broken file is named."""
    (folder / "bad.md").write_text("no front matter", encoding="utf-8")
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "bad.md, line 1" in result.stderr


def test_ask_does_not_import_discord_or_rich(folder: Path) -> None:
    """So that it starts quickly."""
    code = (
        "import sys; from bot.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in ('discord', 'aiohttp', 'rich', 'structlog') if m in sys.modules))"
    )
    ran = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", code, "ask", QUESTION, "--knowledge", str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "[]"
