"""Tables of a folder: CSV or Parquet of a run, a data set or an agency, read when an indicator asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.errors import DataError, UsageError, listing
from vsim.evaluate.kpi.nation import is_nation, nation_tables

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".csv.gz", ".parquet")
PLACES = ("", "data", "truth/data")


class Folder(Mapping[str, "pd.DataFrame"]):
    """The tables of a folder by name; each file is read once, on first use."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.files = found(where)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.files:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = read(self.files[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def found(where: Path) -> dict[str, Path]:
    """Return the files of tables in a folder, its `data` and its `truth/data`, by the name of the table."""
    files: dict[str, Path] = {}
    for place in PLACES:
        for path in sorted((where / place).glob("*")):
            suffix = next((end for end in SUFFIXES if path.name.endswith(end)), None)
            if suffix is not None and path.is_file():
                files.setdefault(path.name.removesuffix(suffix), path)
    return files


def read(path: Path) -> pd.DataFrame:
    """Return one table.

    Raises
    ------
    DataError
        When the file is no such table.
    """
    import pandas as pd

    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, low_memory=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path}: cannot be read as a table ({reason}). Give CSV in UTF-8, or Parquet.") from None


def tables_of(folder: str | Path) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a folder by name: of registers, of a data set, or of a large run as registers have them.

    Raises
    ------
    UsageError
        When there is no such folder, or no table in it.
    """
    where = Path(folder)
    if not where.is_dir():
        raise UsageError(f"{folder}: is no folder; allowed one with tables as CSV or Parquet.")
    if is_nation(where):
        return nation_tables(where)
    some = Folder(where)
    if not some:
        raise UsageError(f"{folder}: holds no table; allowed files such as service_records.csv, there or in "
                         f"{listing([place for place in PLACES if place])}.")
    return some
