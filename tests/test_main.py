"""The command line, as its user meets it."""

from __future__ import annotations

import asyncio
import errno
import json
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.cli.setup import Setup
from bot.config import Config
from bot.discord.app.client import VerbatimClient
from bot.discord.app.running import FATAL, WRONG_TOKEN
from bot.discord.kit.question_log import QuestionLog
from bot.models import Problem, VerbatimError
from bot.search import resources
from bot.search.reading import reader as reading
from bot.search.reading.reader import ReaderError
from bot.storage.database import Storage
from bot.terminal import reports
from tests.samples import BRIDGE, UNROLL
from tests.search.embedding.models import WordModel
from tests.search.reading.readers import some_reader

QUESTION = "Who was too ill to attend the opening?"


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=given)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no config.yaml of the developer take part."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VERBATIM_TOKEN", raising=False)
    monkeypatch.delenv("VERBATIM_STORAGE_URL", raising=False)


def test_only_on_discord_a_question_gives_the_model_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There so long as the settings say; in a terminal its answer never depends on the time."""
    monkeypatch.setattr(Setup, "embedder", lambda _: WordModel())
    setup = Setup(Config(), folder)
    waits = []
    for library in (setup.library(on_discord=True), setup.library()):
        library.load()
        library.add_meaning()
        meaning = library.snapshot.searcher.meaning
        assert meaning is not None
        waits.append(meaning.questions.seconds)
    assert waits == [Config().search.semantic.wait, None]


def refusing(_: object) -> None:
    raise ReaderError("its weights are damaged: fetch the code anew")


@pytest.mark.parametrize("model", [None, WordModel()])
def test_every_snapshot_has_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, model: WordModel | None
) -> None:
    """Of the folder and, for `evaluate`, of texts outside it, with a model of meaning or without."""
    reader = some_reader()
    monkeypatch.setattr(Setup, "embedder", lambda _: model)
    monkeypatch.setattr(reading, "load", lambda _: reader)
    monkeypatch.setattr(resources, "require_fitted_on", lambda _: None)
    setup = Setup(Config(), folder)
    for snapshot in (setup.library().load(), setup.loaded(), setup.build()([BRIDGE])):
        assert snapshot.searcher.reader is reader


def test_a_reader_that_cannot_be_used_is_said_in_a_line_and_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is answered all the same."""
    monkeypatch.setattr(reading, "load", refusing)
    monkeypatch.setattr(Setup, "embedder", lambda _: None)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 0
    assert "It was designed by I. K. Brunel" in result.stdout
    reason = "its weights are damaged: fetch the code anew"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"


@pytest.mark.parametrize("command", ["ask", "check"])
def test_a_reader_that_the_second_stage_was_not_fitted_on_is_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Its margins would be taken for another's; a line says so."""

    def refuse(digest: str) -> None:
        raise VerbatimError(
            Problem("reranking.json", f"not fitted on {digest}: fetch the code anew")
        )

    monkeypatch.setattr(reading, "load", lambda _: some_reader())
    monkeypatch.setattr(resources, "require_fitted_on", refuse)
    monkeypatch.setattr(Setup, "embedder", lambda _: None)
    result = run(command, *([QUESTION] if command == "ask" else []), "--knowledge", folder)
    assert result.exit_code == 0
    assert ("It was designed by I. K. Brunel" in result.stdout) is (command == "ask")
    reason = "reranking.json: not fitted on 3f2a91c0d4e5b6a7: fetch the code anew"
    assert result.stderr == f"verbatim: answers go without the reader: {reason}\n"
    assert Setup(Config(), folder).library().load().searcher.reader is None


@pytest.mark.parametrize("command", ["run", "demo"])
def test_the_reader_is_loaded_before_the_loop_begins(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Nobody on Discord waits for it."""
    loops: list[object] = []

    async def served(*_: Any, **__: Any) -> None:
        loops.append("served")

    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setattr(VerbatimClient, "run_until_stopped", served)
    monkeypatch.setattr("bot.discord.app.demo.serve", served)
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    monkeypatch.setattr(reading, "load", lambda _: loops.append(asyncio._get_running_loop()))
    result = run(command, "--knowledge", folder)
    assert result.exit_code == 0, result.output
    assert loops == [None, "served"]


def test_ask_answers_a_question(folder: Path) -> None:
    """Plain in a pipe."""
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 0
    assert " @BridgeNotes, “The bridge over the Tamar”, post 2 of 3" in result.output
    assert "\x1b" not in result.output


def test_ask_answers_each_line_of_standard_input_in_order(folder: Path) -> None:
    """Plain lines and objects alike, one object a line out."""
    given = f'{QUESTION}\n\n{{"q": "why was he absent?", "after": "{QUESTION}"}}\nhello\n'
    result = run("ask", "-", "--json", "--knowledge", folder, given=given)
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [one["question"] for one in found] == [QUESTION, "why was he absent?", "hello"]
    assert "Brunel" in found[1]["quotes"][0]["text"]
    assert found[2]["outcome"] == "small_talk"


@pytest.mark.parametrize("line", ["{", '{"q": 1}', '{"after": "x"}', '{"q": "x", "after": 2}'])
def test_a_bad_line_is_named(folder: Path, line: str) -> None:
    """After the answers to those before it."""
    result = run("ask", "-", "--json", "--knowledge", folder, given=f"{QUESTION}\n{line}\n")
    assert result.exit_code == 1
    assert "standard input, line 2" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_what_is_not_utf8_is_no_reason_to_stop(folder: Path) -> None:
    """The other questions are answered, and what was read is written as it can be."""
    given = f"caf\xe9?\n{QUESTION}\n".encode("latin-1")
    result = CliRunner().invoke(main, ["ask", "-", "--json", "--knowledge", str(folder)], given)
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line)["question"] for line in result.output.splitlines())
    assert (first, second) == ("caf\ufffd?", QUESTION)
    odd = run("ask", "--json", "--knowledge", folder, "caf\udce9?")
    assert json.loads(odd.output)["question"] == "caf\udce9?"


def test_a_full_disk_is_said_in_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was being written; any other failure of that kind is one of the program."""

    def full(_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.__main__._echo", full)
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr == "verbatim: the disk is full: nothing more could be written\n"


def test_check_finds_every_problem_at_once(folder: Path, tmp_path: Path) -> None:
    """Of the config and of the texts."""
    assert run("check", "--knowledge", folder).exit_code == 0
    (tmp_path / "bad.yaml").write_text("search:\n  quotes: 0\nlogs: {}\n", encoding="utf-8")
    (folder / "bad.md").write_text("no front matter", encoding="utf-8")
    (folder / "worse.md").write_bytes(b"\xff")
    result = run("check", "--config", tmp_path / "bad.yaml", "--knowledge", folder)
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("wrong:")]
    assert len(wrong) == 4
    assert "good: The bridge over the Tamar by @BridgeNotes (3 posts)" in result.output


def test_check_reads_the_texts_that_a_wrong_config_names(folder: Path, tmp_path: Path) -> None:
    """Another setting that is wrong says nothing against their folder."""
    folder.rename(folder.parent / "texts")
    wrong = "knowledge:\n  folder: texts\nsearch:\n  quotes: 0\n"
    (folder.parent / "wrong.yaml").write_text(wrong, encoding="utf-8")
    result = run("check", "--config", folder.parent / "wrong.yaml")
    lines = [line for line in result.output.splitlines() if line.startswith("wrong:")]
    assert len(lines) == 1
    assert "good: The bridge over the Tamar by @BridgeNotes (3 posts)" in result.output
    for text in ("knowledge: 5\n", "knowledge: [\n", "- x\n", "search: {quotes: 0}\n"):
        (folder.parent / "wrong.yaml").write_text(text, encoding="utf-8")
        assert run("check", "--config", folder.parent / "wrong.yaml").exit_code == 1


def test_check_reads_the_token_file_that_the_config_names(folder: Path, tmp_path: Path) -> None:
    """And goes on to the storage; without one, no token is needed to check."""
    (tmp_path / "config.yaml").write_text("discord:\n  token_file: none\n", encoding="utf-8")
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 1
    assert "wrong: none: the file that `discord.token_file` names cannot be read" in result.output
    assert "storage: verbatim.db, made at the first start\n" in result.output


def test_check_says_whether_the_storage_can_be_opened(folder: Path, tmp_path: Path) -> None:
    """And makes nothing; what could not be opened counts as a problem."""
    result = run("check", "--knowledge", folder)
    assert "storage: verbatim.db, made at the first start\n" in result.output
    assert not list(tmp_path.glob("verbatim*"))
    (tmp_path / "verbatim.db").write_text("a diary", encoding="utf-8")
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 1
    assert "wrong: verbatim.db: is no database: name another file\n" in result.output
    assert "storage:" not in result.output


def test_check_says_which_reader_there_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its weights, or how to get one; where one is not wanted, that."""
    monkeypatch.setattr(Setup, "embedder", lambda _: None)
    monkeypatch.setattr(resources, "require_fitted_on", lambda _: None)
    there, weights = some_reader(), "weights 3f2a91c0d4e5b6a7"
    Path("off.yaml").write_text("search: {reader: off}\n", encoding="utf-8")
    for load, options, said in (
        (lambda _: there, (), f"reader: reader-3f2a91c0d4e5, {weights}"),
        (
            lambda _: None,
            (),
            'reader: none (`pip install -e ".[semantic]"` in the folder of the code',
        ),
        (lambda _: None, ("--config", "off.yaml"), "reader: none, as `search.reader` says"),
        (refusing, (), "reader: none (a line on standard error says why)"),
    ):
        monkeypatch.setattr(reading, "load", load)
        monkeypatch.setattr(reports, "installed", lambda: load is refusing)  # noqa: B023 - at once
        result = run("check", "--knowledge", folder, *options)
        assert result.exit_code == 0
        [line] = [line for line in result.stdout.splitlines() if line.startswith("reader:")]
        assert line.startswith(said)
        assert ("weights are damaged" in result.stderr) is (load is refusing)


def test_check_finds_a_storage_that_is_there(folder: Path, tmp_path: Path) -> None:
    """As the bot has left it."""
    opened = Storage.open("sqlite:///verbatim.db", tmp_path / "verbatim.key", days=1)
    asyncio.run(_closed(opened))
    result = run("check", "--knowledge", folder)
    assert result.exit_code == 0
    assert "storage: verbatim.db, ready\n" in result.output


async def _closed(opening: Coroutine[Any, Any, Storage]) -> None:
    await (await opening).close()


def test_import_writes_a_text_that_can_be_asked_at_once(tmp_path: Path) -> None:
    """And says what it kept and every line it dropped, with why."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    knowledge = tmp_path / "texts"
    result = run("import", tmp_path / "paste.txt", "--title", "Tamar", "--knowledge", knowledge)
    assert result.exit_code == 0, result.output
    assert "kept:   2 posts" in result.output
    assert "line 9: By continuing" in result.output
    assert "the site's cookie notice" in result.output
    assert "1859" in run("ask", "When did the bridge open?", "--knowledge", knowledge).output


def test_import_writes_nothing_over_and_nothing_on_a_dry_run(tmp_path: Path) -> None:
    """Unless it is told to."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    call: list[Any] = ["import", tmp_path / "paste.txt", "--knowledge", tmp_path / "texts"]
    assert run(*call, "--dry-run").exit_code == 0
    assert not (tmp_path / "texts").exists()
    assert run(*call).exit_code == 0
    again = run(*call)
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert run(*call, "--replace").exit_code == 0


def test_import_of_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """With an exit status of 1."""
    result = run("import", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert result.stderr.strip() == f"verbatim: {tmp_path / 'none.txt'}: does not exist"


def test_an_option_of_import_that_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    """It is not blamed on a line of the file."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    result = run("import", tmp_path / "paste.txt", "--url", "tamar", "--language", "Cornish")
    assert result.exit_code == 1
    assert [line.split(": ", 2)[2] for line in result.stderr.splitlines()] == [
        "`url` must be a link: https://, and no spaces in it",
        "`language` must be a language's code, such as en or ar",
    ]


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot be read: No such file or directory"),
                            (b"caf\xe9", "not UTF-8: save it as UTF-8")],
)  # fmt: skip
def test_evaluate_says_in_a_line_what_cannot_be_read(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """In plain words."""
    path = tmp_path / "questions.yaml"
    if content is not None:
        path.write_bytes(content)
    result = run("evaluate", path)
    assert (1, f"verbatim: {path}: {reason}\n") == (result.exit_code, result.stderr)


def test_evaluate_says_in_a_line_where_it_cannot_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model's vectors are kept in a folder where the command is given."""
    (tmp_path / ".verbatim").write_text("a file", encoding="utf-8")
    monkeypatch.setattr(Setup, "embedder", lambda _: WordModel())
    result = run("evaluate", tmp_path / "none.yaml")
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: .verbatim: cannot be made: File exists; begin in")


def test_evaluate_prints_the_figures(folder: Path, tmp_path: Path) -> None:
    """As a table and as JSON, with the failures on demand."""
    record = {
        "name": "r",
        "questions": [
            {"q": QUESTION, "gold": ["It was designed"], "kind": "literal"},
            {"q": "Was the ferry green?", "gold": ["Two iron spans"], "kind": "hard"},
            {"q": "Who painted the Mona Lisa?", "gold": [], "kind": "far"},
        ],
    }
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    table = run("evaluate", path, "--knowledge", folder, "--failures")
    assert table.exit_code == 0, table.output
    assert "P@1" in table.output
    assert "r [hard] Was the ferry green?" in table.output
    figures = json.loads(run("evaluate", path, "--knowledge", folder, "--json").stdout)
    assert figures[str(path)]["literal"]["p_at_1"] == 1.0
    assert figures[str(path)]["hard"]["p_at_1"] == 0.0
    assert figures[str(path)]["far"]["wrongly_answered"] == 0.0
    assert figures[str(path)]["all"]["questions"] == 3


@pytest.mark.parametrize(("options", "wanted"), [((), "on"), (("--reader", "off"), "off")])
def test_evaluate_takes_the_reader_or_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], wanted: str
) -> None:
    """As the option says, and without it the config."""
    asked: list[str] = []
    monkeypatch.setattr(reading, "load", asked.append)
    monkeypatch.setattr(Setup, "embedder", lambda _: None)
    (tmp_path / "config.yaml").write_text("search: {reader: on}\n", encoding="utf-8")
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    run("evaluate", "none.jsonl", *options)
    assert asked == [wanted]


def test_run_without_a_token_says_how_to_give_one(folder: Path) -> None:
    """One line and exit status 1."""
    result = run("run", "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: VERBATIM_TOKEN: no token")


@pytest.mark.parametrize("refused", [False, True])
def test_run_ends_with_0_when_told_to_stop_and_with_1_when_discord_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    """A token that is revoked while it runs is told in a line; what was asked is written first."""
    ended: list[str] = []

    async def until_stopped(self: VerbatimClient, _: str) -> None:
        ended.append("stopped")
        if refused:
            raise VerbatimError(FATAL[4004])

    async def settle(self: QuestionLog) -> None:
        ended.append("written")

    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    monkeypatch.setattr(VerbatimClient, "run_until_stopped", until_stopped)
    monkeypatch.setattr(QuestionLog, "settle", settle)
    monkeypatch.setattr("bot.operations.logging.configure", lambda *_: None)
    result = run("run", "--knowledge", folder)
    assert result.exit_code == refused, result.output
    assert ended == ["stopped", "written"]
    assert (str(WRONG_TOKEN) in result.stderr) is refused


def test_a_wrong_option_is_exit_status_2() -> None:
    """As everywhere."""
    assert run("ask").exit_code == 2
    assert run("nothing").exit_code == 2


def test_broken_knowledge_is_said_before_anything_is_answered(folder: Path) -> None:
    """Every file of it."""
    (folder / "bad.md").write_text("no front matter", encoding="utf-8")
    result = run("ask", QUESTION, "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "bad.md, line 1" in result.stderr


def test_a_question_does_not_load_what_only_discord_or_reports_need(folder: Path) -> None:
    """So that `ask` starts at once."""
    code = (
        "import sys; from bot.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in ('discord', 'aiohttp', 'rich', 'structlog') if m in sys.modules))"
    )
    ran = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", code, "ask", QUESTION, "--knowledge", str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "[]"
