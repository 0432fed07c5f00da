"""A small town with the policies of organisations in one district, and the tables that their offices write."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import LIVELY, SEED, START, world_of
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.city import city_of

BEGIN, WHERE = 8, "D01"


@cache
def written(lever: str = "", **values: float) -> dict[str, pd.DataFrame]:
    """Return all tables of 40 weeks of two districts, one lever in force in the first from week 8 on."""
    policies = [Policy(lever=lever, start_week=BEGIN, districts=[WHERE], values=values)] if lever else []
    scenario = Scenario(name="offices", world=world_of(1000, 2, 0.5), start=START, weeks=40, warmup_weeks=6,
                        parameters={**LIVELY, "service.breach": 0.05}, policies=policies)
    city = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    return all_tables(simulate(scenario, SEED, city=city))


def ours(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["district"] == WHERE) & (table["week"] >= BEGIN)]
