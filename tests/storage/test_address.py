"""A URL of a database: understood, and never shown with its secrets."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL

from bot.storage.address import Address


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite+aiosqlite:///verbatim.db", "verbatim.db"),
        ("sqlite:///data/verbatim.db", "data/verbatim.db"),
        ("sqlite+aiosqlite:////var/lib/verbatim.db", "/var/lib/verbatim.db"),
        ("sqlite+aiosqlite:///C:/data/verbatim.db", "C:/data/verbatim.db"),
    ],
)
def test_a_sqlite_url_names_a_relative_or_absolute_file(url: str, file: str) -> None:
    """With three slashes or four, as in SQLAlchemy."""
    assert Path(file) == Address.parse(url).file
    assert str(Path(file)) == str(Address.parse(url))


@pytest.mark.parametrize("option", ["ssl", "sslmode"])
@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "postgresql", "postgres"])
def test_postgresql_is_a_server_with_a_database(scheme: str, option: str) -> None:
    """The driver may be left out; TLS options of libpq and asyncpg both work, because hosts give out such URLs."""
    found = Address.parse(f"{scheme}://me:secret@db.example:5433/texts?{option}=require")
    driver, query = "postgresql+asyncpg", {"ssl": "require"}
    assert found.server == URL.create(
        driver, "me", "secret", "db.example", 5433, "texts", query=query
    )
    assert found.file is None
    assert str(found) == "db.example:5433/texts"


@given(st.text(st.characters(codec="utf-8"), min_size=8))
def test_any_password_is_understood_and_never_shown(password: str) -> None:
    """Percent-encoded; neither str nor repr shows it."""
    found = Address.parse(f"postgresql://me:{quote(password, safe='')}@h/d")
    assert found.server is not None
    assert password == found.server.password
    assert str(found) == "h/d"
    assert repr(found) == "Address(file=None)"


@pytest.mark.parametrize("password", ["1/secret", "1#secret", "1?secret", "sec/re:t"])
def test_a_password_may_contain_any_character_but_the_at_sign(password: str) -> None:
    """Hosts give out passwords with / and # in them."""
    server = Address.parse(f"postgresql://me:{password}@h/d").server
    assert server is not None
    assert (password, "h", "d") == (server.password, server.host, server.database)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "begins with neither"),
        ("mysql://me:secret@h/d", "begins with neither"),
        ("sqlite://", "does not name a file"),
        ("sqlite:///:memory:", "does not name a file"),
        ("sqlite://secret/file.db", "does not name a file"),
        ("sqlite:///file.db?mode=ro", "takes no options"),
        ("postgresql://me:secret@h", "does not name a database"),
        ("postgresql://me:secret@/d", "does not name a database"),
        ("postgresql://me:1@secret@h/d", "password in the wrong place"),
        ("postgresql://me:1@sec/ret@h/d", "password in the wrong place"),
        ("postgresql://me:1@sec?ret@h/d", "does not name a database"),
        ("postgresql://me:1@sec:ret@h/d", "is not a URL"),
        ("postgresql://h:secret/d", "is not a URL"),
        ("postgresql://me@h/d?password=secret", "password in the wrong place"),
    ],
)
def test_errors_show_no_part_of_the_url(url: str, reason: str) -> None:
    """The usual mistake is an unescaped character in the password."""
    with pytest.raises(ValueError, match=reason) as caught:
        Address.parse(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
