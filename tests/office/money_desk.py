"""A small town with organisations registered by law, a policy of money in one district, and what offices write."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import LIVELY, SEED, START, world_of
from vsim.run.measures import all_tables
from vsim.run.offices import paperwork
from vsim.run.run import Run, simulate
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.city import city_of

BEGIN, WEEKS, WHERE = 8, 60, "D01"
LAWFUL = {"organisations.per_thousand": 15.0, "organisations.form_association": 0.1,
          "organisations.form_institution": 0.1}


@cache
def run_of(lever: str = "", more: tuple[tuple[str, float], ...] = (), both: bool = False, **values: float) -> Run:
    """Return 60 weeks of two districts; the lever is in force in the first (or both) from week 8 on."""
    where = None if both else [WHERE]
    policies = [Policy(lever=lever, start_week=BEGIN, districts=where, values=values)] if lever else []
    scenario = Scenario(name="money", world=world_of(1600, 2, 0.5), start=START, weeks=WEEKS, warmup_weeks=6,
                        parameters={**LIVELY, **LAWFUL, **dict(more)}, policies=policies)
    return simulate(scenario, SEED, city=city_of(scenario.world, scenario.warmup_weeks, scenario.values))


@cache
def written(
    lever: str = "", more: tuple[tuple[str, float], ...] = (), both: bool = False, **values: float
) -> dict[str, pd.DataFrame]:
    """Return all tables of that run."""
    return all_tables(run_of(lever, more, both, **values))


def sound(table: str, lever: str = "", more: tuple[tuple[str, float], ...] = (), **values: float) -> pd.DataFrame:
    """Return a table as an agency has it, after a look at its keys and codes."""
    from vsim.spec.tables import load_office_tables

    frame = paperwork(run_of(lever, more, **values))[table]
    dictionary = load_office_tables()[table]
    assert list(frame) == list(dictionary.names)
    assert not frame.duplicated(list(dictionary.primary_key)).any()
    for column in dictionary.columns:
        if column.enum:
            assert set(frame[column.name].dropna()) <= set(column.enum)
        if column.required:
            assert frame[column.name].notna().all(), column.name
    return frame


def paid(tables: dict[str, pd.DataFrame], line: str) -> int:
    """Return the fen of a line of money."""
    money = tables["money"]
    return int(money.loc[money["line"] == line, "fen"].sum())
