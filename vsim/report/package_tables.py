"""All dictionaries that a data set may follow: registers and their truth, offices, studies and platforms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from vsim.observe.platform_tables import native_tables
from vsim.spec.tables import Table, load_office_tables, load_platform_tables, load_study_tables, load_tables


@cache
def package_tables() -> Mapping[str, Table]:
    """Return every dictionary by name, the registers first; a name stands in one of the lists only."""
    lists = load_tables(), load_study_tables(), load_office_tables(), native_tables(), load_platform_tables()
    found: dict[str, Table] = {}
    for some in lists:
        twice = sorted(set(found) & set(some))
        if twice:
            raise ValueError(f"table {twice[0]} has two dictionaries")
        found |= some
    return MappingProxyType(found)


def truth_columns() -> set[str]:
    """Return the columns that no agency sees: truth in a dictionary, and in no register that is seen."""
    hidden = {column.name for table in package_tables().values() for column in table.columns if column.truth}
    return hidden - {column.name for table in load_tables().values() for column in table.columns if not column.truth}


def leaks(table: Table | None, names: list[str]) -> list[str]:
    """Return the columns of a table that are truth elsewhere and are not its own by its dictionary."""
    own = set(table.names) if table is not None and not table.truth else set()
    return sorted((truth_columns() - own).intersection(names))
