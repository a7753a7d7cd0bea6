"""Make the table of members' preferences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "preferences",
        sa.Column("member", sa.String(32), primary_key=True),
        sa.Column("language", sa.String(16)),
        sa.Column("private", sa.Boolean),
        sa.Column("quotes", sa.Integer),
        sa.Column("keep", sa.Boolean, nullable=False),
    )
