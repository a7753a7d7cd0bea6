"""Alembic's entry point: runs the migrations in the transaction that `schema.upgrade` passes."""

from __future__ import annotations

from alembic import context

from bot.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
