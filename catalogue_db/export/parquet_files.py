"""A view as Parquet, with true types: days, moments, booleans and lists are what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from catalogue_db.candidate import CatalogueError
from catalogue_db.contract import VERSION, ColumnType, View, ViewColumn

_TYPES: dict[ColumnType, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.field("element", pa.string())),  # the name Parquet gives it
    "json": pa.string(),
}
_list = msgspec.json.Decoder(list[str])


def schema_of(view: View) -> Any:
    """The Arrow schema of a view, with what its columns mean as metadata."""
    fields = [
        pa.field(column.name, _TYPES[column.type], column.nullable, metadata={"meaning": column.meaning})
        for column in view.columns
    ]
    return pa.schema(fields, metadata={"view": view.name, "meaning": view.meaning, "contract": VERSION})


def write_parquet(path: Path, view: View, batches: Iterable[Sequence[Sequence[Any]]]) -> dict[str, int]:
    """Write the rows of a view, a row group per batch.

    Returns, by column, how many values are not of its type (a text that is no date); they are left empty. Raises
    `CatalogueError` where such a column must not be empty.
    """
    schema = schema_of(view)
    unreadable: Counter[str] = Counter()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            columns = zip(view.columns, zip(*batch, strict=True), strict=True)
            arrays = [_array(view, column, values, unreadable) for column, values in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return dict(unreadable)


def _array(view: View, column: ViewColumn, values: Sequence[Any], unreadable: Counter[str]) -> Any:
    read = _READERS.get(column.type)
    if read is None:
        return pa.array(values, _TYPES[column.type])
    understood: list[Any] = []
    for value in values:
        try:
            understood.append(None if value is None else read(value))
        except (ValueError, msgspec.MsgspecError) as error:
            if not column.nullable:
                raise CatalogueError(
                    f"{view.name}.{column.name} has {value!r}, which is no {column.type}. Export as CSV, which shows "
                    "it as it stands, and mend it at its source."
                ) from error
            unreadable[column.name] += 1
            understood.append(None)
    return pa.array(understood, _TYPES[column.type])


_READERS: dict[ColumnType, Any] = {
    "boolean": bool,
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "list": _list.decode,
}
