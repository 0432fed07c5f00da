"""What is handed to one learner: the notebook, its card, who it is for, and the tables of the learner's own city.

The truth is not among it, nor anything of another learner; tables are CSV files that any program opens.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import DataError, UsageError
from vsim.spec.tables import Table, load_office_tables, load_tables

if TYPE_CHECKING:
    import pandas as pd

MARK = b"\xef\xbb\xbf"  # spreadsheet programs on Windows read UTF-8 by it
STAMP = (2024, 4, 12, 0, 0, 0)  # the time of every member: the same bytes on every day


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV: UTF-8 with mark, LF, dates in ISO form, truth values in small letters."""
    shown = frame.copy()
    for name in shown.columns:
        if shown[name].dtype == bool:
            shown[name] = shown[name].map({True: "true", False: "false"})
    return MARK + shown.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode()


def check_tables(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse tables that a learner must not have: the truth, or columns that no dictionary knows.

    Raises
    ------
    DataError
        Naming the table and the column.
    """
    known = _agency_tables()
    for name, frame in tables.items():
        if name not in known or known[name].truth:
            raise DataError(
                f"handout: the table '{name}' is not for learners; allowed tables of vsim/tables without the truth."
            )
        columns = {column.name: column for column in known[name].columns}
        for column in frame.columns:
            if column not in columns or columns[column].truth:
                raise DataError(
                    f"handout: the column '{name}.{column}' is not for learners. Leave it out in checks.py."
                )


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a handout, each column of the type that its dictionary states.

    Raises
    ------
    UsageError
        When the folder is not there or holds no table.
    DataError
        When a table cannot be read.
    """
    import pandas as pd

    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise UsageError(
            f"{folder.name}/: holds no tables; allowed the CSV files of the handout. Unpack the whole handout and "
            "open the notebook from its folder."
        )
    found: dict[str, pd.DataFrame] = {}
    for path in paths:
        try:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            found[path.stem] = _typed(path.stem, frame)
        except (OSError, ValueError, KeyError) as error:
            raise DataError(
                f"{folder.name}/{path.name}: cannot be read ({error}). A spreadsheet program may have written over it. "
                "Take it from the handout again."
            ) from None
    return found


def _agency_tables() -> dict[str, Table]:
    """Return the dictionaries of what an agency has: registers, and what its offices write."""
    return {**load_tables(), **load_office_tables()}


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = {column.name: column.type for column in _agency_tables()[name].columns}
    typed: dict[str, Any] = {}
    for column in frame.columns:
        values, kind = frame[column], columns[column]
        if kind == "date":
            typed[column] = pd.to_datetime(values, format="%Y-%m-%d", errors="raise").astype("datetime64[s]")
        elif kind == "integer":
            typed[column] = values.astype("int64")
        elif kind == "number":
            typed[column] = values.astype("float64")
        elif kind == "boolean":
            typed[column] = values.map({"true": True, "false": False}).astype(bool)
        else:
            typed[column] = values
    return pd.DataFrame(typed)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of these members, the same bytes on every machine and day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            member.create_system = 3
            archive.writestr(member, content)
    return out.getvalue()


def unzipped(raw: bytes, names: Iterable[str] | None = None) -> dict[str, bytes]:
    """Return the members of a zip file that `zip_bytes` made: all of them in their order, or those that are named.

    Raises
    ------
    zipfile.BadZipFile
        When it is none.
    KeyError
        When it lacks one that is named.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in (archive.namelist() if names is None else names)}
