"""Every table of an office is as its dictionary says, under every lever at once and under none."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import run_of, scenario_of
from vsim.run.measures import all_tables
from vsim.run.offices import OFFICES, paperwork
from vsim.run.record import registers
from vsim.spec.tables import Table, load_office_tables, load_tables

TABLES = load_office_tables()
WORLDS = ("plain", "everything", "otherwise")
TYPES = {"integer": "iu", "number": "iuf", "boolean": "b"}


@cache
def written(world: str) -> dict[str, pd.DataFrame]:
    return paperwork(run_of(world))


@pytest.mark.parametrize("world", WORLDS)
def test_every_dictionary_has_its_table_and_no_table_of_an_agency_bears_a_truth(world: str) -> None:
    assert set(written(world)) == set(TABLES)
    assert not set(TABLES) & set(load_tables())
    for name, frame in written(world).items():
        assert list(frame.columns) == list(TABLES[name].names), name
        assert not [column for column in frame if str(column).startswith("true_")], name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_under_every_lever_a_table_has_rows_that_keep_to_its_dictionary(name: str) -> None:
    assert any(len(written(world)[name]) for world in WORLDS[1:])
    for world in WORLDS:
        keeps(written(world)[name], TABLES[name])


def keeps(frame: pd.DataFrame, table: Table) -> None:
    """Check that rows keep to their dictionary."""
    assert not frame.duplicated(list(table.primary_key)).any(), table.primary_key
    for column in table.columns:
        cells = frame[column.name].dropna()
        assert len(cells) == len(frame) or not column.required, column.name
        if column.enum:
            assert set(cells) <= set(column.enum), column.name
        if column.type in TYPES and len(cells):
            kinds = {np.asarray(cell).dtype.kind for cell in cells.to_list()[:50]}
            assert kinds <= set(TYPES[column.type]), (column.name, kinds)
        if column.minimum is not None and len(cells):
            assert cells.min() >= column.minimum, column.name
        if column.maximum is not None and len(cells):
            assert cells.max() <= column.maximum, column.name


@pytest.mark.parametrize("world", WORLDS)
def test_keys_lead_to_rows_of_the_registers(world: str) -> None:
    known = {**registers(run_of(world)), **written(world)}
    for name, table in TABLES.items():
        for column in table.columns:
            if column.foreign_key:
                other, key = column.foreign_key.split(".")
                missing = set(written(world)[name][column.name].dropna()) - set(known[other][key])
                assert not missing, (name, column.name, sorted(missing)[:3])


@pytest.mark.parametrize("world", WORLDS)
def test_money_is_whole_and_says_who_pays_whom(world: str) -> None:
    money = all_tables(run_of(world))["money"]
    assert money["fen"].dtype.kind == "i"
    assert (money["fen"] > 0).all()
    assert (money["payer"] != money["payee"]).all()
    assert set(money["district"]) <= set(scenario_of(world).world.codes)
    assert money["week"].between(0, scenario_of(world).weeks - 1).all()


@pytest.mark.parametrize("world", WORLDS)
def test_what_offices_write_lies_in_the_run(world: str) -> None:
    weeks = scenario_of(world).weeks
    for name, frame in all_tables(run_of(world)).items():
        if name in TABLES and "week" in frame:
            assert frame["week"].between(0, weeks - 1).all(), name


def test_offices_work_in_an_order_and_none_twice() -> None:
    names = [name for name, _ in OFFICES]
    assert len(set(names)) == len(names)
