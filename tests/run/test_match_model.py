"""The simulator as a function: its values are those of a run, twin worlds are those of a study, nothing runs twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.small import scenarios, town_run
from vsim.evaluate.indicators import BY_KEY
from vsim.run.compare import compare
from vsim.run.match_model import UNITS, Model, outputs, units
from vsim.run.moments import MOMENTS
from vsim.run.run import simulate
from vsim.run.store import Store

NAMES = ("hours_per_registered", "hours_per_record", "gini_participations", "registered")
POINTS = [{"service.hours_mean": 2.0}, {"service.hours_mean": 4.0}]


def test_every_moment_has_a_unit_and_one_name_is_a_moment_and_an_indicator_of_the_same() -> None:
    assert set(UNITS) == MOMENTS
    assert set(UNITS) & set(BY_KEY) == {"active_share_year"}       # a record in 52 weeks, over those registered
    assert set(units()) == MOMENTS | set(BY_KEY)
    assert all(units().values())


def test_outputs_are_those_of_the_run_in_the_order_asked() -> None:
    run = town_run()
    found = outputs(run, NAMES)
    weekly = run.weekly("all")
    assert found[3] == pytest.approx(weekly["registered"].mean())
    assert found[0] == pytest.approx(weekly["hours"].sum() / 4 * 52 / len(weekly) / weekly["registered"].mean())
    assert outputs(run, NAMES[::-1]) == pytest.approx(found[::-1])


def test_settings_meet_the_same_lucks_and_what_is_kept_is_not_run_again(tmp_path: Path) -> None:
    base = scenarios()[0]
    first = Model(base, NAMES, seed=5, store=Store(tmp_path / "runs"), threads=2)
    found = first(POINTS, [(0, 1)] * 2)
    assert (found.shape, first.runs) == ((2, 2, 4), 4)
    assert found[1, :, 1].mean() > found[0, :, 1].mean() + 1
    run = simulate(base.with_values(POINTS[1]), 5, replicate=1, engine="oracle")
    assert found[1, 1].tolist() == outputs(run, NAMES).tolist()
    again = Model(base, NAMES, seed=5, store=Store(tmp_path / "runs"))
    steps: list[tuple[int, int]] = []
    assert (again(POINTS[::-1], [(1, 0)] * 2, lambda *step: steps.append(step)) == found[::-1, ::-1]).all()
    assert (again.runs, steps) == (0, [(1, 2), (2, 2)])
    assert (Model(base, NAMES, seed=6)(POINTS[:1], [(0,)]) != found[0, 0]).any()


def test_with_a_pilot_it_is_the_difference_of_twin_worlds() -> None:
    base, pilot = scenarios()
    keys = ("hours_per_registered", "trained")
    study = compare(base, pilot, replicates=2, seed=9)
    pairs = np.stack([study.draws(key, weeks=range(base.weeks)) for key in keys], axis=-1)
    assert Model(base, keys, seed=9, pilot=pilot)([{}], [(0, 1)])[0] == pytest.approx(pairs[1] - pairs[0])
