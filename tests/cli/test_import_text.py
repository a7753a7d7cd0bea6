"""`verbatim import`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.texts.fetch import Fetched, Fetcher
from tests.cli.runner import run
from tests.samples import UNROLL
from tests.texts.formats.samples import FILES


def test_import_writes_a_text_that_can_be_asked_immediately(tmp_path: Path) -> None:
    """And reports what it kept and dropped, with reasons."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    knowledge = tmp_path / "texts"
    result = run("import", tmp_path / "paste.txt", "--title", "Tamar", "--knowledge", knowledge)
    assert result.exit_code == 0, result.output
    assert "kept:   2 posts" in result.output
    assert "line 9: By continuing" in result.output
    assert "the site's cookie notice" in result.output
    assert "1859" in run("ask", "When did the bridge open?", "--knowledge", knowledge).output


def test_import_never_overwrites_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Unless --replace is given."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    call: list[Any] = ["import", tmp_path / "paste.txt", "--knowledge", tmp_path / "texts"]
    assert run(*call, "--dry-run").exit_code == 0
    assert not (tmp_path / "texts").exists()
    assert run(*call).exit_code == 0
    again = run(*call)
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert run(*call, "--replace").exit_code == 0


def test_import_says_nothing_is_kept_where_nothing_can_be(tmp_path: Path) -> None:
    """The problem alone, not the report that comes with success."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    (tmp_path / "texts").write_text("no folder", encoding="utf-8")
    result = run("import", tmp_path / "paste.txt", "--knowledge", tmp_path / "texts")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "cannot be written" in result.stderr


def test_the_report_shows_texts_as_they_are(tmp_path: Path) -> None:
    """The terminal's library would make emojis and colours of them."""
    (tmp_path / "a.txt").write_text("The ratio is a:x:b [red]now[/red].", encoding="utf-8")
    result = run("import", tmp_path / "a.txt", "--author", "A", "--dry-run")
    assert "1. The ratio is a:x:b [red]now[/red]." in result.stdout


def test_import_of_a_missing_file_is_one_line(tmp_path: Path) -> None:
    """With exit status 1."""
    result = run("import", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert result.stderr.strip() == f"verbatim: {tmp_path / 'none.txt'}: there is no such file"


def test_invalid_options_of_import_are_explained(tmp_path: Path) -> None:
    """They are not blamed on a line of the file."""
    (tmp_path / "paste.txt").write_text(UNROLL, encoding="utf-8")
    result = run("import", tmp_path / "paste.txt", "--url", "tamar", "--language", "Cornish")
    assert result.exit_code == 1
    assert [line.split(": ", 2)[2] for line in result.stderr.splitlines()] == [
        "`url` must be a link: https://, and no spaces in it",
        "`language` must be a language's code, such as en or ar",
    ]


def texts_in(knowledge: Path) -> list[str]:
    return sorted(path.name for path in knowledge.glob("*.md"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Copy an archive of two threads' worth of posts into a folder of its own."""
    (tmp_path / "data").mkdir()
    for name in ("tweets.js", "note-tweet.js"):
        shutil.copy(FILES / name, tmp_path / "data")
    return tmp_path


def test_the_texts_of_an_archive_are_listed(archive: Path, tmp_path: Path) -> None:
    """With id, day and number of posts; nothing is written."""
    result = run("import", archive, "--list", "--knowledge", tmp_path / "texts")
    assert result.exit_code == 0, result.output
    assert "  1592000000000000001  2022-11-16  How a canal lock works" in result.output
    assert "(4 posts)" in result.output
    assert not (tmp_path / "texts").exists()


def test_of_several_texts_one_is_chosen(archive: Path, tmp_path: Path) -> None:
    """Without a choice they are listed, and the exit status is 1."""
    call: list[Any] = ["import", archive / "data/tweets.js", "--knowledge", tmp_path / "texts"]
    result = run(*call)
    assert result.exit_code == 1
    assert "1592000000000000001" in result.output
    assert (
        "contains 2 texts: choose one with --pick ID, or import them all with --all"
        in result.stderr
    )
    assert run(*call, "--pick", "1592000000000000001", "--title", "Locks").exit_code == 0
    assert texts_in(tmp_path / "texts") == ["locks.md"]
    kept = (tmp_path / "texts/.originals/locks.js").read_text(encoding="utf-8")
    assert "The upper gate" in kept
    assert "Closed for frost" not in kept


def test_all_texts_are_taken_and_none_is_written_over(archive: Path, tmp_path: Path) -> None:
    """What is there already is named, and the others are written."""
    call: list[Any] = [
        "import",
        archive / "data/tweets.js",
        "--all",
        "--knowledge",
        tmp_path / "texts",
    ]
    assert run(*call).exit_code == 0
    before = texts_in(tmp_path / "texts")
    assert len(before) == 2
    (tmp_path / "texts" / before[0]).unlink()
    again = run(*call)
    assert again.exit_code == 1
    assert again.stderr.count("is there already") == 1
    assert texts_in(tmp_path / "texts") == before


def test_options_that_exclude_each_other_are_named(archive: Path) -> None:
    """As other errors in the command line are."""
    file = archive / "data/tweets.js"
    assert "exclude each other" in run("import", file, "--list", "--all").stderr
    assert "Missing argument 'FILE'" in run("import").stderr
    assert "--title is for one text" in run("import", file, "--all", "--title", "x").stderr
    (archive / "a.txt").write_text("One.\n", encoding="utf-8")
    assert "contains only one text" in run("import", archive / "a.txt", "--list").stderr


def test_the_report_is_short_unless_more_is_asked_for(tmp_path: Path) -> None:
    """The first posts and lines of each kind, and how many more there are."""
    paste = "\n".join(f"{n}/ Post {n}." for n in range(1, 31))
    (tmp_path / "paste.txt").write_text(paste, encoding="utf-8")
    call: list[Any] = ["import", tmp_path / "paste.txt", "--author", "A", "--dry-run"]
    short, long = run(*call).output, run(*call, "--verbose").output
    assert "… and 25 more (--verbose lists all)" in short
    assert "dropped: 30" in short
    assert "… and 27 more  (the post's number; --verbose lists all)" in short
    assert "guessed: the title is made of the opening words: --title names a better one" in short
    assert len(short.splitlines()) < 20
    assert "30. Post 30." in long
    assert "line 30: 30/" in long


def test_headings_are_counted_apart(tmp_path: Path) -> None:
    """They are kept, but never quoted."""
    text = tmp_path / "rules.md"
    text.write_text("# Rules\n\nNo dogs.\n\n## Fees\n\nThirty crowns.\n", encoding="utf-8")
    shown = run("import", text, "--author", "Club", "--dry-run").output
    assert "kept:   2 posts, 2 headings\n" in shown


def test_a_better_importer_can_run_again(tmp_path: Path) -> None:
    """On the kept original: what the text's file states stays, its posts are built again, the old file is kept."""
    knowledge = tmp_path / "texts"
    (tmp_path / "paste.txt").write_text("1/ One.\n2/ Two.\n", encoding="utf-8")
    run("import", tmp_path / "paste.txt", "--title", "T", "--author", "A", "--knowledge", knowledge)
    assert run("import", "--again", "--knowledge", knowledge).output == "unchanged: t\n"
    file = knowledge / "t.md"
    old = (
        file.read_text(encoding="utf-8")
        .replace("Two.", "2/ Two.")
        .replace("author: A", "author: B")
    )
    file.write_text(old, encoding="utf-8")
    dry = run("import", "--again", "t", "--dry-run", "--knowledge", knowledge)
    assert dry.output == "changed: t: 1 posts are new, 1 are gone\n"
    assert file.read_text(encoding="utf-8") == old
    assert run("import", "--again", "t", "--knowledge", knowledge).exit_code == 0
    assert file.read_text(encoding="utf-8") == "---\ntitle: T\nauthor: B\n---\nOne.\n\nTwo.\n"
    (removed,) = (knowledge / ".removed").rglob("t.md")
    assert removed.read_text(encoding="utf-8") == old


def test_nothing_can_be_imported_again_without_its_original(tmp_path: Path) -> None:
    """And it says so."""
    (tmp_path / "t.md").write_text("---\ntitle: T\nauthor: A\n---\nOne.\n", encoding="utf-8")
    assert "nothing has been imported" in run("import", "--again", "--knowledge", tmp_path).stderr
    assert "import the file itself" in run("import", "--again", "t", "--knowledge", tmp_path).stderr
    assert "there is no such text" in run("import", "--again", "x", "--knowledge", tmp_path).stderr


def test_names_of_members_are_kept_only_where_somebody_says_so(tmp_path: Path) -> None:
    """Also when the original is imported again."""
    knowledge = tmp_path / "texts"
    call: list[Any] = ["import", FILES / "discord.json", "--knowledge", knowledge]
    assert "guessed: who wrote a message is not kept" in run(*call).output
    assert "Ben" not in (knowledge / "kilns.md").read_text(encoding="utf-8").replace("@Ben", "")
    assert run(*call, "--names", "--replace").exit_code == 0
    assert 'author="Ben"' in (knowledge / "kilns.md").read_text(encoding="utf-8")
    assert run("import", "--again", "--knowledge", knowledge).output == "unchanged: kilns\n"


def test_a_folder_of_files_is_imported_file_by_file(tmp_path: Path) -> None:
    """Each in its own format; what cannot be completed is named, with the file."""
    files, knowledge = tmp_path / "files", tmp_path / "texts"
    files.mkdir()
    (files / "a.md").write_text("---\ntitle: A\nauthor: Pat\n---\nOne.\n", encoding="utf-8")
    (files / "b.txt").write_text("1/ Two.\n2/ Three.\n", encoding="utf-8")
    (files / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    listed = run("import", files, "--list").output
    assert "a.md" in listed
    assert "is a picture" in listed
    result = run("import", files, "--all", "--knowledge", knowledge)
    assert result.exit_code == 1
    assert f"{files}, b.txt: does not show who wrote it" in result.stderr
    assert texts_in(knowledge) == ["a.md"]
    assert (
        run("import", files, "--pick", "b.txt", "--author", "P", "--knowledge", knowledge).exit_code
        == 0
    )
    assert (knowledge / ".originals/two.txt").read_bytes() == (files / "b.txt").read_bytes()


def test_an_address_is_fetched_only_where_the_operator_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is the link of the text, where the page names none."""
    assert "imports.hosts" in run("import", "https://example.org/a").stderr
    page = Fetched("https://example.org/b", "b.txt", b"1/ One.\n2/ Two.\n")

    def fetch(fetcher: Fetcher, url: str) -> Fetched:
        assert (tuple(fetcher.allowed), url) == (("example.org",), "https://example.org/a")
        return page

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    (tmp_path / "config.yaml").write_text("imports:\n  hosts: [example.org]\n", encoding="utf-8")
    call = ["--config", tmp_path / "config.yaml", "--knowledge", tmp_path, "--author", "A"]
    result = run("import", "https://example.org/a", *call)
    assert result.exit_code == 0, result.output
    assert "url: https://example.org/b" in (tmp_path / "one.md").read_text(encoding="utf-8")
