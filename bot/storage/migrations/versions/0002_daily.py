"""Make the tables of daily passages: daily, daily_shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables and their indices."""
    op.create_table(
        "daily",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("in_order", sa.Boolean, nullable=False),
        sa.Column("role", sa.BigInteger),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("paused", sa.String(16)),
        sa.Column("last_source", sa.Text),
        sa.Column("last_post", sa.Integer),
        sa.Column("last_start", sa.Integer),
        sa.UniqueConstraint("server", "channel", name="daily_channel"),
    )
    op.create_index("daily_by_time", "daily", ["due_at"])
    op.create_table(
        "daily_shown",
        sa.Column(
            "daily",
            sa.Integer,
            sa.ForeignKey("daily.id", name="daily_shown_daily", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("passage", sa.BigInteger, primary_key=True, autoincrement=False),
    )
