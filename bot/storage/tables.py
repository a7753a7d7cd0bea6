"""The tables, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: aware in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Make the value aware."""
        return None if value is None else value.replace(tzinfo=UTC)


class UserText(TypeDecorator[str]):
    """Text that people typed. Lone surrogates and NUL, which databases refuse, are replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        if value is None:
            return None
        return value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


metadata = MetaData()

servers = Table(
    "servers",
    metadata,
    Column("server", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
)

departures = Table(
    "departures",
    metadata,
    Column("server", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", UtcDateTime, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("server", BigInteger),
    Column("member", String(32), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("text", UserText, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("probability", Float, nullable=False),
    Column("quoted", BigInteger),
    Column("language", String(16)),
    Index("questions_by_server", "server", "asked_at"),
    Index("questions_by_time", "asked_at"),
    Index("questions_by_member", "member"),
)

votes = Table(
    "votes",
    metadata,
    Column(
        "question",
        BigInteger,
        ForeignKey("questions.id", name="votes_question", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("member", String(32), primary_key=True),
    Column("right", Boolean, nullable=False),
    Column("expected", UserText),
    Index("votes_by_member", "member"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server", BigInteger),
    Column("member_id", BigInteger, nullable=False),
    Column("action", UserText, nullable=False),
    Column("detail", UserText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("audit_by_server", "server", "at"),
)

daily = Table(
    "daily",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server", BigInteger, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("source", UserText),
    Column("in_order", Boolean, nullable=False),
    Column("role", BigInteger),
    Column("due_at", UtcDateTime, nullable=False),
    Column("paused", String(16)),
    Column("last_source", UserText),
    Column("last_post", Integer),
    Column("last_start", Integer),
    UniqueConstraint("server", "channel", name="daily_channel"),
    Index("daily_by_time", "due_at"),
)

daily_shown = Table(
    "daily_shown",
    metadata,
    Column(
        "daily",
        Integer,
        ForeignKey("daily.id", name="daily_shown_daily", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("passage", BigInteger, primary_key=True, autoincrement=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("member", String(32), primary_key=True),
    Column("language", String(16)),
    Column("private", Boolean),
    Column("quotes", Integer),
    Column("keep", Boolean, nullable=False),
)
