"""Experiments in silico: effects by hand, the solver, and trials that answer nothing to nothing and more to more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.levers import Edit
from vsim.run.experiments import KINDS, Curve, Result, around, depends_on, run_experiments, set_base, trial, write_proof
from vsim.run.trials.bench import by_week, mate
from vsim.run.trials.ladders import steered
from vsim.run.trials.measures import effect_of, logit_slope, shortening
from vsim.run.trials.solve import bracket, meet
from vsim.spec.experiments import Experiment, load_experiments

SMALL = {                                         # enough to see a sign, little enough for a test
    "G14": {"residents": 3000, "replicates": 2}, "G25": {"residents": 6000, "replicates": 2},
    "G9": {"residents": 1500, "replicates": 2}, "G2": {"residents": 2000, "replicates": 2},
    "G35": {"residents": 1500, "replicates": 2},
}


def small(name: str, **changes: Any) -> Experiment:
    return replace(load_experiments()[name], **{**SMALL[name], **changes})


def paths(*people: str) -> np.ndarray:
    """Return who served in which week from lines such as "x.x"."""
    return np.array([[week == "x" for week in line] for line in people])


@pytest.mark.parametrize(("unit", "value"), [
    ("pp", 5.6), ("share", 0.056), ("relative", 0.1217), ("logit", 0.2242), ("odds ratio", 1.2513),
])
def test_the_lottery_ticket_by_hand(unit: str, value: float) -> None:
    """46.0 to 51.6 %: the odds go from 0.8519 to 1.0661."""
    found = effect_of(unit, np.array([0.46, 0.46]), np.array([0.516, 0.516]))
    assert found == pytest.approx([value, value], abs=5e-4)


@pytest.mark.parametrize("unit", ["pp", "share", "relative", "logit"])
def test_equal_arms_have_no_effect(unit: str) -> None:
    assert effect_of(unit, np.array([0.1, 0.9]), np.array([0.1, 0.9])).tolist() == [0, 0]
    assert effect_of("odds ratio", np.array([0.3]), np.array([0.3])) == pytest.approx([1.0])


def test_gaps_are_counted_over_those_who_fill_the_card() -> None:
    """Three stamps, two gaps: first gaps 3 and 4, last gaps 1 and 2; the third person has two stamps only."""
    served = paths("x..xx...", "x...x.x.", "x......x")
    assert shortening(served, 2) == pytest.approx(1 - 1.5 / 3.5)
    assert np.isnan(shortening(paths("x.."), 2))
    assert shortening(paths("x.x.x", "xxx.."), 2) == 0


def test_the_steered_are_those_who_left_the_path_of_their_twin_before_the_card_was_full() -> None:
    twin = paths("x.x.x", "x.x.x", "x.x..", "x....")
    path = paths("x.xx.", "x.x.x", "x.x.x", "x....")         # other before, the same, at the last stamp, short
    assert steered(twin, path, 3) == pytest.approx(2 / 3)
    assert steered(twin, twin, 3) == 0
    assert steered(paths("x.x.."), paths("x.xx."), 2) == 0   # what comes after it was full does not count
    assert np.isnan(steered(twin, path, 6))


def test_a_logit_slope_between_two_places_is_the_difference_of_their_log_odds() -> None:
    dose = np.repeat([0.0, 2.0], 100)
    outcome = np.concatenate((np.arange(100) < 60, np.arange(100) < 40))
    assert logit_slope(outcome, dose) == pytest.approx(np.log(4 / 9) / 2)


@pytest.mark.parametrize("curve", [lambda x: x**3, lambda x: -(x**3), lambda x: round(x**3, 2), np.tanh])
def test_a_curve_is_met_where_it_has_the_value(curve: Callable[[float], float]) -> None:
    value = float(curve(0.7))
    found = meet(curve, value, 0.0, 2.0, close=1e-3, step=1e-6)
    assert found.met
    assert found.y == pytest.approx(value, abs=1e-3)
    assert found.x == pytest.approx(0.7, abs=0.01)


def test_a_value_that_is_not_reached_gives_the_nearest_end_and_says_so() -> None:
    above = meet(lambda x: x, 5.0, 0.0, 2.0, close=1e-3, step=1e-3)
    below = meet(lambda x: x, -5.0, 0.0, 2.0, close=1e-3, step=1e-3)
    assert (above.x, above.y, above.met) == (2.0, 2.0, False)
    assert (below.x, below.y, below.met) == (0.0, 0.0, False)


@pytest.mark.parametrize("slope", [1.0, -1.0])
@pytest.mark.parametrize("value", [-7.5, -0.2, 0.0, 0.3, 6.9])
@pytest.mark.parametrize("start", [-3.0, 0.0, 8.0])
def test_strides_find_two_ends_with_the_value_between_them(slope: float, value: float, start: float) -> None:
    low, high = bracket(lambda x: slope * x, value, start, -8.0, 8.0)
    assert low < high
    assert min(slope * low, slope * high) <= value <= max(slope * low, slope * high)


def test_points_already_tried_narrow_a_search() -> None:
    assert around({0.0: 0.0, 1.0: 4.0, 2.0: 9.0}, 5.0, (0.0, 2.0)) == (1.0, 2.0)
    assert around({0.0: 0.0, 1.0: 4.0}, 5.0, (0.0, 2.0)) == (0.0, 2.0)


def test_an_edit_of_a_lever_becomes_a_column_with_a_number_for_each_week() -> None:
    found = by_week([Edit("points_logit", 7), Edit("honour", (3, 2)), Edit("expire", 1, only=(1, 9))], 4)
    assert {name: np.asarray(column).tolist() for name, column in found.items()} == {
        "points_logit": [7, 7, 7, 7], "honour": [3, 2, 0, 0], "expire": [0, 1, 0, 0],
    }


def test_everybody_in_a_pair_is_the_mate_of_the_mate() -> None:
    other = mate(trial(small("G2", residents=101), 1).unit(0.0))
    assert (other[other] == np.arange(other.size)).all()
    assert (other[:4].tolist(), int((other == np.arange(other.size)).sum())) == ([1, 0, 3, 2], other.size % 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_a_coefficient_of_zero_does_nothing_and_a_larger_one_does_more(name: str) -> None:
    row = small(name)
    curve = Curve(row, 3)
    low, high = 0.25 * row.search[1], 0.75 * row.search[1]
    found = [curve.measured(x) for x in (0.0, low, high)]
    rising = np.sign(row.effect)
    assert rising * found[0][0] < rising * found[1][0] < rising * found[2][0]
    if name == "G9":                                          # an award keeps as well, by a card of its own
        assert abs(found[0][0]) < 0.02
    elif name == "G35":                                       # distance keeps some from showing up, by another card
        assert abs(found[0][0]) < 0.1
    else:
        assert abs(found[0][0]) <= 3 * found[0][1] + 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("name", ["G14", "G25"])
def test_the_control_arm_has_the_published_base_rate(name: str) -> None:
    made = trial(small(name), 3)
    assert made.base(set_base(made, 0.0), 0.0) == pytest.approx(made.bench.row.base, abs=0.002)


def test_a_base_rate_that_cannot_be_met_is_said_in_one_line() -> None:
    row = small("G14", residents=400, replicates=1, base=0.9999)
    with pytest.raises(UsageError, match=r"G14: base is 0\.9999; taste from -8 to 8 does not reach it"):
        set_base(trial(row, 1), 0.0)


def test_an_unknown_kind_or_treatment_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UsageError, match="trial is 'lottery'; allowed rates"):
        trial(small("G14", trial="lottery"), 1)
    made = trial(small("G14", residents=400, replicates=1, arm={"treatment": "magic", "outcome": "willing"}), 1)
    with pytest.raises(UsageError, match="treatment is 'magic'; allowed points"):
        made.rates(1.0, 0.0)


def test_every_kind_of_trial_is_used_by_an_experiment() -> None:
    assert {row.trial for row in load_experiments().values()} == set(KINDS)


def test_results_are_written_beside_those_of_other_experiments_in_the_order_of_the_file(tmp_path: Path) -> None:
    result = Result("G14", "points.pull", 0.27, 0.2, 0.3, (True, True, True), 0.01, True, 0.22, True, 0.46, 5.6, 0.1,
                    True, 4.6, 0.1, True, -0.7, "0.2", "x")
    write_proof([result], tmp_path)
    path = write_proof([replace(result, id="G2"), replace(result, id="gone")], tmp_path)
    assert list(json.loads(path.read_text(encoding="utf-8"))) == ["G2", "G14"]


def test_what_a_result_depends_on_changes_with_its_row() -> None:
    row = load_experiments()["G14"]
    assert depends_on(row) == depends_on(replace(row))
    assert depends_on(replace(row, residents=7)) != depends_on(row)
    assert depends_on(replace(row, parameters={})) != depends_on(row)
    assert depends_on(replace(row, note="in other words")) == depends_on(row)


def test_nothing_named_runs_nothing() -> None:
    assert run_experiments([]) == []
