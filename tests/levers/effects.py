"""What each lever's file says that it moves, it moves: on against off, clause by clause, with the sign; and no more.

Two arms of one town: the lever in one of two districts from week 8 on, at the values that its file names. Nothing may
move before the start (or the announcement), nothing in the other district, and a lever without a channel to people may
change no attendance at all.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import LIVELY, SEED, START, world_of
from vsim.run.measures import all_tables, measure
from vsim.run.run import Run, simulate
from vsim.spec.lever_files import Effect, load_levers
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit, city_of

BEGIN, WEEKS, WHERE = 8, 60, "D01"
RESIDENTS = 1600
PEOPLE = ("joined", "left", "willing", "attended", "hours", "serving")       # what people truly do
BEHAVIOUR = frozenset({
    "participation", "registration", "exit", "show_up", "awareness", "demand", "discovery", "eligibility", "training",
    "experience", "matching", "stations", "organisations", "trust", "seats", "requirements", "time_credits", "teams",
    "asks by contacts", "recording_feedback",
})
HALVES = sorted(load_levers())[::2], sorted(load_levers())[1::2]             # two files of tests share the work


def cases(half: int) -> list[Any]:
    """Return the effects of one half of the levers, each a case."""
    return [
        pytest.param(name, effect, id=f"{name}-{effect.clause}-{effect.measure}")
        for name in HALVES[half] for effect in load_levers()[name].effects
    ]


def town_of(parameters: tuple[tuple[str, float], ...], policies: tuple[Policy, ...] = ()) -> Scenario:
    return Scenario(
        name="effects", world=world_of(RESIDENTS, 2, 0.5), start=START, weeks=WEEKS, warmup_weeks=6,
        parameters={**LIVELY, **dict(parameters)}, policies=list(policies),
    )


@cache
def city(parameters: tuple[tuple[str, float], ...]) -> list[Unit]:
    scenario = town_of(parameters)
    return city_of(scenario.world, scenario.warmup_weeks, scenario.values)


def tables(run: Run) -> dict[str, pd.DataFrame]:
    return all_tables(run)


@cache
def without(parameters: tuple[tuple[str, float], ...]) -> dict[str, pd.DataFrame]:
    return tables(simulate(town_of(parameters), SEED, city=city(parameters)))


@cache
def arms(name: str, policy: tuple[tuple[str, object], ...], parameters: tuple[tuple[str, float], ...]) -> tuple[
        dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in policy}
    used = Policy(lever=name, start_week=BEGIN, districts=[WHERE], values=values)
    return without(parameters), tables(simulate(town_of(parameters, (used,)), SEED, city=city(parameters)))


def both(name: str, effect: Effect) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    policy = tuple(sorted((key, tuple(value) if isinstance(value, list | tuple) else value)
                          for key, value in effect.policy.items()))
    return arms(name, policy, tuple(sorted(effect.parameters.items())))


def moves_what_its_file_says(name: str, effect: Effect) -> None:
    off, on = both(name, effect)
    weeks = range(BEGIN, WEEKS)
    before = measure(effect.measure, off, weeks=weeks, districts=[WHERE])
    after = measure(effect.measure, on, weeks=weeks, districts=[WHERE])
    before = 0.0 if np.isnan(before) else before
    assert after > before if effect.sign == "+" else after < before, (before, after)


def moves_nothing_before_the_start_nor_elsewhere(name: str, effect: Effect) -> None:
    off, on = both(name, effect)
    for table in sorted({*off, *on}):
        one, other = off.get(table), on.get(table)
        rows = one if one is not None else other
        if rows is None or "week" not in rows:
            continue
        if "district" in rows:
            elsewhere = (same(frame, frame["district"] != WHERE) for frame in (off[table], on[table]))
            equal(*elsewhere)
        equal(*(same(frame, frame["week"] < BEGIN) for frame in (off[table], on[table])))


def equal(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Check that two frames are equal: quickly where they are, in detail where they are not."""
    if not one.equals(other):
        pd.testing.assert_frame_equal(one, other)


def same(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Return the rows without columns that say what is true at the end of the run, or that number rows."""
    ends = ("task", "due", "balance", "filled", "true_staffed", "flags")
    loose = [c for c in frame if c.endswith("_no") or c in ends]
    return frame[rows].drop(columns=loose).reset_index(drop=True)


def changes_no_attendance_without_a_channel_to_people(name: str) -> None:
    lever = load_levers()[name]
    channels = set(lever.channels)
    assert lever.channels, "names no channel"
    for effect in lever.effects:
        off, on = both(name, effect)
        moved = any(not np.array_equal(off["weekly"][c], on["weekly"][c]) for c in PEOPLE)
        assert not moved or channels & BEHAVIOUR, f"moves people, but its channels are {sorted(channels)}"
