"""A URL of a database: understood, and never shown with its secrets."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.address import Address, Server


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite+aiosqlite:///verbatim.db", "verbatim.db"),
        ("sqlite:///data/verbatim.db", "data/verbatim.db"),
        ("sqlite+aiosqlite:////var/lib/verbatim.db", "/var/lib/verbatim.db"),
        ("sqlite+aiosqlite:///C:/data/verbatim.db", "C:/data/verbatim.db"),
    ],
)
def test_sqlite_is_a_file_beside_the_bot_or_anywhere(url: str, file: str) -> None:
    """With three slashes or four, as SQLAlchemy has it."""
    assert Path(file) == Address.of(url).file
    assert str(Path(file)) == str(Address.of(url))


@pytest.mark.parametrize("option", ["ssl", "sslmode"])
@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "postgresql", "postgres"])
def test_postgresql_is_a_server_with_a_database(scheme: str, option: str) -> None:
    """The driver need not be said, and TLS is asked for in either form: hosts give out such URLs."""
    found = Address.of(f"{scheme}://me:secret@db.example:5433/texts?{option}=require")
    expected = Server("db.example", 5433, "texts", "me", "secret", (("ssl", "require"),))
    assert expected == found.at
    assert found.file is None
    assert str(found) == "db.example:5433/texts"


@given(st.text(st.characters(codec="utf-8"), min_size=8))
def test_any_password_is_understood_and_never_shown(password: str) -> None:
    """Neither by str nor by repr, written as URLs want it."""
    found = Address.of(f"postgresql://me:{quote(password, safe='')}@h/d")
    assert isinstance(found.at, Server)
    assert password == found.at.password
    assert str(found) == "h/d"
    assert repr(found) == "Address(at=Server(host='h', port=None, database='d'))"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "begins with neither"),
        ("mysql://me:secret@h/d", "begins with neither"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://secret/file.db", "names no file"),
        ("sqlite:///file.db?mode=ro", "takes no options"),
        ("postgresql://me:secret@h", "names no database"),
        ("postgresql://me:secret@/d", "names no database"),
        ("postgresql://me:1/secret@h/d", "password in the wrong place"),
        ("postgresql://me:1#secret@h/d", "password in the wrong place"),
        ("postgresql://me:1?secret@h/d", "is no URL"),
        ("postgresql://me:sec/ret@h/d", "password in the wrong place"),
        ("postgresql://h:secret/d", "is no URL"),
        ("postgresql://me@h/d?password=secret", "password in the wrong place"),
        ("postgresql://[secret/d", "is no URL"),
    ],
)
def test_what_cannot_be_used_is_said_without_showing_it(url: str, reason: str) -> None:
    """A password with signs that must be escaped is the common slip."""
    with pytest.raises(ValueError, match=reason) as caught:
        Address.of(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
