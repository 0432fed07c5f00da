"""Files of a large run: Parquet that pandas, Polars and DuckDB read, and what every column means beside it.

Numbers that rise are stored as differences (DELTA_BINARY_PACKED), other whole numbers byte by byte (BYTE_STREAM_SPLIT),
so that bytes that hardly vary cost nothing; zstd then spends on each what it tells. Texts are dictionaries.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from inspect import signature
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import PACKAGE, read_yaml
from vsim.spec.tables import Table as Dictionary
from vsim.spec.tables import read_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

GROUP, PAGE, AT_ONCE = 1 << 20, 1 << 17, 1 << 14       # rows of a row group, of a page, and of one step of the writer
KEYS = frozenset({"service", "district", "week", "volunteer"})         # whose least and most a row group tells
LEVEL = 1                     # of zstd
DELTA = frozenset({"service", "volunteer", "source", "household"})      # they rise: stored as differences
MEANING = "tables.json"


@cache
def dictionaries() -> Mapping[str, Dictionary]:
    """Return what each table of a large run holds, by name, from `vsim/tables/nation`."""
    documents = [read_yaml(path) for path in sorted((PACKAGE / "tables" / "nation").glob("*.yaml"))]
    return MappingProxyType({document.path.stem: read_table(document) for document in documents})


def meaning() -> str:
    """Return the dictionaries as JSON, which a run leaves beside its tables."""
    return json.dumps({
        table.name: {
            "title": table.title, "description": table.description, "primary_key": list(table.primary_key),
            "columns": {
                column.name: {"description": column.description, "type": column.type}
                | ({"unit": column.unit} if column.unit else {})
                | ({"foreign_key": column.foreign_key} if column.foreign_key else {})
                for column in table.columns
            },
        } for table in dictionaries().values()
    }, indent=2) + "\n"


def arrow_table(parts: Sequence[Mapping[str, Any] | pa.Table]) -> pa.Table:
    """Return the rows of several districts one below the other, in their order; no column of numbers is copied.

    A part is a table of Arrow, or columns by name: arrays of NumPy, or of Arrow where they are texts.
    """
    import pyarrow as pa

    return pa.concat_tables([part if isinstance(part, pa.Table) else _table(part) for part in parts])


def _table(part: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa

    columns = [pa.array(column) if isinstance(column, np.ndarray) else column for column in part.values()]
    fields = [pa.field(name, column.type, nullable=False) for name, column in zip(part, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def write_table(table: pa.Table, path: Path) -> int:
    """Write one table as Parquet, whole or not at all; return its size in bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = table.unify_dictionaries()
    texts = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    delta = [name for name in table.column_names if name in DELTA]
    others = [field.name for field in table.schema if field.name not in (*delta, *texts)
              and not pa.types.is_boolean(field.type)]
    rows_a_page = "max_rows_per_page" in signature(pq.write_table).parameters       # earlier ones had no such limit
    more: dict[str, Any] = {"max_rows_per_page": PAGE} if rows_a_page else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    pq.write_table(
        table, temporary, compression="zstd", compression_level=LEVEL, row_group_size=GROUP, use_dictionary=texts,
        column_encoding={**dict.fromkeys(delta, "DELTA_BINARY_PACKED"), **dict.fromkeys(others, "BYTE_STREAM_SPLIT")},
        store_schema=bool(texts), write_statistics=[name for name in table.column_names if name in KEYS],
        write_batch_size=AT_ONCE, data_page_size=8 * PAGE, **more,
    )
    size = temporary.stat().st_size
    os.replace(temporary, path)
    return size


def read(folder: Path | str, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table of a large run as pandas, with plain columns.

    Parameters
    ----------
    folder : path
        That of `vsim run nation --out`.
    table : str
        `weekly`, `services`, `records`, `volunteers`, ...
    columns : sequence of str, optional
        Only these.

    Raises
    ------
    UsageError
        When the folder has no such table.
    """
    import pyarrow.parquet as pq

    where = Path(folder)
    there = sorted(path.parent.name for path in where.glob("*/batch-0000.parquet"))
    if table not in there:
        raise UsageError(f"nation: {folder} has no table '{table}'; allowed {listing(there, 20) or 'none'}."
                         f"{did_you_mean(table, there)}")
    return pq.read_table(where / table, columns=None if columns is None else list(columns)).to_pandas()
