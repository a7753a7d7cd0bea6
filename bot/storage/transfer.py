"""Copies all tables into files, and files into a database: SQLite and PostgreSQL write the same ones."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Problem, VerbatimError
from bot.files import file_errors
from bot.storage.address import Address
from bot.storage.connections import Connections
from bot.storage.schema import REVISIONS, Schema, is_known, revision_of, schema_of, upgrade
from bot.storage.tables import metadata

SUFFIX = ".jsonl"
BATCH = 500
"""Rows that are read or inserted at once."""


@asynccontextmanager
async def _connections(url: str) -> AsyncIterator[Connections]:
    opened = Connections(Address.parse(url))
    try:
        yield opened
    finally:
        await opened.close()


async def dump(url: str, folder: Path) -> tuple[str, dict[str, int]]:
    """Write each table into a file in `folder`, all in one transaction; the bot may run meanwhile.

    Returns the schema's revision, and the number of rows by table.

    Raises:
        VerbatimError: the database cannot be read, or its schema is not this version's.

    """
    async with _connections(url) as connections, connections.reading() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        found = await connection.run_sync(schema_of)
        if found is not Schema.READY:
            reason = {
                Schema.MISSING: "is empty: there is nothing to back up",
                Schema.OLD: "was written by an older version: run `verbatim db upgrade` first",
                Schema.NEWER: "was written by a newer version of verbatim: use that",
            }[found]
            raise VerbatimError(Problem(connections.where, reason))
        revision = await connection.run_sync(revision_of)
        rows = {
            table.name: await _dump(connection, table, folder) for table in metadata.sorted_tables
        }
        return revision or "", rows


async def _dump(connection: AsyncConnection, table: Table, folder: Path) -> int:
    """Write the names of the columns, then a line for each row."""
    file = folder / f"{table.name}{SUFFIX}"
    _append(file, [[column.name for column in table.columns]])
    number = 0
    async with connection.stream(select(table)) as found:
        async for rows in found.partitions(BATCH):
            _append(file, [[_encode(value) for value in row] for row in rows])
            number += len(rows)
    return number


def _append(file: Path, rows: list[list[Any]]) -> None:
    """Add a line for each row.

    Raises:
        VerbatimError: the file cannot be written, which is not the database's fault.

    """
    try:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise VerbatimError(Problem(str(file), file_errors.why_unwritable(error))) from error


async def load(url: str, folder: Path, revision: str, *, replace: bool = False) -> dict[str, int]:
    """Fill a database from files that `dump` wrote at `revision`, and bring it to the newest schema.

    `replace`: delete what the database holds of ours. All of it happens, or nothing.

    Raises:
        VerbatimError: the revision is a newer version's, or the database cannot be written; or it cannot
            be told which of its tables are ours.

    """
    async with _connections(url) as connections:
        if not is_known(revision):
            reason = "the backup is from a newer version of verbatim: install that"
            raise VerbatimError(Problem(f"schema {revision}", reason))
        await connections.prepare()
        async with connections.writing() as connection:
            if replace:
                await connection.run_sync(_drop_own_tables, connections.where)
            return await connection.run_sync(_load, folder, revision)


async def is_empty(url: str) -> bool:
    """Whether the database has no row in any table.

    Raises:
        VerbatimError: it cannot be read.

    """
    async with _connections(url) as connections, connections.reading() as connection:
        return await connection.run_sync(_is_empty)


def _is_empty(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    return not any(connection.execute(select(table).limit(1)).first() for table in tables)


def _load(connection: Connection, folder: Path, revision: str) -> dict[str, int]:
    upgrade(connection, revision)
    files = {file.stem: file for file in folder.glob(f"*{SUFFIX}")}
    loaded = {
        table.name: _load_table(connection, table, files[table.name])
        for table in _tables_of(connection, files)
    }
    upgrade(connection)
    return loaded


def _drop_own_tables(connection: Connection, where: str) -> None:
    """Drop our tables, including the one with the schema's revision. Those of other programs stay.

    Raises:
        VerbatimError: the schema is not one that we know, so that any of the tables may be another's.

    """
    there = set(inspect(connection).get_table_names())
    own = there & {*metadata.tables, REVISIONS}
    revision = revision_of(connection)
    unsure = own if revision is None else there - own if not is_known(revision) else set[str]()
    if unsure:
        names = ", ".join(sorted(unsure)[:5])
        reason = f"has tables that may be another program's ({names}): restore into a database of its own"
        raise VerbatimError(Problem(where, reason))
    found = MetaData()
    found.reflect(connection, only=sorted(own))
    found.drop_all(connection)


def _tables_of(connection: Connection, names: Container[str]) -> list[Table]:
    """Those of the tables that are there, those that others refer to first, with our types where known."""
    found = MetaData()
    for name in filter(names.__contains__, inspect(connection).get_table_names()):
        known = metadata.tables.get(name)
        there = {column["name"] for column in inspect(connection).get_columns(name)}
        columns = (
            []
            if known is None
            else [
                Column(column.name, column.type, primary_key=column.primary_key)
                for column in known.columns
                if column.name in there
            ]
        )
        Table(name, found, *columns, autoload_with=connection)
    return found.sorted_tables


def _load_table(connection: Connection, table: Table, file: Path) -> int:
    number = 0
    with file.open(encoding="utf-8") as lines:
        names = json.loads(next(lines, "[]"))
        kinds = [_python_type(table.columns[name]) for name in names]
        rows = (
            {
                name: _decode(value, kind)
                for name, kind, value in zip(names, kinds, json.loads(line), strict=True)
            }
            for line in lines
        )
        while batch := list(islice(rows, BATCH)):
            connection.execute(insert(table), batch)
            number += len(batch)
    if connection.dialect.name == "postgresql":
        _continue_numbering(connection, table)
    return number


def _continue_numbering(connection: Connection, table: Table) -> None:
    """Let the ids that PostgreSQL gives start after those that were inserted."""
    for column in table.primary_key.columns:
        named = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.execute(named, {"table": table.name, "column": column.name}).scalar()
        if isinstance(column.type, Integer) and sequence:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))


def _python_type(column: Column[Any]) -> type[Any]:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _encode(value: Any) -> Any:
    if isinstance(value, date):  # datetime is one
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _decode(value: Any, kind: type[Any]) -> Any:
    if value is not None and issubclass(kind, date):
        return kind.fromisoformat(value)
    return base64.b64decode(value) if value is not None and kind is bytes else value
