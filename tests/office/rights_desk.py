"""A small town where much goes wrong, with policies of rights and protection in one district."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import LIVELY, SEED, START, world_of
from vsim.run.measures import all_tables
from vsim.run.run import Run, simulate
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.city import city_of

BEGIN, WHERE, WEEKS = 8, "D01", 40
ROUGH = {"service.breach": 0.05, "service.incident_rate": 10.0, "service.risk_middle": 20.0, "service.risk_high": 100.0}

Policies = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


@cache
def _run(policies: Policies) -> Run:
    used = [Policy(lever=name, start_week=BEGIN, districts=[WHERE], values=dict(values)) for name, values in policies]
    scenario = Scenario(name="rights", world=world_of(1000, 2, 0.5), start=START, weeks=WEEKS, warmup_weeks=6,
                        parameters={**LIVELY, **ROUGH}, policies=used)
    return simulate(scenario, SEED, city=city_of(scenario.world, scenario.warmup_weeks, scenario.values))


@cache
def _tables(policies: Policies) -> dict[str, pd.DataFrame]:
    return all_tables(_run(policies))


def given(**levers: dict[str, float]) -> Policies:
    return tuple(sorted((name, tuple(sorted(values.items()))) for name, values in levers.items()))


def run_of(**levers: dict[str, float]) -> Run:
    """Return the run of 40 weeks of two districts, levers in force in the first from week 8 on."""
    return _run(given(**levers))


def written(**levers: dict[str, float]) -> dict[str, pd.DataFrame]:
    """Return all tables of that run; they must not be changed."""
    return _tables(given(**levers))


def ours(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["district"] == WHERE) & (table["week"] >= BEGIN)]


def fen(tables: dict[str, pd.DataFrame], line: str) -> int:
    """Return what was paid under a line of money, in fen."""
    money = tables["money"]
    return int(money.loc[money["line"] == line, "fen"].sum())
