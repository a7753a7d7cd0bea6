"""Make the first tables: servers, departures, questions, votes, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their indices."""
    op.create_table(
        "servers",
        sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("settings", sa.Text, nullable=False),
    )
    op.create_table(
        "departures",
        sa.Column("server", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("left_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("server", sa.BigInteger),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("quoted", sa.BigInteger),
        sa.Column("language", sa.String(16)),
    )
    op.create_index("questions_by_server", "questions", ["server", "asked_at"])
    op.create_index("questions_by_time", "questions", ["asked_at"])
    op.create_index("questions_by_member", "questions", ["member"])
    op.create_table(
        "votes",
        sa.Column(
            "question",
            sa.BigInteger,
            sa.ForeignKey("questions.id", name="votes_question", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("member", sa.String(32), primary_key=True),
        sa.Column("right", sa.Boolean, nullable=False),
        sa.Column("expected", sa.Text),
    )
    op.create_index("votes_by_member", "votes", ["member"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("server", sa.BigInteger),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("audit_by_server", "audit", ["server", "at"])
